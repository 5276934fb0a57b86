"""What a container prints may colour a terminal, and not steer it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.display.terminal.controls import ControlFilter


def shown(*pieces: str) -> str:
    controls = ControlFilter()
    return "".join(controls.feed(piece) for piece in pieces)


@pytest.mark.parametrize(
    "text",
    [
        "plain é 🐧\n",
        "\x1b[31mred\x1b[0m",
        "\x1b[38;5;4mx\x1b[m",
        " 50%|##\r100%|####\n",
        "a\b \b\t",
        "\x1b[2K\x1b[1A\x1b[1G",
    ],
)
def test_colours_and_progress_bars_pass(text: str) -> None:
    assert shown(text) == text


@pytest.mark.parametrize(
    "sequence",
    [
        "\x1b]0;title\x07", "\x1b]52;c;aGk=\x1b\\", "\x1b]8;;file:///etc/passwd\x07", "\x1bP1$r\x1b\\",
        "\x1b_apc\x1b\\", "\x1b^pm\x1b\\", "\x1bXsos\x1b\\", "\x1b[2J", "\x1b[H", "\x1b[1;1f", "\x1b[?1049h",
        "\x1b[6n", "\x1b[c", "\x1b[21t", "\x1b[5i", "\x1bc", "\x1b7", "\x1b(0", "\x1b[!p", "\x1b[?25l", "\x1b[1 q",
        "\x9d0;title\x9c", "\x9b2J", "\x90x\x9c", "\x07", "\x0e", "\x00", "\x7f", "\x85", "\x1b[" + "1;" * 100 + "m",
    ],
)  # fmt: skip
def test_what_steers_the_terminal_does_not(sequence: str) -> None:
    assert shown(f"a{sequence}b") == "ab"
    assert shown("a", *sequence, "b") == "ab"


def test_a_string_that_never_ends_takes_no_more_than_its_line() -> None:
    assert shown("a\x1b]0;never\nb\n") == "a\nb\n"
    assert shown("a\x1b]0;", *["x" * 1000] * 10, "\nb") == "a\nb"


CHARACTERS = st.text(st.sampled_from("\x1b\x9b\x9d\x90\x9c\x07[]P;?0123mKHJ\\ \nab\r"), max_size=40)


@given(st.lists(CHARACTERS))
def test_nothing_but_what_is_kept_comes_through(pieces: list[str]) -> None:
    text = shown(*pieces)
    assert text == shown("".join(pieces))
    rest = re.sub(r"\x1b\[[0-9;:]*[mKABCDG]", "", text)
    assert not re.search(r"[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]", rest)


@given(st.text())
def test_text_without_controls_is_as_it_was(text: str) -> None:
    plain = re.sub(r"[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]", "", text)
    assert shown(plain) == plain
