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


MISSPELT = {
    "yaer": "year", "yeer": "year", "years": "year", "YEAR": "year", "n_step": "n_steps", "nsteps": "n_steps",
    "n_setps": "n_steps", "learning_rat": "learning_rate", "learnig_rate": "learning_rate", "contries": "countries",
}  # fmt: skip


@pytest.mark.parametrize("name", MISSPELT)
@pytest.mark.parametrize("tags", [["parameters"], []])
def test_a_misspelt_name_is_refused_with_the_one_that_is_meant(name: str, tags: list[str]) -> None:
    cell = code("year: int = 2023\nn_steps, learning_rate = 5, 0.1\nif year:\n    countries = ['NL']", *tags)
    with pytest.raises(UsageError) as caught:
        export(cell, "print(year, countries)", parameters={name: 1})
    assert caught.value.message.startswith(f"The notebook has no parameter '{name}': ")
    assert caught.value.hint == (f"Did you mean '{MISSPELT[name]}'? There is countries, learning_rate, n_steps, year.")


def test_a_name_that_nothing_is_like_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        export(code("x = 1; import y", "parameters"), "z = 2\nz", parameters={"z": 1})
    assert caught.value.message == "The notebook has no parameter 'z': the cell tagged 'parameters' does not set it."
    assert caught.value.hint == "There is x, y."


@pytest.mark.parametrize(
    "cells",
    [
        (code("# year must be given", "parameters"), "print(year)"),
        (code("other = 1", "parameters"), "def f():\n    return year"),
        (code("other = 1", "parameters"), "!echo {year}"),
        (code("other = 1", "parameters"), "frame.query('x == @year')"),
        (code("from defaults import *", "parameters"), "1"),
    ],
)
def test_a_parameter_may_have_no_default(cells: tuple[dict[str, Any] | str, ...]) -> None:
    assert "year = 1\n" in export(*cells, parameters={"year": 1}).script.text


@pytest.mark.parametrize(
    "cell",
    [
        "try:\n    year\nexcept NameError:\n    year = 2023",
        "year = globals().get('year', 2023)",
        "if 'year' not in globals():\n    year = 2023",
        "print(year)\nyear = 5",
        "year = year or 2023",
    ],
)
def test_without_a_tagged_cell_a_default_that_gives_way_is_one(cell: str) -> None:
    assert "year = 1\n" in export(cell, parameters={"year": 1}).script.text


@pytest.mark.parametrize("cell", ["year = 2023", "year: int = 2023", "x = 1\n(month, year) = 1, 2023"])
def test_without_a_tagged_cell_a_value_that_would_be_lost_is_refused(cell: str) -> None:
    with pytest.raises(UsageError) as caught:
        export("import x", cell, parameters={"year": 1})
    assert caught.value.message == "Cell 2 sets 'year' itself, so the value given with -P would be lost."
    assert caught.value.hint.startswith("Tag cell 2 'parameters'")


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
