import ast
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.errors import UsageError
from jupyter_docker.export import parse_parameters
from jupyter_docker.export.parameters import literal
from tests.unit.export_case import code, export, run, text


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("a=1", 1),
        ("a=1.5", 1.5),
        ("a='1'", "1"),
        ("a=text", "text"),
        ("a=", ""),
        ("a=x=y", "x=y"),
        ("a=[1, {'b': None}]", [1, {"b": None}]),
        ("a=true", True),
        ("a=False", False),
        ("a=null", None),
        ("a=2024-01-01", "2024-01-01"),
        ("a={1, 2}", "{1, 2}"),
        ("a=1e999", "1e999"),
        ("a=" + "9" * 5000, "9" * 5000),
        ("a=" + "(" * 10_000, "(" * 10_000),
        ("a=\0", "\0"),
        ("é = 1", 1),
    ],
)
def test_values(word: str, value: object) -> None:
    (found,) = parse_parameters([word]).values()
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("word", ["a", "=1", "1a=1", "a b=1", "class=1", "a.b=1", "None=1", "__debug__=1", ""])
def test_what_is_no_parameter(word: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_parameters([word])
    assert caught.value.message == f"'{word}' is not a parameter."


@given(st.text())
def test_any_text_is_a_value_that_can_be_written(value: str) -> None:
    (found,) = parse_parameters([f"a={value}"]).values()
    assert ast.literal_eval(literal(found)) == found


def test_values_are_set_behind_the_tagged_cell(tmp_path: Path) -> None:
    exported = export("x = 0", code("x = 1\ny = 2", "parameters"), "x, y", parameters={"x": "é"})
    assert "# %% [injected-parameters]\nx = 'é'\n\n# %% [cell 3]" in exported.script.text
    assert exported.script.parameters == {"x": "é"}
    assert exported.warned == ()
    assert [cell.number for cell in exported.script.cells] == [1, 2, 3]
    assert run(exported.script, tmp_path).stdout == "('é', 2)\n"


def test_values_are_set_in_ipython_too(tmp_path: Path) -> None:
    script = export(code("x = 1", "parameters"), "!echo {x}", parameters={"x": 5}).script
    assert run(script, tmp_path).stdout == "5\n"


def test_a_name_that_the_tagged_cell_lacks_is_said() -> None:
    exported = export(code("x = 1; import y", "parameters"), parameters={"z": 1})
    assert [(warned.message, warned.hint) for warned in exported.warned] == [
        ("The cell tagged 'parameters' does not set 'z'.", "It has x, y.")
    ]
    assert "z = 1\n" in exported.script.text


def test_without_a_tagged_cell_values_come_first(tmp_path: Path) -> None:
    exported = export(text("# T"), "x", parameters={"x": [1, (2,)]})
    assert [warned.message for warned in exported.warned] == [
        "No cell is tagged 'parameters', so the values are set before the first cell."
    ]
    assert exported.script.text.index("x = [1, (2,)]") < exported.script.text.index("# T")
    assert run(exported.script, tmp_path).stdout == "[1, (2,)]\n"


def test_what_papermill_injected_gives_way(tmp_path: Path) -> None:
    cells = [code("x = 1", "parameters"), code("x = 2", "injected-parameters"), code("x")]
    assert run(export(*cells, parameters={"x": 3}).script, tmp_path).stdout == "3\n"
    assert run(export(*cells).script, tmp_path).stdout == "2\n"


@pytest.mark.parametrize("value", [{1, 2}, float("inf"), object(), Path(), [{1, 2}]])
def test_a_value_without_a_literal_is_refused(value: Any) -> None:
    with pytest.raises(UsageError, match=r"^The parameter 'x' can't be written as a Python literal\.$"):
        export("x = 1", parameters={"x": value})
