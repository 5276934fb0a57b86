"""Two notebooks, cell by cell: which cells belong together, and the report of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from jupyter_docker.compare.causes import Evidence, cause_of
from jupyter_docker.compare.hints import Hint, hints_of
from jupyter_docker.compare.outputs import Outputs, compare_outputs, read_outputs
from jupyter_docker.compare.provenance import Provenance, day_of, provenance_of
from jupyter_docker.compare.report import CellReport, Report
from jupyter_docker.compare.rules import Rules, rules_of
from jupyter_docker.compare.text import Reader
from jupyter_docker.notebook import SourceCell, source_cells

Notebook = Mapping[str, Any]


def compare_notebooks(
    saved: Notebook, new: Notebook, *, repeats: Sequence[Notebook] = (), host: Notebook | None = None, name: str = ""
) -> Report:
    """Return the report of a notebook as it was saved and as it ran anew.

    Args:
        saved: The notebook with the outputs to reproduce.
        new: The same notebook, run anew.
        repeats: Further new runs in the same environment, which tell what is random.
        host: A run outside of the container with the same versions, which tells what the container made so.
        name: What the report calls the notebook.
    """
    comparison = _Comparison(saved, [new, *repeats], host)
    return Report(name=name, cells=tuple(comparison.cells()), provenance=comparison.provenance, runs=1 + len(repeats))


@dataclass(frozen=True, slots=True)
class _Code:
    """A code cell with text: as the export sees it, and as it is."""

    cell: SourceCell
    raw: Mapping[str, Any]

    @property
    def outputs(self) -> Outputs:
        return read_outputs(self.raw)

    @property
    def ran(self) -> bool:
        """Whether it has run: format 3 calls the count by another name, and some tools strip it."""
        return bool(self.raw.get("execution_count") or self.raw.get("prompt_number") or self.raw.get("outputs"))


class _Comparison:
    def __init__(self, saved: Notebook, runs: Sequence[Notebook], host: Notebook | None) -> None:
        self.provenance: Provenance = provenance_of(saved, runs[0])
        self._saved, self._notebook = list(_code_cells(saved)), saved
        self._runs = [_partners(self._saved, list(_code_cells(run))) for run in runs]
        self._host = _partners(self._saved, list(_code_cells(host))) if host is not None else None
        self._day = day_of(runs[0])

    def cells(self) -> Iterator[CellReport]:
        """Yield the report of each code cell."""
        for index, hints in enumerate(hints_of(code.cell.text for code in self._saved)):
            yield self._cell(index, hints)

    def _cell(self, index: int, hints: frozenset[Hint]) -> CellReport:
        saved, new = self._saved[index], self._runs[0][index]
        number, place = saved.cell.number, saved.cell.index
        rules = rules_of(saved.raw, self._notebook)
        if (reason := _not_run(saved, new)) or new is None:
            return CellReport(
                number=number,
                index=place,
                kind="not run",
                score=0.0,
                note=reason,
                new_index=new.cell.index if new else None,
            )
        reader = Reader(rules=rules, ran=self._day)
        outputs = new.outputs
        differences = compare_outputs(saved.outputs, outputs, reader)
        cause = cause_of(differences, self._evidence(index, rules, hints, reader, outputs))
        scores = [each.finding.score for each in differences]
        return CellReport(
            number=number,
            index=place,
            kind=cause.kind,
            score=sum(scores) / len(scores) if scores else 1.0,
            note=cause.note,
            certain=cause.certain,
            ignored=bool(rules.ignored),
            new_index=new.cell.index,
            differences=differences,
        )

    def _evidence(self, index: int, rules: Rules, hints: frozenset[Hint], reader: Reader, outputs: Outputs) -> Evidence:
        others = [run[index] for run in self._runs[1:]]
        varies = [each for other in others if other for each in compare_outputs(outputs, other.outputs, reader)]
        host = self._host[index] if self._host is not None else None
        of_host = compare_outputs(self._saved[index].outputs, host.outputs, reader) if host is not None else None
        return Evidence(
            provenance=self.provenance,
            hints=hints,
            varies=varies if others else None,
            of_host=of_host,
            may_fail=rules.may_fail,
        )


def _code_cells(notebook: Notebook) -> Iterator[_Code]:
    for cell in source_cells(notebook):
        if cell.kind == "code":
            yield _Code(cell, notebook["cells"][cell.index])


def _partners(saved: Sequence[_Code], new: Sequence[_Code]) -> list[_Code | None]:
    """Return for each saved cell the one that has its code, in their order; None where there is none."""
    partners: list[_Code | None] = [None] * len(saved)
    texts, others = ([code.cell.text for code in codes] for codes in (saved, new))
    for match in SequenceMatcher(None, texts, others, autojunk=False).get_matching_blocks():
        for offset in range(match.size):
            partners[match.a + offset] = new[match.b + offset]
    return partners


def _not_run(saved: _Code, new: _Code | None) -> str:
    """Return why there is nothing to compare; empty where there is."""
    if new is None:
        return "the new notebook has no such cell"
    if not new.ran:
        return "a tag skips it" if saved.cell.skipped else "the new run ended before it"
    if not saved.ran:
        return "its outputs were never saved" if new.raw.get("outputs") else ""
    return ""
