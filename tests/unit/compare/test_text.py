"""The normal form of printed text: whatever is printed is read, and only what each run prints otherwise is masked."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.compare.findings import LOOKS
from jupyter_docker.compare.rules import Rules
from jupyter_docker.compare.text import Reader
from jupyter_docker.compare.tokens import lines_of, plain

READER = Reader(ran=date(2026, 11, 29))
# Signs that the patterns are made of, so that they meet each other.
SIGNS = st.text(st.sampled_from("01259 .,:;-+eE/\\|#=>[]{}()xabfT_'\"\r\n\b\x1bsmµ%"), max_size=60)
ANY = st.one_of(st.text(max_size=60), SIGNS)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(ANY)
def test_every_text_is_the_same_as_itself(text: str) -> None:
    assert READER.compare(text, text).look == "same"


@given(ANY, ANY)
def test_any_two_texts_have_a_look_and_a_score(one: str, other: str) -> None:
    finding, back = READER.compare(one, other), READER.compare(other, one)
    assert finding.look in LOOKS
    assert 0 <= finding.score <= 1
    assert (finding.look == "value") == (back.look == "value")


@given(ANY)
def test_no_sign_that_is_seen_is_lost(text: str) -> None:
    shown = plain(text)
    kept = "".join(token.text for line in lines_of(shown) for token in line)
    seen = re.sub(r"[\s\u2500-\u257f]", "", shown)
    assert re.sub(r"[\s\u2500-\u257f]", "", kept) == seen


@given(st.lists(st.sampled_from(["a", "12", "b_c", "(x)", "=", "0.5", "'q'", "→"]), min_size=1), st.data())
def test_spaces_and_colours_change_nothing(words: list[str], data: st.DataObject) -> None:
    between = st.sampled_from(["  ", "\t", "\n", " \x1b[1;31m", "\x1b[0m\n"])
    spaced = "".join(word + data.draw(between) for word in words)
    assert READER.compare(" ".join(words), spaced).look == "equivalent"


@given(NUMBERS, NUMBERS)
def test_numbers_are_the_same_within_tolerance_alone(one: float, other: float) -> None:
    finding = READER.compare(f"x = {one!r}", f"x = {other!r}")
    assert (finding.look != "value") == Rules().are_close(one, other)


@given(st.lists(st.sampled_from(["'a'", "'b'", "1", "2.5", "None", "(1, 2)"]), min_size=2, unique=True), st.randoms())
def test_a_set_has_no_order(items: list[str], random: object) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    look = READER.compare(f"{{{', '.join(items)}}}", f"{{{', '.join(shuffled)}}}").look
    assert look == ("same" if shuffled == items else "order")
    assert READER.compare(f"{{{', '.join(items)}}}", f"{{{', '.join(items[1:])}}}").look == "value"


@pytest.mark.parametrize(
    ("saved", "new"),
    [
        ("accuracy 0.91", "accuracy 0.92"),
        ("n = 10", "n = 11"),
        ("energy 5.2 s", "energy 9.9 s"),
        ("sha256:" + "a" * 64, "sha256:" + "b" * 64),
        ("loss 0.5, accuracy 0.7", "loss 0.7, accuracy 0.5"),
        ("(1, 2)", "(2, 1)"),
        ("until 2019-05-01", "until 2019-08-01"),
        ("/data/a.csv", "/data/b.csv"),
        ("True", "False"),
        ("1.0", "nan"),
        ("[1 2 3]", "[3 2 1]"),
        ("a" * 500_000, "a" * 499_999 + "b"),
    ],
)
def test_what_may_matter_is_not_masked(saved: str, new: str) -> None:
    assert READER.compare(saved, new).look == "value"


@pytest.mark.parametrize(
    "text", ["a_" * 100_000, "/" * 200_000, "1e" * 100_000, "[=" * 100_000, "\b" * 200_000, "12:" * 70_000]
)
def test_no_text_takes_long_to_read(text: str) -> None:
    """A pattern that went back and forth over such text would take hours."""
    assert READER.compare(text, text + "x").look == "value"
