"""Rows as a table, and amounts in words."""

from __future__ import annotations

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.display.measure import amount, duration, fraction, plural
from jupyter_docker.display.table import TableView
from jupyter_docker.values.events import Progress

IMAGES = TableView(
    columns=["image", "size"],
    rows=[["penguins:3f2a9c", "412 MB"], ["orbits:v1", "98.5 MB"]],
    right=frozenset({"size"}),
    tones=["good", "bad"],
)


class Tty(StringIO):
    """Text that says it is a terminal's."""

    def isatty(self) -> bool:
        return True


def printed(view: TableView, stream: StringIO) -> str:
    view.print(stream)
    return stream.getvalue()


def test_a_pipe_gets_aligned_text() -> None:
    assert printed(IMAGES, StringIO()) == (
        "IMAGE               SIZE\n"
        "penguins:3f2a9c   412 MB\n"
        "orbits:v1        98.5 MB\n"
    )  # fmt: skip


def test_a_pipe_gets_whole_lines_however_long() -> None:
    view = TableView(columns=["path"], rows=[["/data/" * 100]])
    assert printed(view, StringIO()) == "PATH\n" + "/data/" * 100 + "\n"


def test_wide_characters_are_two_columns() -> None:
    view = TableView(columns=["name", "size"], rows=[["数据", "1"], ["data", "2"]])
    assert view.text() == "NAME  SIZE\n数据  1\ndata  2\n"


def test_a_terminal_gets_colours_unless_it_wants_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[32mpenguins:3f2a9c" in printed(IMAGES, Tty())
    monkeypatch.setenv("NO_COLOR", "1")
    text = printed(IMAGES, Tty())
    assert "\x1b" not in text
    assert [line.split() for line in text.splitlines()] == [
        ["IMAGE", "SIZE"],
        ["penguins:3f2a9c", "412", "MB"],
        ["orbits:v1", "98.5", "MB"],
    ]


def test_no_rows_are_said_in_words() -> None:
    view = TableView(columns=["image"], rows=[], empty="No <images> yet.")
    assert printed(view, StringIO()) == printed(view, Tty()) == "No <images> yet.\n"
    assert view.html() == "<p>No &lt;images&gt; yet.</p>"


def test_a_cell_cannot_be_markup_or_a_second_line() -> None:
    view = TableView(columns=["<a>"], rows=[["<b>\n[bold]x\x1b[2J"]], tones=["warning"])
    assert view.text() == "<A>\n<b> [bold]x\n"
    html = view.html()
    assert "&lt;a&gt;" in html
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


@given(st.lists(st.tuples(st.text(), st.text()), max_size=4))
def test_every_row_is_one_line(rows: list[tuple[str, str]]) -> None:
    view = TableView(columns=["a", "b"], rows=rows, empty="none")
    assert view.text().count("\n") == len(rows) + 1
    assert view.html().count("<tr>") == (len(rows) + 1 if rows else 0)


def test_a_notebook_gets_html_and_text() -> None:
    bundle = IMAGES._repr_mimebundle_(include=None, exclude=None)
    assert bundle == {"text/html": IMAGES.html(), "text/plain": IMAGES.text().rstrip("\n")}


DURATIONS = {
    0: "0.0 s",
    -1: "0.0 s",
    0.74: "0.7 s",
    9.94: "9.9 s",
    9.96: "10 s",
    59.4: "59 s",
    59.6: "1 min 0 s",
    125: "2 min 5 s",
    3599.7: "1 h 0 min",
    7260: "2 h 1 min",
}


@pytest.mark.parametrize(("seconds", "words"), DURATIONS.items())
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("current", "total", "unit", "words", "part"),
    [
        (None, None, "items", "", None),
        (3, None, "items", "3", None),
        (3, 9, "items", "3 of 9", 1 / 3),
        (12_300_000, 30_100_000, "bytes", "12.3 MB of 30.1 MB", 123 / 301),
        (0, 0, "bytes", "0 bytes", None),
        (12, 9, "items", "12 of 9", 1.0),
    ],
)
def test_amounts(current: int | None, total: int | None, unit: str, words: str, part: float | None) -> None:
    item = Progress(step="build", item="1", label="x", current=current, total=total, unit=unit)  # type: ignore[arg-type]
    assert amount(item) == words
    assert fraction(item) == part


def test_what_is_cached_or_done_is_all_there() -> None:
    item = Progress(step="build", item="1", label="x", done=True, cached=True)
    assert (amount(item), fraction(item)) == ("cached", 1.0)


def test_plurals() -> None:
    assert [plural(count, "line") for count in (0, 1, 98_000)] == ["0 lines", "1 line", "98,000 lines"]
