"""Jupyter's own programs, each running a demo notebook in its container as with any other kernel."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import papermill
import pexpect
import pytest
from nbclient import NotebookClient

from jupyter_docker.engine.connection.engine import Engine
from tests.engine.kernel.kernels import Registered, await_nothing_left, python

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def nothing_left(engine: Engine, label: str) -> Iterator[None]:
    yield
    await_nothing_left(engine, label, os.getpid())


def assert_ran(notebook: Path) -> None:
    """Every code cell has its number, and the figure and what was printed are there."""
    document = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    cells = [cell for cell in document.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == [*range(1, len(cells) + 1)]
    shown = [kind for cell in cells for output in cell.outputs for kind in output.get("data", ())]
    assert shown.count("image/png") == 1
    assert " a year " in "".join(output.get("text", "") for cell in cells for output in cell.outputs)


def written(demo: Registered) -> set[str]:
    return {path.name for path in (demo.notebook.parent / "output").iterdir()}


def test_nbclient(demo: Registered) -> None:
    document = nbformat.read(demo.notebook, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(document, kernel_name=demo.kernel.name).execute()
    target = demo.notebook.parent / "nbclient.ipynb"
    nbformat.write(document, target)  # type: ignore[no-untyped-call]
    assert_ran(target)
    assert {"rates.csv", "shares.csv"} <= written(demo)


def test_papermill_with_a_parameter(demo: Registered, tmp_path: Path) -> None:
    target = tmp_path / "paid.ipynb"
    papermill.execute_notebook(
        demo.notebook, target, parameters={"years": 12}, kernel_name=demo.kernel.name, progress_bar=False
    )
    assert_ran(target)
    assert (demo.notebook.parent / "output" / "rates.csv").exists()
    assert "years = 12" in target.read_text()


def test_nbconvert_execute(demo: Registered, tmp_path: Path) -> None:
    words = ("nbconvert", "--to", "notebook", "--execute", f"--ExecutePreprocessor.kernel_name={demo.kernel.name}")
    done = python(*words, "--output-dir", str(tmp_path), "--output", "converted", str(demo.notebook))
    assert done.returncode == 0, done.stderr
    assert_ran(tmp_path / "converted.ipynb")


def test_jupyter_execute(demo: Registered) -> None:
    target = demo.notebook.parent / "executed.ipynb"
    shutil.copy(demo.notebook, target)
    words = ("jupyter", "execute", "--inplace", f"--kernel_name={demo.kernel.name}", str(target))
    done = python(*words)
    assert done.returncode == 0, done.stderr
    assert_ran(target)


RUN_NOTEBOOK = """import json; cells = json.load(open('portfolio.ipynb'))['cells']; \
all([get_ipython().run_cell(''.join(each['source'])).success for each in cells if each['cell_type'] == 'code'])"""


@contextmanager
def console_of(kernel: str) -> Iterator[pexpect.spawn[str]]:
    words = ["-m", "jupyter", "console", "--simple-prompt", "--kernel", kernel]
    console = pexpect.spawn(sys.executable, words, encoding="utf-8", timeout=60)
    try:
        console.expect(r"In \[1\]: ")
        yield console
        console.sendline("exit")
        console.expect(pexpect.EOF)
    finally:
        console.close()
    assert console.exitstatus == 0


def test_jupyter_console_runs_the_notebook(demo: Registered) -> None:
    (demo.notebook.parent / "output" / "rates.csv").unlink(missing_ok=True)
    with console_of(demo.kernel.name) as console:
        console.sendline(RUN_NOTEBOOK)
        console.expect(" a year ")
        console.expect(r"Out\[1\]: True")
        console.expect(r"In \[\d+\]: ")
    assert "rates.csv" in written(demo)


def test_jupyter_console_asks(registered: Registered) -> None:
    with console_of(registered.kernel.name) as console:
        console.sendline("import beside, os; print(beside.ANSWER, os.getcwd(), open('data.txt').read())")
        console.expect(r"42 /app data\r\n")
        console.expect(r"In \[2\]: ")
        console.sendline("input('name? ')")
        console.expect("name\\? ")
        console.sendline("Ada")
        console.expect("'Ada'")
