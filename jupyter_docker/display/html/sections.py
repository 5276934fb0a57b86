"""Several tables, each under a title, as one value of a command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from jupyter_docker.display.html.ansi import escape
from jupyter_docker.display.table import TableView
from jupyter_docker.display.terminal.stream import OutputStream


@dataclass(frozen=True, kw_only=True)
class SectionsView:
    """Titles and tables, in order; IPython shows it as HTML or text by itself. A table without rows is left out."""

    sections: Sequence[tuple[str, TableView]]

    def print(self, stream: TextIO) -> None:
        """Write each title and table, an empty line between them."""
        out = OutputStream(stream)
        for number, (title, table) in enumerate(self._shown()):
            out.write(("\n" if number else "") + f"{title}\n")
            table.print(stream)

    def text(self) -> str:
        """Return all of it as aligned text."""
        return "\n".join(f"{title}\n{table.text()}" for title, table in self._shown())

    def html(self) -> str:
        """Return all of it as HTML, everything escaped."""
        return "".join(f"<h4>{escape(title)}</h4>{table.html()}" for title, table in self._shown())

    def _shown(self) -> list[tuple[str, TableView]]:
        return [(title, table) for title, table in self.sections if table.rows]

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.text().rstrip("\n")}
