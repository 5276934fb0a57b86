"""Contents of an image for cells: all that the notebook's cells import, so that the next cell seldom needs more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from jupyter_docker.notebook import NotebookNode, export_cell, read_notebook, source_cells
from jupyter_docker.values import CellSyntaxError, ContainerizeError, Event, NotebookError

UNNAMED = "notebook.ipynb"


def contents_for(cell: str, *, executed: Sequence[str], notebook: Path | None) -> Iterator[NotebookNode]:
    """Yield notebooks to make the image of, the fullest first: each has less of what could not be frozen.

    The fullest has the cells of the file, those ``executed`` in this kernel and ``cell``; the last has ``cell`` alone.
    Cells that do not parse are left out; `broken_cells` says which.
    """
    saved = _read(notebook)
    others = [each for each in saved.cells if each.get("cell_type") == "code"]
    ran = [_code_cell(text) for text in executed]
    yield _notebook(saved, [*others, *ran, _code_cell(cell)])
    if others:
        yield _notebook(saved, [*ran, _code_cell(cell)])
    if ran:
        yield _notebook(saved, [_code_cell(cell)])


def broken_cells(notebook: Path | None, *, executed: Sequence[str]) -> Iterator[CellSyntaxError]:
    """Yield why saved cells do not parse, but for those ``executed`` in this kernel: Python said so there."""
    ran = {text.strip() for text in executed}
    for cell in source_cells(_read(notebook)):
        if cell.kind == "code" and not cell.skipped and cell.text.strip() not in ran:
            try:
                export_cell(cell.text, number=cell.number, emit=_ignore)
            except CellSyntaxError as error:
                yield error


def _read(notebook: Path | None) -> NotebookNode:
    empty = NotebookNode(nbformat=4, nbformat_minor=5, metadata={}, cells=[])
    try:
        return read_notebook(notebook) if notebook is not None else empty
    except NotebookError:  # being written just now, or broken: what runs is in the kernel's history
        return empty


def _notebook(saved: NotebookNode, cells: Iterable[dict[str, Any]]) -> NotebookNode:
    by_text = {str(cell["source"]).strip(): cell for cell in cells}
    kept = [cell for text, cell in by_text.items() if text and _parses(text)]
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=saved.metadata, cells=kept)


def _code_cell(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": text, "metadata": {}}


def _parses(text: str) -> bool:
    try:
        export_cell(text, emit=_ignore)
    except ContainerizeError:
        return False
    return True


def _ignore(_event: Event) -> None:
    pass
