"""A notebook's cells as a kernel in the image runs them: install lines left out, parameters set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from warnings import catch_warnings

from jupyter_docker.notebook.cells import SourceCell, source_cells
from jupyter_docker.notebook.escapes import Replacement
from jupyter_docker.notebook.line_filter import ASKED, NEEDLESS, LineFilter
from jupyter_docker.notebook.parameters import injected_lines, parameter_values
from jupyter_docker.notebook.reading import read_code
from jupyter_docker.task_runner import INJECTED_TAG, PARAMETERS_TAG, Parameter, cell_parameters
from jupyter_docker.values import Event

# Lines that a script has no use for, but a notebook has.
_SHOWN = ("%matplotlib", "%config")


@dataclass(frozen=True, kw_only=True)
class RunnableCell:
    """A code cell to run: its place among all cells, its number in brackets after "Run All", the text to run."""

    index: int
    number: int
    text: str


def runnable_cells(notebook: Mapping[str, Any], folder: Path) -> tuple[RunnableCell, ...]:
    """Return the cells to run, those with a tag that skips them left out; raises CellSyntaxError.

    A cell of `insert_parameters` has no number of its own: it is not in the notebook that people see.
    """
    cells, injected = list[RunnableCell](), 0
    with catch_warnings(action="ignore"):
        for cell in source_cells(notebook):
            injected += INJECTED_TAG in cell.tags
            if cell.kind == "code" and not cell.skipped:
                cells.append(_runnable(cell, folder, cell.number - injected))
    return tuple(cells)


def notebook_parameters(notebook: Mapping[str, Any]) -> tuple[Parameter, ...]:
    """Return what the cell tagged ``parameters`` sets, none where there is no such cell."""
    with catch_warnings(action="ignore"):
        tagged = (cell for cell in source_cells(notebook) if cell.kind == "code" and PARAMETERS_TAG in cell.tags)
        return next((cell_parameters(cell.text) for cell in tagged if not cell.skipped), ())


def insert_parameters(notebook: Mapping[str, Any], arguments: Sequence[str]) -> None:
    """Put a cell that sets the values of ``NAME=VALUE`` words behind the cell tagged so, as papermill does.

    A cell that was put there before gives way. Raises UsageError for what the notebook does not take.
    """
    if not arguments:
        return
    lines = injected_lines(parameter_values(notebook_parameters(notebook), arguments))
    cells = notebook["cells"]
    cells[:] = [cell for cell in cells if INJECTED_TAG not in _tags(cell)]
    index = next(index for index, cell in enumerate(cells, 1) if PARAMETERS_TAG in _tags(cell))
    source = "\n".join(["# Parameters", *lines])
    cells.insert(index, {"cell_type": "code", "source": source, "metadata": {"tags": [INJECTED_TAG]}})


def _tags(cell: Mapping[str, Any]) -> list[Any]:
    tags = cell["metadata"].get("tags")
    return tags if isinstance(tags, list) else []


def _runnable(cell: SourceCell, folder: Path, number: int) -> RunnableCell:
    reading = read_code(cell, NotebookLineFilter(number=number, folder=folder, emit=_ignore))
    return RunnableCell(index=cell.index, number=number, text="\n".join(reading.lines))


class NotebookLineFilter(LineFilter):
    """Keeps what says how a notebook shows its figures, and what asks for help."""

    def replacement(self, text: str) -> Replacement | None:
        """Return what takes the place of the line, None where it stays."""
        replaced = super().replacement(text)
        shown = replaced is ASKED or (replaced is NEEDLESS and text.startswith(_SHOWN))
        return None if shown else replaced


def _ignore(_event: Event) -> None:
    """Leave the warnings to the export, which reads the same cells."""
