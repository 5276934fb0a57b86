"""The cells of a notebook, as the export sees them: kind, number, text, tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

SKIP_TAGS = frozenset({"skip", "containerize-skip", "skip-execution"})


@dataclass(frozen=True, kw_only=True)
class SourceCell:
    """A cell with text in it. ``index`` is its place among all cells from 0.

    ``number`` is what a code cell has in brackets after "Restart & Run All", 0 for the others; the lines of ``text``
    end in a newline alone.
    """

    kind: Literal["code", "markdown", "raw"]
    index: int
    number: int
    text: str
    tags: frozenset[str]

    @property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends."""
        return self.text.split("\n")

    @property
    def skipped(self) -> bool:
        """Whether a tag says to leave it out."""
        return not self.tags.isdisjoint(SKIP_TAGS)


def source_cells(notebook: Mapping[str, Any]) -> Iterator[SourceCell]:
    """Yield the cells that are not blank; a blank code cell gets no number in Jupyter either."""
    number = 0
    cells: Sequence[Mapping[str, Any]] = notebook["cells"]
    for index, cell in enumerate(cells):
        text = plain_text(cell["source"])
        if not text.strip():
            continue
        kind = cell.get("cell_type")
        number += kind == "code"
        yield SourceCell(
            kind=kind if kind in ("code", "markdown") else "raw",
            index=index,
            number=number if kind == "code" else 0,
            text=text,
            tags=_tags(cell),
        )


def plain_text(source: str) -> str:
    """Return the text with every line end a newline, as Python itself reads it, and nothing that UTF-8 can't hold."""
    return source.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()


def _tags(cell: Mapping[str, Any]) -> frozenset[str]:
    tags = cell["metadata"].get("tags")
    return frozenset(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else frozenset()
