"""Log lines as a terminal would show them, and their HTML."""

from __future__ import annotations

import json
import tracemalloc
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.display.logtail import LogTail, one_line, plain_lines

# The same as the panel's log shows: labextension/src/log/__tests__/buffer.spec.ts reads them too.
VECTORS = json.loads((Path(__file__).parents[2] / "terminal_vectors.json").read_text(encoding="utf-8"))

PLENTY = 10**7
CURSOR = [
    "\n",
    "\r",
    "\r\n",
    "\b",
    *(f"\x1b[{code}" for code in ("A", "2A", "B", "C", "3D", "5G", "K", "1K", "2K", "J")),
]
COLORS = [f"\x1b[{codes}m" for codes in ("31", "1;44", "38;5;9", "38;2;1;2", "7", "0", "")]
IGNORED = ["\x1b]0;t\x07", "\x1b]8;;http://x\x1b\\", "\x1bPq\x1b\\", "\x1b(B", "\x1b7", "\x9b", "\ud800", "\x1b[?25l"]
PIECES = st.sampled_from(["a", "bc", " ", "<b>", "&", "\t", "é", "\x1b", "\x1b[38;5", *CURSOR, *COLORS, *IGNORED])


class TextOf(HTMLParser):
    """The text of a piece of HTML, and the tags in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: set[str] = set()
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)


def html_of(text: str, stream: Literal["stdout", "stderr"] = "stdout") -> str:
    tail = LogTail()
    tail.feed(text, stream)
    return "".join(tail.html_lines(PLENTY))


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_controls_act_as_on_a_terminal(vector: dict[str, Any]) -> None:
    tail = LogTail()
    for piece in vector["pieces"]:
        tail.feed(piece)
    assert tail.text_lines() == vector["lines"]


def test_half_a_pair_of_surrogates_is_left_out() -> None:
    assert plain_lines("half \ud83d pair") == ["half  pair"]


def test_nested_progress_bars_stay_on_their_lines() -> None:
    tqdm = pytest.importorskip("tqdm").tqdm
    printed = StringIO()
    for epoch in tqdm(range(2), file=printed, desc="epochs", mininterval=0, ascii=True, ncols=60):
        for _ in tqdm(range(3), file=printed, desc=f"batch {epoch}", mininterval=0, ascii=True, ncols=60, leave=False):
            pass
    lines = [line for line in plain_lines(printed.getvalue()) if line.strip()]
    assert len(lines) == 1
    assert lines[0].startswith("epochs: 100%|##")
    assert "| 2/2 [" in lines[0]


@given(st.lists(PIECES, max_size=30), st.data())
def test_where_the_text_is_cut_makes_no_difference(pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces)
    whole, parts = LogTail(), LogTail()
    whole.feed(text)
    while text:
        size = data.draw(st.integers(1, len(text)))
        parts.feed(text[:size])
        text = text[size:]
    assert parts.text_lines() == whole.text_lines()
    assert parts.html_lines(PLENTY) == whole.html_lines(PLENTY)
    assert parts.total == whole.total


@given(st.lists(PIECES | st.text(), max_size=30), st.sampled_from(["stdout", "stderr"]))
def test_html_shows_the_same_text_and_nothing_else(pieces: list[str], stream: Literal["stdout", "stderr"]) -> None:
    tail = LogTail()
    tail.feed("".join(pieces), stream)
    parsed = TextOf("".join(tail.html_lines(PLENTY)))
    assert parsed.text == "".join(f"{line}\n" for line in tail.text_lines())
    assert parsed.tags <= {"span"}


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"])))
def test_text_without_controls_is_kept_as_it_is(text: str) -> None:
    assert plain_lines(text) == ([text] if text else [])


def test_markup_in_a_line_stays_text() -> None:
    assert html_of("</pre><script>alert('1')</script>") == (
        "&lt;/pre&gt;&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;\n"
    )


@pytest.mark.parametrize(
    ("printed", "html"),
    [
        ("\x1b[31mred\x1b[0m plain", '<span class="jc-f1">red</span> plain\n'),
        ("\x1b[1;92mok", '<span class="jc-bold jc-f10">ok</span>\n'),
        ("\x1b[38;5;208mx", '<span style="color:#ff8700">x</span>\n'),
        ("\x1b[48;2;1;2;3mx", '<span style="background-color:#010203">x</span>\n'),
        ("\x1b[7mx", '<span class="jc-reverse">x</span>\n'),
        ("\x1b[7;31mx", '<span class="jc-b1">x</span>\n'),
        ("\x1b[31mab\x1b[32m\rc", '<span class="jc-f2">c</span><span class="jc-f1">b</span>\n'),
        ("\x1b[31mone\ntwo", '<span class="jc-f1">one</span>\n<span class="jc-f1">two</span>\n'),
    ],
)
def test_colours_become_spans(printed: str, html: str) -> None:
    assert html_of(printed) == html


def test_stderr_is_told_apart() -> None:
    assert html_of("oh\n", "stderr") == '<span class="jc-row jc-err">oh\n</span>'
    tail = LogTail()
    tail.feed("out ")
    tail.feed("err", "stderr")
    assert tail.html_lines(PLENTY) == ['out <span class="jc-err">err</span>\n']


def test_a_colour_left_on_in_one_stream_does_not_colour_the_other() -> None:
    tail = LogTail()
    tail.feed("\x1b[31m", "stderr")
    tail.feed("plain")
    assert tail.html_lines(PLENTY) == ["plain\n"]


def test_the_last_lines_are_kept_and_all_are_counted() -> None:
    tail = LogTail()
    for first in range(0, 100_000, 10):
        tail.feed("".join(f"line {number}\n" for number in range(first, first + 10)))
    assert tail.total == 100_000
    assert tail.text_lines() == [f"line {number}" for number in range(99_600, 100_000)]
    assert tail.earlier(400) == "… 99,600 earlier lines"


def test_a_budget_keeps_the_last_lines() -> None:
    tail = LogTail()
    tail.feed("aaaa\nbbbb\ncccc\n")
    assert tail.html_lines(10) == ["bbbb\n", "cccc\n"]
    assert tail.html_lines(9) == ["cccc\n"]
    assert tail.html_lines(-1) == []


def test_a_line_without_end_is_cut() -> None:
    tail = LogTail()
    for _ in range(100):
        tail.feed("x" * 1000)
    assert tail.text_lines() == ["x" * 2000 + "…"]
    tail.feed("\rshort\x1b[K")
    assert tail.text_lines() == ["short"]


def test_memory_does_not_grow_with_the_log() -> None:
    tail = LogTail()
    tracemalloc.start()
    try:
        for number in range(6_000):
            tail.feed(f"\x1b[38;2;{number % 256};{number // 256};0m{number}\x1b[0m {'x' * 50}\r")
            tail.feed(f"{'y' * 70}\n", "stderr")
        assert tracemalloc.get_traced_memory()[0] < 5_000_000
    finally:
        tracemalloc.stop()
    assert tail.total == 6_000


def test_one_line_is_one_line() -> None:
    assert one_line("a\n  b\x1b[31m\x07\n") == "a b"
