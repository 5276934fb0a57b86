"""Tables of HTML held against each other by their cells: the columns, the rows, and each value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from jupyter_docker.compare.findings import SAME, Finding, worst
from jupyter_docker.compare.text import Reader

_MAX_CELLS = 50_000
_HIDDEN: Final = frozenset({"style", "script", "template", "head"})
_BREAKS: Final = frozenset({"br", "div", "p", "li", "h1", "h2", "h3", "h4", "pre", "tr", "table", "details", "summary"})


@dataclass(slots=True)
class Page:
    """What a piece of HTML shows: the rows of all its tables, and the text around them."""

    rows: list[list[str]] = field(default_factory=list)
    headed: list[bool] = field(default_factory=list)  # of each row, whether it is one of headings
    text: str = ""


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._hidden = 0
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row, a cell, or what is not shown."""
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "tr":
            self.page.rows.append([])
            self.page.headed.append(True)
        elif tag in ("td", "th") and self.page.rows:
            self._end_cell()
            self._cell = []
            self.page.headed[-1] = self.page.headed[-1] and tag == "th"
        elif tag in _BREAKS and self._cell is None:
            self.page.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        """End what began."""
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        """Take text for the cell, or for what is around the tables."""
        if self._hidden:
            return
        if self._cell is None:
            self.page.text += data
        else:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None:
            self.page.rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None


def read_page(html: str) -> Page:
    """Return the tables and the text of a piece of HTML, whatever it is."""
    reading = _Reading()
    reading.feed(html)
    reading.close()
    page = reading.page
    kept = [(row, headed) for row, headed in zip(page.rows, page.headed, strict=True) if row]
    return Page(rows=[row for row, _ in kept], headed=[headed for _, headed in kept], text=page.text)


def compare_pages(saved: Page, new: Page, reader: Reader) -> Finding:
    """Return how the tables differ, and what is around them."""
    around = reader.compare(saved.text, new.text)
    if saved.rows == new.rows:
        return around
    table = _compare_rows(saved, new, reader)
    # What is around a table ("5 rows × 3 columns") follows from it, and adds nothing to how alike two are.
    return table if around.look != "value" or table.look == "value" else around


def _compare_rows(saved: Page, new: Page, reader: Reader) -> Finding:
    one, other = saved.rows, new.rows
    if max(sum(map(len, rows)) for rows in (one, other)) > _MAX_CELLS:
        return Finding(look="value", score=_shared(one, other), note="large tables differ")
    if [len(row) for row in one] != [len(row) for row in other]:
        return _of_another_shape(saved, new)
    finding = _compare_cells(one, other, reader)
    if finding.look == "value" and _same_rows(one, other):
        return Finding(look="order", note="the same rows in another order")
    if finding.look == "value" and _same_rows(_turned(one), _turned(other)):
        return Finding(look="order", note="the same columns in another order")
    return finding


def _compare_cells(one: Sequence[Sequence[str]], other: Sequence[Sequence[str]], reader: Reader) -> Finding:
    findings = [
        (reader.compare(a, b) if a != b else SAME, a, b)
        for row, new_row in zip(one, other, strict=True)
        for a, b in zip(row, new_row, strict=True)
    ]
    look = worst(finding.look for finding, _, _ in findings)
    differing = [(finding, a, b) for finding, a, b in findings if finding.look == look]
    note = f"{len(differing)} of {len(findings)} cells, first '{differing[0][1]}' → '{differing[0][2]}'"
    score = sum(finding.score for finding, _, _ in findings) / len(findings)
    return Finding(look=look, score=score, note=note)


def _of_another_shape(saved: Page, new: Page) -> Finding:
    one, other = (_headings(page) for page in (saved, new))
    gone, come = [name for name in one if name not in other], [name for name in other if name not in one]
    notes = [f"column '{name}' is gone" for name in gone[:3]] + [f"column '{name}' is new" for name in come[:3]]
    if not notes:
        notes = [f"{len(saved.rows)} rows → {len(new.rows)} rows"]
    return Finding(look="value", score=_shared(saved.rows, new.rows), note=", ".join(notes))


def _headings(page: Page) -> list[str]:
    return [cell for row, headed in zip(page.rows, page.headed, strict=True) if headed for cell in row if cell]


def _same_rows(one: Sequence[Sequence[str]], other: Sequence[Sequence[str]]) -> bool:
    return Counter(map(tuple, one)) == Counter(map(tuple, other))


def _turned(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    width = max(map(len, rows))
    return [[row[index] if index < len(row) else "" for row in rows] for index in range(width)]


def _shared(one: Sequence[Sequence[str]], other: Sequence[Sequence[str]]) -> float:
    cells, others = (Counter(cell for row in rows for cell in row) for rows in (one, other))
    total = cells.total() + others.total()
    return 2 * (cells & others).total() / total if total else 1.0
