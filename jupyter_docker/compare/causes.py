"""Causes: what explains a difference, from the runs that were made, what made each, and what the code calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jupyter_docker.compare.findings import Look
from jupyter_docker.compare.hints import Hint
from jupyter_docker.compare.outputs import Difference
from jupyter_docker.compare.provenance import Provenance
from jupyter_docker.compare.report import CLASSES, CellClass

_BY_LOOK: Final[dict[Look, CellClass]] = {
    "same": "same", "equivalent": "equivalent", "time": "time", "identity": "identity", "order": "order",
}  # fmt: skip
_UNSTAMPED = "the saved outputs do not say what made them"
_MAX_NAMED = 4


@dataclass(frozen=True, kw_only=True)
class Cause:
    """A class with what it was concluded from; not ``certain`` where that is what is most likely."""

    kind: CellClass
    note: str = ""
    certain: bool = True


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What is known of one cell beside its two outputs.

    ``varies`` is how it differs between runs of the new environment, None where there was one run; ``of_host`` are the
    differences of a run on the host with the same lock from the saved outputs, None where there was none.
    """

    provenance: Provenance
    hints: frozenset[Hint] = frozenset()
    varies: Sequence[Difference] | None = None
    of_host: Sequence[Difference] | None = None
    may_fail: bool = False


def cause_of(differences: Sequence[Difference], evidence: Evidence) -> Cause:
    """Return the worst cause of a cell's differences."""
    causes = [_cause(difference, evidence) for difference in differences]
    return max(causes, key=lambda cause: CLASSES.index(cause.kind), default=Cause(kind="same"))


def _cause(difference: Difference, evidence: Evidence) -> Cause:
    finding = difference.finding
    if finding.look != "value":
        return Cause(kind=_BY_LOOK[finding.look], note=finding.note)
    if difference.part == "error" and finding.score == 0 and not evidence.may_fail:
        return Cause(kind="error", note=finding.note)
    found = _from_runs(difference, evidence) or _from_provenance(evidence)
    kind, why, certain = found or ("environment", _UNSTAMPED, False)
    return Cause(kind=kind, note=f"{finding.note}; {why}" if why else finding.note, certain=certain)


def _from_runs(difference: Difference, evidence: Evidence) -> tuple[CellClass, str, bool] | None:
    """Return what repeated runs show, or in their place what the code makes likely; None where neither says it."""
    if evidence.varies is not None:
        if _has(evidence.varies, difference):
            return _of_hints(evidence.hints) or "random", "it differs from run to run", True
        if "identity" in evidence.hints:  # one container's name and folder are the same in every run
            return "identity", "as its code makes likely", False
    elif kind := _of_hints(evidence.hints):
        return kind, "as its code makes likely", False
    if evidence.of_host is not None and not _has(evidence.of_host, difference):
        return "regression", "a run outside of the container gave what was saved", True
    return None


def _has(others: Sequence[Difference], difference: Difference) -> bool:
    """Whether there is such a difference between the other outputs, too."""
    return any(
        other.part == difference.part
        and other.index == difference.index
        and other.finding.look not in ("same", "equivalent")
        for other in others
    )


def _of_hints(hints: frozenset[Hint]) -> CellClass | None:
    order: tuple[Hint, ...] = ("time", "identity", "random")
    return next((hint for hint in order if hint in hints), None)


def _from_provenance(evidence: Evidence) -> tuple[CellClass, str, bool] | None:
    changed, data = evidence.provenance.environment, evidence.provenance.data
    if changed and not data:
        return "environment", _named(changed), evidence.provenance.known
    if data:
        return "data", f"{_named(data)} changed" + (f", and {_named(changed)}" if changed else ""), not changed
    if "data" in evidence.hints:
        return "data", "what it downloads may have changed", False
    if evidence.provenance.known and evidence.varies is not None:
        return "regression", "the same versions and data gave something else", False
    return None


def _named(items: Sequence[str]) -> str:
    more = f" and {len(items) - _MAX_NAMED} more" if len(items) > _MAX_NAMED else ""
    return ", ".join(items[:_MAX_NAMED]) + more
