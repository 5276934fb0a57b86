"""The parts of a script, one a cell, in the percent format that Jupytext, VS Code and Spyder read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jupyter_docker.notebook.cells import SourceCell
from jupyter_docker.notebook.line_filter import LineFilter
from jupyter_docker.notebook.reading import Reading, read_code
from jupyter_docker.task_runner import INJECTED_TAG, PARAMETERS_TAG
from jupyter_docker.values import Declared, Emit

MAY_RAISE = "raises-exception"
_FENCE = re.compile(r"^# (%+) \[", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Section:
    """A cell as it goes into the script: ``title`` is for its marker; ``cell`` and ``reading`` are those of code."""

    title: str
    lines: Sequence[str]
    cell: SourceCell | None = None
    reading: Reading | None = None

    @property
    def may_raise(self) -> bool:
        """Whether the run goes on after an exception in it."""
        return MAY_RAISE in self.tags

    @property
    def tags(self) -> list[str]:
        """The cell's tags that the run of the script heeds; they are on its marker line."""
        heeded = (MAY_RAISE, PARAMETERS_TAG, INJECTED_TAG)
        return [tag for tag in heeded if self.cell is not None and tag in self.cell.tags]


def read_sections(cells: Iterable[SourceCell], folder: Path, emit: Emit) -> tuple[list[Section], list[Declared]]:
    """Return a section for each cell, and what the cells declare; raises CellSyntaxError."""
    sections, declared = list[Section](), list[Declared]()
    for cell in cells:
        if cell.kind != "code" or cell.skipped:
            title = cell.kind if cell.kind != "code" else f"skipped cell {cell.number}"
            sections.append(Section(title=title, lines=[f"# {line}".rstrip() for line in cell.lines]))
            continue
        line_filter = LineFilter(number=cell.number, folder=folder, emit=emit)
        reading = read_code(cell, line_filter)
        sections.append(Section(title=f"cell {cell.number}", lines=reading.lines, cell=cell, reading=reading))
        declared += line_filter.declared
    return sections, declared


def fence_of(sections: Iterable[Section]) -> str:
    """Return the start of the marker lines, ``# %% [`` unless a line of a cell starts so: then with more ``%``."""
    runs = (len(run) for part in sections for run in _FENCE.findall("\n".join(part.lines)))
    return f"# {'%' * max(2, 1 + max(runs, default=0))} ["
