"""``run --mode notebook``: the executed notebook, live output, and what is said when a cell fails."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.containers.listing import list_containers
from tests.engine.command import Outcome, containerize

pytestmark = pytest.mark.engine


def write(notebook: Path, *sources: str, tags: tuple[str, ...] = ()) -> Path:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]  # type: ignore[no-untyped-call]
    cells[0].metadata["tags"] = list(tags)
    cells.insert(1, nbformat.v4.new_markdown_cell("# words"))  # type: ignore[no-untyped-call]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebook)  # type: ignore[no-untyped-call]
    return notebook


def execute(notebook: Path, *words: str) -> Outcome:
    return containerize("run", "--mode", "notebook", str(notebook), *words, "--json", cwd=notebook.parent)


def code_cells(notebook: Path) -> list[Any]:
    document = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(document)
    return [cell for cell in document.cells if cell.cell_type == "code"]


def test_outputs_are_in_the_executed_notebook_and_on_the_way(tmp_path: Path) -> None:
    notebook = write(
        tmp_path / "rich.ipynb",
        "import sys; print('out'); print('err', file=sys.stderr); 6 * 7",
        "from IPython.display import HTML, display; display(HTML('<b>bold</b>'))",
        "handle = display('first', display_id=True); handle.update('second')",
    )
    done = execute(notebook)
    assert done.status == 0, done.stdout
    first, second, third = code_cells(tmp_path / "rich.executed.ipynb")
    assert {output.output_type for output in first.outputs} == {"stream", "execute_result"}
    assert second.outputs[0].data["text/html"] == "<b>bold</b>"
    assert third.outputs[0].data["text/plain"] == "'second'"
    logs = [
        (event["stream"], event["text"]) for event in done.events if event["type"] == "Log" and event["step"] == "run"
    ]
    assert ("stderr", "err\n") in logs
    assert "out\n" in "".join(text for stream, text in logs if stream == "stdout")
    steps = [event["current"] for event in done.events if event["type"] == "Progress" and event["item"] == "cells"]
    assert sorted(set(steps)) == [1, 2, 3]
    log = Path(done.events[-1]["facts"]["log"]).read_text()
    assert "42" in log


def test_a_failing_cell_is_named_and_what_ran_is_kept(tmp_path: Path) -> None:
    notebook = write(tmp_path / "failing.ipynb", "print('ran')", "x = 1\n\nx / 0", "print('never')")
    done = execute(notebook, "--output-notebook", str(tmp_path / "kept.ipynb"))
    assert done.status == 1
    failed = done.events[-1]
    assert (failed["type"], failed["cell"], failed["line"]) == ("Failed", 2, 3)
    assert failed["message"] == "The notebook failed in cell 2, line 3: ZeroDivisionError: division by zero\n    x / 0"
    ran, failing, never = code_cells(tmp_path / "kept.ipynb")
    assert ran.outputs[0].text == "ran\n"
    assert failing.outputs[0].ename == "ZeroDivisionError"
    assert (never.execution_count, never.outputs) == (None, [])


def test_parameters_are_injected_as_papermill_does(tmp_path: Path) -> None:
    notebook = write(tmp_path / "parameters.ipynb", "year = 2020", "print(year)", "1/0", tags=("parameters",))
    done = execute(notebook, "-P", "year=2024")
    assert done.events[-1]["cell"] == 3  # as in the notebook, which has no injected cell
    defaults, injected, shown, _ = code_cells(tmp_path / "parameters.executed.ipynb")
    assert (defaults.source, injected.source) == ("year = 2020", "# Parameters\nyear = 2024")
    assert injected.metadata.tags == ["injected-parameters"]
    assert shown.outputs[0].text == "2024\n"


def test_install_lines_and_skipped_cells_stay_in_the_notebook_and_do_not_run(tmp_path: Path) -> None:
    notebook = write(
        tmp_path / "skipped.ipynb", "raise SystemError", "%pip install packaging\nprint(1)", tags=("skip",)
    )
    assert execute(notebook).status == 0
    skipped, installing = code_cells(tmp_path / "skipped.executed.ipynb")
    assert (skipped.execution_count, skipped.outputs) == (None, [])
    assert installing.source == "%pip install packaging\nprint(1)"
    assert installing.outputs[0].text == "1\n"


def test_files_that_no_mount_keeps_are_copied(tmp_path: Path) -> None:
    notebook = write(tmp_path / "files.ipynb", "open('result.txt', 'w').write('kept')")
    done = execute(notebook)
    (warned,) = [event for event in done.events if event["type"] == "Warned"]
    assert "1 file that no mount keeps: result.txt" in warned["message"]


def test_a_kernel_that_dies_says_why_and_where(tmp_path: Path) -> None:
    notebook = write(tmp_path / "dying.ipynb", "print('ran')", "kept = []\nwhile True: kept.append(bytearray(10**7))")
    done = execute(notebook, "--memory", "200m")
    assert done.status == 92
    assert done.events[-1]["cell"] == 2
    assert "used all the memory it may, 200 MB" in done.events[-1]["message"]
    assert code_cells(tmp_path / "dying.executed.ipynb")[0].outputs[0].text == "ran\n"


def test_an_interrupt_removes_the_container_and_keeps_what_ran(tmp_path: Path, engine: Engine) -> None:
    notebook = write(tmp_path / "endless.ipynb", "print('ran')", "import time; print('begun'); time.sleep(600)")
    words = [sys.executable, "-m", "jupyter_docker", "run", "--mode", "notebook", str(notebook)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        while "begun" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert process.returncode == 130
    assert "The run was interrupted; its container was removed." in said
    assert not [one for one in list_containers(engine, all=True) if one.labels.get(NOTEBOOK) == notebook.name]
    assert code_cells(tmp_path / "endless.executed.ipynb")[0].outputs[0].text == "ran\n"


NOTEBOOK = "jupyter-containerize.notebook"


def test_a_place_where_nothing_can_be_written_is_refused_before_the_build(tmp_path: Path) -> None:
    notebook = write(tmp_path / "refused.ipynb", "print(1)")
    done = execute(notebook, "--output-notebook", str(tmp_path / "gone" / "out.ipynb"))
    assert done.status == 2
    assert [event["type"] for event in done.events] == ["Failed"]
    assert os.listdir(tmp_path) == ["refused.ipynb"]  # noqa: PTH208


def begun(notebook: Path, *words: str) -> subprocess.Popen[str]:
    """Start the notebook as a program of its own, and wait until a cell has printed "begun"."""
    command = [sys.executable, "-m", "jupyter_docker", "run", "--mode", "notebook", str(notebook), *words]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=notebook.parent
    )
    assert process.stdout is not None
    while "begun" not in (line := process.stdout.readline()):
        assert line, "it ended before"
    return process


def test_what_a_killed_client_left_is_saved_by_the_next_run(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    source = "import time; open('result.csv', 'w').write('kept'); print('begun'); time.sleep(600)"
    name = f"cut-notebook-{os.getpid()}"
    process = begun(write(tmp_path / "cut.ipynb", source), "--name", name)
    process.kill()
    process.communicate()
    done = containerize("run", str(write(tmp_path / "other.ipynb", "print('other')")))
    assert (done.status, done.stdout) == (0, "other\n")
    assert f"The run '{name}' was cut off" in done.stderr
    (saved,) = (tmp_path / "state").rglob("*-files/result.csv")
    assert saved.read_text() == "kept"
    assert [one.name for one in list_containers(engine, all=True) if one.name.startswith(name)] == []


def test_what_was_written_before_the_kernel_died_is_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    dying = "import os, signal; open('result.csv', 'w').write('kept'); os.kill(os.getpid(), signal.SIGKILL)"
    assert execute(write(tmp_path / "dying.ipynb", dying)).status == 92
    (saved,) = (tmp_path / "state").rglob("*-files/result.csv")
    assert saved.read_text() == "kept"


def test_a_container_whose_files_can_not_be_saved_is_kept(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    name = f"full-notebook-{os.getpid()}"
    (tmp_path / "state/jupyter-containerize").mkdir(parents=True)
    (tmp_path / "state/jupyter-containerize/runs").write_text("in the way")
    done = execute(write(tmp_path / "full.ipynb", "open('result.csv', 'w').write('kept')"), "--name", name)
    try:
        assert (done.status, done.events[-1]["error"]) == (98, "UnsavedResultsError")
        copy = done.events[-1]["hint"].partition("`")[2].partition("`")[0].replace("FOLDER", str(tmp_path))
        subprocess.run(copy, shell=True, check=True)  # noqa: S602 - as it would be typed
        assert (tmp_path / "app/result.csv").read_text() == "kept"
    finally:
        for one in engine.client.containers.list(all=True, filters={"name": name}):
            one.remove(force=True)


def test_the_report_is_a_page_with_the_outputs_also_of_a_run_that_failed(tmp_path: Path) -> None:
    notebook = write(
        tmp_path / "told.ipynb",
        "from IPython.display import HTML, display; display(HTML('<b>bold</b>'))",
        "x = 1 / 0",
    )
    (tmp_path / "secret.txt").write_text("a word of this machine")
    document = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    document.cells[1].source = "![not read](secret.txt)"
    nbformat.write(document, notebook)  # type: ignore[no-untyped-call]
    done = execute(notebook, "--report")
    assert done.status == 1
    page = (tmp_path / "told.executed.html").read_text()
    assert "<b>bold</b>" in page
    assert "ZeroDivisionError" in page
    assert "<title>told.executed</title>" in page
    assert "secret.txt" in page
    assert "data:text/plain" not in page
    outputs = [path for event in done.events for path in event.get("outputs", ())]
    assert str(tmp_path / "told.executed.html") in outputs


def test_a_report_needs_a_run_cell_by_cell(tmp_path: Path) -> None:
    done = containerize("run", str(write(tmp_path / "script.ipynb", "1")), "--report")
    assert done.status == 2
    assert "--mode notebook" in done.stderr
