"""Which variables go: what the user wrote, and what a cell needs."""

from __future__ import annotations

import collections
import math
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.exchange.names import auto_names, parse_names
from jupyter_docker.values.errors import UsageError


@pytest.mark.parametrize(
    ("text", "names"),
    [("a", ("a",)), ("a,b", ("a", "b")), (" a , b ,a", ("a", "b")), ("données", ("données",)), ("_", ("_",))],
)
def test_names_are_read(text: str, names: tuple[str, ...]) -> None:
    assert parse_names(text) == names


@pytest.mark.parametrize("text", ["", "a,", "a b", "1a", "a.b", "for", "a;b", "a=1", "../a", "a\n"])
def test_what_is_no_name_is_refused(text: str) -> None:
    if text == "a\n":
        assert parse_names(text) == ("a",)
        return
    with pytest.raises(UsageError, match="is not a variable's name"):
        parse_names(text)


@given(st.text())
def test_only_names_come_out(text: str) -> None:
    try:
        names = parse_names(text)
    except UsageError:
        return
    assert all(name.isidentifier() for name in names)


def own_function() -> None:
    """As defined in the notebook."""


own_function.__module__ = "__main__"
NAMESPACE: dict[str, Any] = {
    "a": 1, "b": 2, "c": 3, "print": 4, "_": 5, "In": [], "np": np, "sys": sys, "deque": collections.deque,
    "root": math.sqrt, "own": own_function,
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("a + b", ("a", "b")),
        ("a = 1\na + b", ("b",)),
        ("a = a + 1", ("a",)),
        ("a += 1", ("a",)),
        ("for a in range(3): pass\na", ("a",)),
        ("if b: a = 1\na", ("a", "b")),
        ("def f(a): return a + b", ("b",)),
        ("def a(): return a\na()", ("a",)),
        ("class A:\n    x = a", ("a",)),
        ("[a for a in b]", ("b",)),
        ("lambda: c", ("c",)),
        ("f'{a!r:{b}}'", ("a", "b")),
        ("del a", ("a",)),
        ("x: a = b", ("a", "b")),
        ("await a", ("a",)),
        ("for x in b:\n    if x: a += 1", ("a", "b")),
        ("for _ in range(3): pass", ()),
        ("print(In, undefined)", ()),
        ("own(); global_ = 1", ("own",)),
        ("", ()),
    ],
)  # fmt: skip
def test_a_cell_takes_what_it_uses_before_it_binds_it(code: str, values: tuple[str, ...]) -> None:
    assert auto_names(code, NAMESPACE).values == values


def test_what_was_imported_is_imported_again() -> None:
    found = auto_names("np.pi, sys.path, deque(), root(2), a", NAMESPACE)
    assert found.values == ("a",)
    assert set(found.imports) == {
        "import numpy as np", "import sys", "from collections import deque", "from math import sqrt as root",
    }  # fmt: skip


def test_an_import_in_the_cell_is_its_own() -> None:
    found = auto_names("import numpy as np\nnp.pi", NAMESPACE)
    assert (found.values, found.imports) == ((), ())


def test_code_that_does_not_parse_says_so() -> None:
    with pytest.raises(SyntaxError):
        auto_names("a +", NAMESPACE)
