"""What one fault came to, and the table of all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, kw_only=True)
class Observation:
    """A fault at one moment of the phase ``when``: ``left`` and ``lost`` are what should not be so afterwards.

    ``said`` is what the person was told, ``unclear`` what is wrong with that.
    """

    fault: str
    when: str
    left: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    said: str = ""
    unclear: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is left, lost or unclear."""
        return not (self.left or self.lost or self.unclear)

    def __str__(self) -> str:
        verdict = "ok" if self.holds else f"left {self.left}, lost {self.lost}, unclear {self.unclear}"
        return f"{self.fault} | {self.when} | {verdict} | {self.said}"


def table(observations: Iterable[Observation], known: str = "") -> str:
    """Return a table of Markdown: a row for each fault, with the words of its last moment that had any.

    Rows of ``known``, an earlier table, stay where they are and are replaced where the fault is observed again.
    """
    rows = {row.split(" | ")[0]: row for row in [*known.splitlines(), *_rows(observations)] if row}
    return "\n".join(rows.values())


def _rows(observations: Iterable[Observation]) -> list[str]:
    rows = [
        "| fault | when | moments | left | lost | what is said, as an example |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for fault, group in groupby(observations, key=lambda each: each.fault):
        ones = list(group)
        said = next((each.said for each in reversed(ones) if each.said), "–")
        left, lost = sum(bool(each.left) for each in ones), sum(bool(each.lost) for each in ones)
        rows.append(f"| {fault} | {_when(ones)} | {len(ones)} | {left} | {lost} | {_cell(said)} |")
    return rows


def _when(ones: Sequence[Observation]) -> str:
    counts = {when: sum(each.when == when for each in ones) for when in dict.fromkeys(each.when for each in ones)}
    return ", ".join(f"{when} {count}" if len(ones) > 1 else when for when, count in counts.items())


def _cell(text: str) -> str:
    """Return the text without the names of this run's folders, as a cell of a table."""
    text = re.sub(r"/tmp/(?:faults|spare)-\w+(?:/home)?", "~", text)
    return " ".join(text.replace("|", "\\|").split())
