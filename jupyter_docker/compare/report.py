"""The report: of each code cell a class and a score, and of the whole what made the outputs differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, TypeAlias, get_args

from jupyter_docker.compare.outputs import Difference
from jupyter_docker.compare.provenance import Provenance
from jupyter_docker.values import CellPosition, NotReproducedError, counted

CellClass: TypeAlias = Literal[
    "same", "equivalent", "time", "identity", "order", "random", "data", "environment", "regression", "not run", "error"
]
"""From the least to the most; docs/compare.md explains each."""

CLASSES: Final[tuple[CellClass, ...]] = get_args(CellClass)
REPRODUCED: Final[frozenset[CellClass]] = frozenset({"same", "equivalent", "time", "identity", "order"})

MEANINGS: Final[Mapping[CellClass, str]] = {
    "same": "the same outputs",
    "equivalent": "the same within tolerance, or but for spaces and colours",
    "time": "only times and durations differ",
    "identity": "only addresses, ids, paths and temporary names differ",
    "order": "the same in another order",
    "random": "other values each time: random numbers without a seed",
    "data": "the data is not what it was",
    "environment": "versions are not what they were",
    "regression": "the container made it so",
    "not run": "it did not run, or its outputs were never saved",
    "error": "it fails as it did not before, or no longer fails",
}


@dataclass(frozen=True, kw_only=True)
class CellReport:
    """One code cell: ``number`` as in brackets after "Run All", ``index`` among all cells of the saved notebook.

    ``certain`` is whether the class follows from what was seen; else it is what the code makes most likely. ``note``
    says what differs; ``new_index`` is its place in the new notebook, where it is there.
    """

    number: int
    index: int
    kind: CellClass
    score: float
    note: str = ""
    certain: bool = True
    ignored: bool = False
    new_index: int | None = None
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """What became of each code cell that has text; ``runs`` is how often the notebook ran anew.

    ``allowed`` are classes that a person lets pass, beside those that count as reproduced.
    """

    name: str
    cells: tuple[CellReport, ...]
    provenance: Provenance
    runs: int = 1
    allowed: frozenset[str] = frozenset()

    @property
    def counts(self) -> dict[CellClass, int]:
        """How many cells are of each class that any has, the worst first."""
        counted = Counter(cell.kind for cell in self.cells)
        return {kind: counted[kind] for kind in reversed(CLASSES) if counted[kind]}

    @property
    def score(self) -> float:
        """The mean of the cells' scores, 1 where there is none."""
        return sum(cell.score for cell in self.cells) / len(self.cells) if self.cells else 1.0

    @property
    def reproduced(self) -> int:
        """How many cells gave what they had given."""
        return sum(cell.kind in REPRODUCED for cell in self.cells)

    def check(self) -> None:
        """Raise NotReproducedError where a cell was not reproduced and is of no class that was allowed."""
        failing = [cell for cell in self.cells if cell.kind not in REPRODUCED | self.allowed]
        if not failing:
            return
        worst = max(failing, key=lambda cell: CLASSES.index(cell.kind))
        kinds = Counter(cell.kind for cell in failing)
        named = ", ".join(f"{kind} {kinds[kind]}" for kind in reversed(CLASSES) if kinds[kind])
        raise NotReproducedError(
            f"{counted(len(failing), 'cell')} of {len(self.cells)} did not give what was saved: {named}.",
            hint=_hint(worst, self.runs),
            position=CellPosition(cell=worst.number),
        )

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON, what is the same left out of the differences."""
        cells = [
            {
                **asdict(cell),
                "score": round(cell.score, 4),
                "differences": [_difference(each) for each in cell.differences if each.finding.look != "same"],
            }
            for cell in self.cells
        ]
        return {
            "notebook": self.name,
            "score": round(self.score, 4),
            "reproduced": self.reproduced,
            "classes": self.counts,
            "runs": self.runs,
            "environment": list(self.provenance.environment),
            "data": list(self.provenance.data),
            "cells": cells,
        }


def _hint(cell: CellReport, runs: int) -> str:
    if not cell.certain and runs == 1:
        return "Let it run more than once, which tells what is random: --repeat 3"
    return f"Cell {cell.number}: {cell.note}. The report shows both; --allow lets a class pass."


def _difference(difference: Difference) -> dict[str, Any]:
    finding = difference.finding
    return {
        "part": difference.part,
        "index": difference.index,
        "look": finding.look,
        "score": round(finding.score, 4),
        "note": finding.note,
    }
