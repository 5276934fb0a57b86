"""A notebook's cells as a kernel runs them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jupyter_docker.notebook.cellwise import insert_parameters, runnable_cells
from jupyter_docker.values.errors import CellSyntaxError, UsageError


def code(source: str, *tags: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {"tags": list(tags)}}


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"cells": list(cells)}


def texts(whole: dict[str, Any]) -> list[tuple[int, int, str]]:
    return [(cell.index, cell.number, cell.text) for cell in runnable_cells(whole, Path())]


def test_install_lines_are_left_out_and_what_shows_figures_stays() -> None:
    whole = notebook(
        code("%pip install numpy\nimport numpy"),
        {"cell_type": "markdown", "source": "# words", "metadata": {}},
        code("  \n"),
        code("%matplotlib inline\n%load_ext jupyter_docker\n!ls"),
        code("1 / 0", "skip"),
        code("x?"),
    )
    found = texts(whole)
    assert [(index, number) for index, number, _ in found] == [(0, 1), (3, 2), (5, 4)]
    assert "pip" not in found[0][2].split("\n")[0].partition("#")[0]
    assert found[0][2].split("\n")[1] == "import numpy"
    lines = found[1][2].split("\n")
    assert (lines[0], lines[2]) == ("%matplotlib inline", "!ls")
    assert lines[1].startswith("#")


def test_a_cell_that_does_not_parse_is_named() -> None:
    with pytest.raises(CellSyntaxError) as caught:
        runnable_cells(notebook(code("x = 1"), code("x = = 1")), Path())
    assert caught.value.position is not None
    assert caught.value.position.cell == 2


def test_parameters_come_behind_the_tagged_cell_and_take_no_number() -> None:
    whole = notebook(
        code("year = 2020; name = ''", "parameters"), code("year = 1", "injected-parameters"), code("print(year)")
    )
    insert_parameters(whole, ["year=2024", "name=Ada"])
    assert texts(whole) == [
        (0, 1, "year = 2020; name = ''"),
        (1, 1, "# Parameters\nyear = 2024\nname = 'Ada'"),
        (2, 2, "print(year)"),
    ]


def test_values_need_a_tagged_cell() -> None:
    whole = notebook(code("print(year)"))
    with pytest.raises(UsageError) as caught:
        insert_parameters(whole, ["year=2024"])
    assert caught.value.message == "The notebook has no parameter 'year'."
    assert caught.value.hint == "Tag the cell that sets its defaults with 'parameters'."
    assert len(whole["cells"]) == 1


def test_without_parameters_nothing_changes() -> None:
    whole = notebook(code("year = 1", "injected-parameters"))
    insert_parameters(whole, [])
    assert len(whole["cells"]) == 1


@pytest.mark.parametrize("word", ["year=[1, {2}]", "year=1e999"])
def test_a_parameter_that_is_no_literal_is_refused(word: str) -> None:
    with pytest.raises(UsageError, match="year"):
        insert_parameters(notebook(code("year = f()", "parameters")), [word])
