"""Rows of text (ps, images, doctor, prune, freeze --why) as a table in a terminal, a pipe or a notebook's cell."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Literal, TextIO, TypeAlias, cast

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from jupyter_docker.display.html.ansi import escape
from jupyter_docker.display.logtail import one_line
from jupyter_docker.display.terminal.stream import OutputStream

Tone: TypeAlias = Literal["", "good", "warning", "bad"]

_STYLES = {"": "", "good": "green", "warning": "yellow", "bad": "red"}
_CSS_COLORS = {
    "good": "var(--jp-success-color0, #2e7d32)",
    "warning": "var(--jp-warn-color0, #b26a00)",
    "bad": "var(--jp-error-color0, #c62828)",
}


@dataclass(frozen=True, kw_only=True)
class TableView:
    """``rows`` of as many cells as there are ``columns``; IPython shows it as HTML or text by itself.

    ``right`` names the columns of numbers, ``tones`` colours the first cell of each row ("good", "warning", "bad"),
    and ``empty`` is said where there are no rows.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: frozenset[str] = frozenset()
    tones: Sequence[Tone] = ()
    empty: str = "Nothing to show."

    def print(self, stream: TextIO) -> None:
        """Write the table: fitted to the width of a terminal, whole lines elsewhere."""
        stream_ = OutputStream(stream)
        colored = stream_.isatty() and not os.environ.get("NO_COLOR")
        console = Console(
            file=cast("IO[str]", stream_),
            force_terminal=stream_.isatty(),
            force_jupyter=False,
            color_system="auto" if colored else None,
            highlight=False,
        )
        if not self.rows:
            console.print(Text(self.empty), soft_wrap=True)
        elif stream_.isatty():
            console.print(self._table())
        else:
            stream_.write(self.text())

    def text(self) -> str:
        """Return the table as aligned text, however wide, a newline after each row."""
        if not self.rows:
            return self.empty + "\n"
        cells = [[one_line(cell) for cell in row] for row in [[name.upper() for name in self.columns], *self.rows]]
        widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
        return "".join("  ".join(map(self._pad, row, widths, self.columns)).rstrip() + "\n" for row in cells)

    def html(self) -> str:
        """Return the table as HTML, everything escaped."""
        if not self.rows:
            return f"<p>{escape(self.empty)}</p>"
        head = "".join(f'<th scope="col"{self._align(name)}>{escape(name)}</th>' for name in self.columns)
        body = "".join(f"<tr>{self._html_cells(row, tone)}</tr>" for row, tone in self._toned())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.text().rstrip("\n")}

    def _table(self) -> Table:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        for name in self.columns:
            table.add_column(name.upper(), justify="right" if name in self.right else "left", overflow="fold")
        for row, tone in self._toned():
            first, *rest = (Text(one_line(cell)) for cell in row)
            first.stylize(_STYLES[tone])
            table.add_row(first, *rest)
        return table

    def _toned(self) -> list[tuple[Sequence[str], Tone]]:
        return list(zip(self.rows, self.tones or [""] * len(self.rows), strict=True))

    def _pad(self, cell: str, width: int, name: str) -> str:
        gap = " " * (width - cell_len(cell))
        return gap + cell if name in self.right else cell + gap

    def _align(self, name: str) -> str:
        return f' style="text-align:{"right" if name in self.right else "left"}"'

    def _html_cells(self, row: Sequence[str], tone: Tone) -> str:
        cells = [f"<td{self._align(name)}>{escape(cell)}</td>" for name, cell in zip(self.columns, row, strict=True)]
        if tone:
            text = f'<span style="color:{_CSS_COLORS[tone]};font-weight:600">{escape(row[0])}</span>'
            cells[0] = f"<td{self._align(self.columns[0])}>{text}</td>"
        return "".join(cells)
