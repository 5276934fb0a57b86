"""Whether what ran in a kernel is in the notebook's file."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from jupyter_docker.commands.ran_cells import RanCells
from tests.benchmarks.edited_notebook import write_notebook


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """A notebook that was written a minute ago."""
    path = tmp_path / "book.ipynb"
    write_notebook(path, ["x = 1\n", "%containerize"])
    return written(path, seconds_ago=60)


def written(path: Path, *, seconds_ago: float) -> Path:
    os.utime(path, (time.time() - seconds_ago,) * 2)
    return path


def ran(*cells: str, store_history: bool = True) -> RanCells:
    result = RanCells()
    for cell in cells:
        result.note(SimpleNamespace(raw_cell=cell, store_history=store_history))
    return result


def test_cells_as_they_are_in_the_file(notebook: Path) -> None:
    assert ran("x = 1", "%containerize\n").are_in(notebook, running="%containerize")


def test_the_running_cell_must_be_there(notebook: Path) -> None:
    assert not ran().are_in(notebook, running="%containerize build")
    assert not ran().are_in(written(notebook, seconds_ago=-60), running="%containerize build")


def test_a_cell_that_was_edited_and_ran(notebook: Path) -> None:
    cells = ran("x = 2", "%containerize")
    assert not cells.are_in(notebook, running="%containerize")
    assert cells.are_in(written(notebook, seconds_ago=-60), running="%containerize")  # it was changed back, or deleted


def test_what_a_program_runs_without_a_trace_is_no_cell(notebook: Path) -> None:
    assert ran("import of_the_frontend", store_history=False).are_in(notebook, running="%containerize")
