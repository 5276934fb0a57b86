"""Differences as they look: what two outputs have apart, before anything is known of its cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

Look: TypeAlias = Literal["same", "equivalent", "time", "identity", "order", "value"]
"""From the least to the most; "value" is what the look alone does not explain."""

LOOKS: Final[tuple[Look, ...]] = get_args(Look)

Part: TypeAlias = Literal["stdout", "stderr", "text", "table", "json", "image", "markup", "warning", "error", "missing"]
"""What is compared: a stream, the richest form that both of two displays have, or what only one side has."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One comparison: how it looks, how alike both are from 0 to 1, and in words what differs."""

    look: Look
    score: float = 1.0
    note: str = ""


SAME: Final = Finding(look="same")


def worst(looks: Iterable[Look]) -> Look:
    """Return the look that counts where there are several; "same" where there is none."""
    return max(looks, key=LOOKS.index, default="same")


def together(findings: Iterable[Finding]) -> Finding:
    """Return what several findings of one output are as one: the worst look, the mean score, the worst one's note."""
    found = list(findings)
    if not found:
        return SAME
    first = max(found, key=lambda each: LOOKS.index(each.look))
    return Finding(look=first.look, score=sum(each.score for each in found) / len(found), note=first.note)
