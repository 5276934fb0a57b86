"""The parts of a script, one a cell, in the percent format that Jupytext, VS Code and Spyder read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_docker.events import Emit
from jupyter_docker.export.cells import SourceCell
from jupyter_docker.export.known_parameters import KnownParameters
from jupyter_docker.export.leaving import Leaving
from jupyter_docker.export.parameters import injected_lines
from jupyter_docker.export.reading import Reading, read_code
from jupyter_docker.models import Declared

MAY_RAISE = "raises-exception"
PARAMETERS, INJECTED = "parameters", "injected-parameters"
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
        return self.cell is not None and MAY_RAISE in self.cell.tags


def read_sections(cells: Iterable[SourceCell], folder: Path, emit: Emit) -> tuple[list[Section], list[Declared]]:
    """Return a section for each cell, and what the cells declare; raises CellSyntaxError."""
    sections, declared = list[Section](), list[Declared]()
    for cell in cells:
        if cell.kind != "code" or cell.skipped:
            title = cell.kind if cell.kind != "code" else f"skipped cell {cell.number}"
            sections.append(Section(title=title, lines=[f"# {line}".rstrip() for line in cell.lines]))
            continue
        leaving = Leaving(number=cell.number, folder=folder, emit=emit)
        reading = read_code(cell, leaving)
        sections.append(Section(title=f"cell {cell.number}", lines=reading.lines, cell=cell, reading=reading))
        declared += leaving.declared
    return sections, declared


def inject(sections: list[Section], parameters: Mapping[str, Any], emit: Emit) -> list[Section]:
    """Return the sections with the values of ``parameters`` set behind the cell with that tag, else at the top.

    As papermill does it; a cell that papermill injected gives way. Raises UsageError for a value without a literal, and
    for a name whose value no code of the notebook would read.
    """
    if not parameters:
        return sections
    injected = Section(title=INJECTED, lines=injected_lines(parameters))
    kept = [part for part in sections if part.cell is None or INJECTED not in part.cell.tags]
    place = next((at for at, part in enumerate(kept) if part.cell and PARAMETERS in part.cell.tags), None)
    tagged = None if place is None else kept[place].reading
    codes = [(part.cell.number, part.reading.code) for part in kept if part.cell and part.reading]
    KnownParameters(tagged.code if tagged else None, codes).check(parameters, emit)
    at = 0 if place is None else place + 1
    return [*kept[:at], injected, *kept[at:]]


def fence_of(sections: Iterable[Section]) -> str:
    """Return the start of the marker lines, ``# %% [`` unless a line of a cell starts so: then with more ``%``."""
    runs = (len(run) for part in sections for run in _FENCE.findall("\n".join(part.lines)))
    return f"# {'%' * max(2, 1 + max(runs, default=0))} ["
