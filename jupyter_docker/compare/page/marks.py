"""Marks on differences: two texts, tables or pictures as HTML of our own, every piece of theirs escaped."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from html import escape
from itertools import zip_longest
from typing import Final

from jupyter_docker.compare.tables import Page
from jupyter_docker.compare.tokens import plain

MAX_TEXT: Final = 20_000  # characters of one output that are shown
_MAX_PIECES = 4000  # words; longer texts are marked line by line
_MAX_ROWS = 100
_PIECES = re.compile(r"\s+|\w+|[^\w\s]")


def shortened(text: str) -> str:
    """Return the text, its end left out where it is long."""
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}\n… {len(text) - MAX_TEXT:,} more characters"


def marked_texts(saved: str, new: str) -> tuple[str, str]:
    """Return both as HTML, with marks on what the other has not."""
    one, other = (shortened(plain(text)) for text in (saved, new))
    pieces: list[list[str]] = [_PIECES.findall(text) for text in (one, other)]
    if sum(map(len, pieces)) > _MAX_PIECES:
        pieces = [text.splitlines(keepends=True) for text in (one, other)]
    shown = "", ""
    matcher = SequenceMatcher(None, pieces[0], pieces[1], autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        found = "".join(pieces[0][start:end]), "".join(pieces[1][new_start:new_end])
        shown = shown[0] + _piece(found[0], kind), shown[1] + _piece(found[1], kind)
    return f"<pre>{shown[0]}</pre>", f"<pre>{shown[1]}</pre>"


def _piece(text: str, kind: str) -> str:
    return escape(text) if kind == "equal" or not text else f"<mark>{escape(text)}</mark>"


def marked_tables(saved: Page, new: Page) -> tuple[str, str]:
    """Return both tables as HTML, with marks on the cells that differ from that in their place."""
    return _table(saved, new), _table(new, saved)


def _table(page: Page, other: Page) -> str:
    rows = [_row(*pair) for pair in zip(page.rows[:_MAX_ROWS], page.headed, _padded(other.rows), strict=False)]
    more = f"<p>… {len(page.rows) - _MAX_ROWS} more rows</p>" if len(page.rows) > _MAX_ROWS else ""
    around = escape(shortened(" ".join(page.text.split())))
    return f"<table>{''.join(rows)}</table>{more}<p>{around}</p>"


def _padded(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    return [*rows, *([()] * _MAX_ROWS)]


def _row(cells: Sequence[str], headed: bool, others: Sequence[str]) -> str:
    tag = "th" if headed else "td"
    pairs = zip_longest(cells, others[: len(cells)])
    starts = ((f"<{tag}>" if cell == other else f'<{tag} class="differs">', cell) for cell, other in pairs)
    return f"<tr>{''.join(f'{start}{escape(cell)}</{tag}>' for start, cell in starts)}</tr>"


def picture(mime: str, data: str) -> str:
    """Return an image as HTML: an image of its own file, in which no script runs."""
    encoded = base64.b64encode(data.encode()).decode() if mime == "image/svg+xml" else _checked(data)
    return f'<img src="data:{mime};base64,{encoded}" alt="a picture">'


def slider(saved: str, new: str) -> str:
    """Return two pictures on each other, the saved one in a box whose edge is drawn aside."""
    return (
        f'<div class="slider">{new}<div class="over">{saved}</div></div>'
        "<p>Draw the corner: the saved picture is on the left of it, the new one on the right.</p>"
    )


def _checked(data: str) -> str:
    try:
        return base64.b64encode(base64.b64decode("".join(data.split()))).decode()
    except (binascii.Error, ValueError):
        return ""
