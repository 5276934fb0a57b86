"""A location in the source: the cell and line, or the local file and line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jupyter_docker.values import CellPosition


@dataclass(frozen=True, kw_only=True)
class SourceLocation:
    """A line of the code: ``line`` counts from 1 in the cell, or, where ``cell`` is None, in the local file ``where``.

    ``text`` is that line.
    """

    line: int = 1
    cell: int | None = None
    where: str = ""
    text: str = ""

    @property
    def position(self) -> CellPosition | None:
        """Where in the notebook."""
        return None if self.cell is None else CellPosition(cell=self.cell, line=self.line)

    @property
    def location(self) -> str:
        """Where, in words: "cell 3, line 2" or "helpers.py, line 2"."""
        return str(self.position) if self.position else f"{self.where}, line {self.line}"

    @property
    def source(self) -> str:
        """The cell or file, in words: "cell 3"."""
        return self.where if self.cell is None else f"cell {self.cell}"


def line_of(lines: Sequence[str], number: int) -> str:
    """Return the text of line ``number`` (from 1), stripped; empty where there is none."""
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""
