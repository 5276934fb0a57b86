"""A notebook as a script, and what its cells declare."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from jupyter_docker.task_runner import Parameter
from jupyter_docker.values.errors import CellPosition

Origin: TypeAlias = Literal["notebook", "project", "person"]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A code cell in the script.

    ``number`` is what Jupyter shows in brackets after "Run All" (empty cells have none), ``index`` its place among all
    cells from 0; ``first_line`` is the script's line of the cell's first line, from 1; ``source`` is the text as in the
    notebook, ``code`` the same as plain Python (IPython syntax turned into calls), for reading with ``ast``.
    """

    number: int
    index: int
    first_line: int
    source: str
    code: str

    @property
    def line_count(self) -> int:
        """How many lines of the script are the cell's."""
        return self.source.count("\n") + 1


@dataclass(frozen=True, kw_only=True)
class Declared:
    """A requirement the user wrote: on an install line of ``cell``, in a file, or on the command line.

    ``conda`` is whether its name is one of conda's, where the package index may have something else of that name.
    ``origin`` is who declared it: the notebook, the files of its project, or the person. ``in_file`` is whether a file
    says it, whose lines no message repeats.
    """

    requirement: str
    why: str
    cell: int | None = None
    conda: bool = False
    origin: Origin = "notebook"
    in_file: bool = False


@dataclass(frozen=True, kw_only=True)
class Script:
    """A notebook or cell as a script: plain Python, or text for IPython where it uses IPython's syntax.

    ``name`` is the file's name inside the image; ``source`` the notebook it came from, None for a lone cell.
    ``project`` is what requirements.txt and pyproject.toml declare, for the whole project.
    """

    name: str
    text: str
    source: Path | None
    cells: tuple[Cell, ...]
    parameters: tuple[Parameter, ...] = ()
    declared: tuple[Declared, ...] = ()
    project: tuple[Declared, ...] = ()
    interpreter: Literal["python", "ipython"] = "python"

    def locate(self, line: int) -> CellPosition | None:
        """Return the cell and the line in it of the script's line ``line`` (from 1), None between cells."""
        for cell in self.cells:
            if cell.first_line <= line < cell.first_line + cell.line_count:
                return CellPosition(cell=cell.number, line=line - cell.first_line + 1)
        return None

    def line_of(self, position: CellPosition) -> str:
        """Return the text of that line of that cell, stripped; empty where there is none."""
        for cell in self.cells:
            if cell.number == position.cell and position.line is not None:
                lines = cell.source.split("\n")
                return lines[position.line - 1].strip() if position.line <= len(lines) else ""
        return ""
