"""``%containerize`` in a real kernel: which notebook is meant, what a cell shows, and where nobody can answer."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.images.prune import plan_prune

LOAD = "%load_ext jupyter_docker"
NOTHING_DONE = "Nothing was done: add --force to do it.\n"

pytestmark = pytest.mark.engine

RunCells = Callable[..., list[list[Any]]]


@pytest.fixture(autouse=True)
def _unnamed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No server has named a notebook, and logs go to the test's folder."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))


def notebook_of(*cells: str) -> Any:
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]  # type: ignore[no-untyped-call]
    return nbformat.v4.new_notebook(cells=code)  # type: ignore[no-untyped-call]


def write(path: Path, *cells: str) -> Path:
    nbformat.write(notebook_of(*cells), path)  # type: ignore[no-untyped-call]
    return path


@pytest.fixture
def run_cells(tmp_path: Path) -> RunCells:
    """Run the cells in a kernel of their own, after loading the extension, as nbclient does; returns their outputs."""

    def run(*cells: str) -> list[list[Any]]:
        notebook = notebook_of(LOAD, *cells)
        resources = {"metadata": {"path": str(tmp_path)}}
        NotebookClient(notebook, kernel_name="python3", timeout=280, allow_errors=True, resources=resources).execute()
        assert notebook.cells[0].outputs == []
        return [cell.outputs for cell in notebook.cells[1:]]

    return run


def text_of(output: Any) -> list[str]:
    """The lines of a card as text."""
    assert output.output_type == "display_data"
    lines: list[str] = output.data["text/plain"].splitlines()
    return lines


def test_an_unknown_notebook_is_asked_for(run_cells: RunCells) -> None:
    ((card, error),) = run_cells("%containerize")
    assert text_of(card)[1:] == ["error: Which notebook?", "hint: Name it, as in `run analysis.ipynb`."]
    assert error.traceback == ["UsageError: Which notebook?"]


def test_a_named_notebook_runs_under_nbclient(run_cells: RunCells, tmp_path: Path) -> None:
    write(tmp_path / "sum.ipynb", "print('the sum is', sum(range(10)))")
    first, second = run_cells("%containerize run sum.ipynb", "%containerize run sum.ipynb")
    for (card,) in (first, second):
        text = text_of(card)
        assert [line[0] for line in text[1:5]] == ["✓"] * 4
        assert text[5:9] == ["", "the sum is 45", "", "'sum.ipynb' ran in its container."]
    log = Path(text_of(second[0])[-1].split()[1])
    assert log.parent == tmp_path / "state/jupyter-containerize/runs"
    assert log.read_text() == "the sum is 45\n"


def test_vs_code_names_the_notebook(run_cells: RunCells, tmp_path: Path) -> None:
    named = f"__vsc_ipynb_file__ = {str(tmp_path / 'in code.ipynb')!r}"
    write(tmp_path / "in code.ipynb", LOAD, named, "%containerize", "print('in a container')")
    _, (card,), (warned,), _, (edited,) = run_cells(
        named, "%containerize", "%containerize build", "x = 'edited'", "%containerize"
    )
    text = text_of(card)
    assert text[0].startswith("in code.ipynb: done, ")
    assert text[5:8] == ["", "in a container", ""]
    assert not any(line.startswith("warning") for line in text)
    hint = "Save the notebook (Ctrl+S) and run this cell again."
    warning = f"warning: What runs is the notebook as it was last saved. (hint: {hint})"
    for one in (warned, edited):
        assert [line for line in text_of(one) if line.startswith("warning")] == [warning]


@pytest.mark.parametrize("gone", [False, True])
def test_the_server_names_the_notebook(
    gone: bool, run_cells: RunCells, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "session.ipynb", LOAD, "%containerize freeze")
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    if gone:
        path.rename(tmp_path / "renamed.ipynb")
    (outputs,) = run_cells("%containerize freeze")
    if gone:
        assert outputs[-1].traceback == ["UsageError: Which notebook?"]
    else:
        assert text_of(outputs[0])[0].startswith("session.ipynb: done, ")
        assert outputs[1].output_type == "execute_result"


def test_a_failing_notebook_fails_the_cell(run_cells: RunCells, tmp_path: Path) -> None:
    write(tmp_path / "broken.ipynb", "half = 1", "half /= 0")
    ((card, error),) = run_cells("%containerize run broken.ipynb")
    assert "error: ZeroDivisionError: division by zero (cell 2, line 1)" in text_of(card)
    assert error.ename == "ScriptFailedError"
    assert error.traceback == ["ScriptFailedError: ZeroDivisionError: division by zero (cell 2, line 1)"]


def test_prune_does_nothing_where_nobody_can_answer(run_cells: RunCells, tmp_path: Path, engine: Engine) -> None:
    write(tmp_path / "unused.ipynb", "print('not used')")
    _, outputs = run_cells("%containerize build unused.ipynb", "%containerize prune")
    assert {output.output_type for output in outputs} == {"stream"}
    text = "".join(output.text for output in outputs)
    assert text.startswith("To be removed: ")
    assert text.endswith(NOTHING_DONE)
    names = [one.name for one in plan_prune(engine).images]
    assert [name for name in names if name.startswith("unused:")] != []


def test_prune_asks_and_takes_no_for_an_answer(tmp_path: Path, engine: Engine) -> None:
    write(tmp_path / "refused.ipynb", "print('kept')")
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(tmp_path))
    asked = []

    def answer(message: Any) -> None:
        asked.append(message["content"]["prompt"])
        client.input("n")

    try:
        client.execute_interactive(f"{LOAD}\n%containerize build refused.ipynb", output_hook=lambda _: None)
        reply = client.execute_interactive("%containerize prune", stdin_hook=answer, output_hook=lambda _: None)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert reply["content"]["status"] == "ok"
    assert asked == ["Do it? [y/N] "]
    assert any(one.name.startswith("refused:") for one in plan_prune(engine).images)


def test_in_a_terminal_ipython_shows_what_the_command_shows(tmp_path: Path) -> None:
    write(tmp_path / "sum.ipynb", "print('the sum is', sum(range(10)))")
    command = [sys.executable, "-m", "IPython", "--colors=NoColor", "-c", f"{LOAD}\n%containerize run sum.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["the sum is 45"]
    assert "'sum.ipynb' ran in its container." in done.stderr
    assert "Traceback" not in done.stderr
