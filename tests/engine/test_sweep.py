"""Sweeps on a real engine: the table, and what becomes of rows, clients and containers that fail."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from jupyter_docker import api
from jupyter_docker.engine.connection.engine import Engine
from tests.engine.sweeping import Sweeps, column, table, write_notebook

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweep")
    write_notebook(folder)
    return folder


@pytest.fixture
def sweeps(engine: Engine, folder: Path, tmp_path: Path) -> Iterator[Sweeps]:
    sweeps = Sweeps(folder, tmp_path)
    yield sweeps
    for path in (tmp_path / "jupyter-containerize/sweeps").glob("swept-*"):
        sweeps.run("rm", "-f", path.name)


def test_each_row_is_run_recorded_and_returned(sweeps: Sweeps) -> None:
    grid = ("--grid", "number=range(3)", "--grid", "do=end,fail", "-o", "score,names")
    outcome = sweeps.sweep(*grid)
    assert outcome.status == 1
    rows = table(outcome)
    assert column(rows, "task", "number", "do") == [
        (index, index // 2, ("end", "fail")[index % 2]) for index in range(6)
    ]
    assert column(rows, "status", "score") == [
        ("ok", n / 2) if n == int(n) else ("failed", None) for n in (0, 0.5, 1, 1.5, 2, 2.5)
    ]
    assert column(rows[1::2], "error", "cell", "line") == [("ValueError: no no no", 3, 2)] * 3
    assert rows[2]["names"] == ["a", "end"]
    assert [Path(path).read_text() for row in rows[::2] for path in row["files"]] == ["0.0", "0.5", "1.0"]
    finished = outcome.events[-7]
    assert (finished["type"], finished["exit_code"]) == ("Finished", 1)
    assert finished["facts"]["failures"] == "3 × ValueError in cell 3"

    _found_again(sweeps, grid)
    _looked_at(sweeps)
    _mended(sweeps)


def _found_again(sweeps: Sweeps, grid: Sequence[str]) -> None:
    """The same rows and image are the same sweep: nothing runs anew."""
    before = sweeps.journal()
    again = sweeps.sweep(*grid)
    assert again.status == 1
    assert len(table(again)) == 6
    assert sweeps.journal() == before


def _looked_at(sweeps: Sweeps) -> None:
    name = sweeps.path.name
    assert "begins 2.0" in sweeps.run("logs", f"{name}/4").stdout
    assert "ValueError: no no no" in sweeps.run("logs", f"{name}/5", "-n", "2").stdout
    assert "3 ok, 3 failed" in sweeps.run("sweeps").stdout
    for ending, beginning in (
        ("csv", "task,number,do,score,names,status"),
        ("html", "<!doctype html>"),
        ("parquet", "PAR1"),
    ):
        file = sweeps.state / f"table.{ending}"
        assert sweeps.run("results", name, "--output", str(file)).status == 0
        assert file.read_bytes().startswith(beginning.encode())
    missing = sweeps.run("logs", f"{name}/6")
    assert (missing.status, "counted from 0" in missing.stderr) == (89, True)


def _mended(sweeps: Sweeps) -> None:
    """--resume runs the rows without a good record, and those alone."""
    (sweeps.flags / "mended").touch()
    before = len(sweeps.journal())
    outcome = sweeps.run("sweep", "--resume", sweeps.path.name, "--json")
    assert outcome.status == 0, outcome.stdout
    assert column(table(outcome), "status", "score") == [("ok", number / 2) for number in (0, 0, 1, 1, 2, 2)]
    assert {line["index"] for line in sweeps.journal()[before:]} == {1, 3, 5}


def test_a_sweep_outlives_its_client(sweeps: Sweeps) -> None:
    client = sweeps.client("--grid", "number=range(4)", "--at-once", "1")
    sweeps.wait(lambda: list(sweeps.state.glob("jupyter-containerize/sweeps/swept-*/journal.jsonl")))
    client.kill()
    client.wait()
    sweeps.wait_for_end()
    assert column(sweeps.rows(sweeps.path.name), "status") == ["ok"] * 4


def test_what_its_engine_lost_runs_again_and_an_error_of_its_own_does_not(engine: Engine, sweeps: Sweeps) -> None:
    name = sweeps.begin("--grid", "do=wait once,exit", "--at-once", "2")
    sweeps.wait_for_log(0)
    (sweeps.flags / "mended").touch()
    [container] = engine.client.containers.list(filters={"name": f"{name}-0-"})
    container.kill()
    sweeps.wait_for_end()
    rows = sweeps.rows(name)
    assert column(rows, "status", "attempt") == [("ok", 2), ("failed", 1)]
    assert rows[1]["error"] == "The script failed: exit status 3"


def test_out_of_memory_is_tried_again_and_then_given_up(sweeps: Sweeps) -> None:
    outcome = sweeps.sweep("--grid", "do=fill,end", "--memory", "64m", "--retries", "1")
    assert outcome.status == 1
    rows = table(outcome)
    assert column(rows, "status", "attempt") == [("lost", 2), ("ok", 1)]
    assert rows[0]["error"] == "It was stopped because it used all the memory it may, 64 MB"


def test_stop_ends_what_runs_by_sigterm_and_starts_nothing_more(sweeps: Sweeps) -> None:
    name = sweeps.begin("--grid", "number=range(4)", "-P", "do=wait", "--at-once", "1")
    sweeps.wait_for_log(0)
    refused = sweeps.run("rm", name)
    assert refused.status == 97
    assert sweeps.run("stop", name).status == 0
    assert column(sweeps.rows(name), "status") == ["stopped"] * 4
    assert (sweeps.path / "tasks/0/files/out/ended").exists()
    assert [path.name for path in (sweeps.path / "tasks").iterdir()] == ["0"]
    assert sweeps.run("rm", name).status == 0
    assert sweeps.run("results", name).status == 89


def test_rows_of_a_dead_supervisor_are_lost_and_resumed(engine: Engine, sweeps: Sweeps) -> None:
    name = sweeps.begin("--grid", "number=range(3)", "-P", "do=wait once", "--at-once", "1")
    sweeps.wait_for_log(0)
    os.kill(json.loads((sweeps.path / "worker.json").read_text())["pid"], signal.SIGKILL)
    sweeps.wait(lambda: column(sweeps.rows(name), "status") == ["lost", "stopped", "stopped"])
    (sweeps.flags / "mended").touch()
    outcome = sweeps.run("sweep", "--resume", name, "--json")
    assert column(table(outcome), "status") == ["ok"] * 3


def test_what_a_dead_supervisor_left_goes_with_its_sweep(engine: Engine, sweeps: Sweeps) -> None:
    name = sweeps.begin("--grid", "number=1", "-P", "do=wait once")
    sweeps.wait_for_log(0)
    os.kill(json.loads((sweeps.path / "worker.json").read_text())["pid"], signal.SIGKILL)
    sweeps.wait(lambda: column(sweeps.rows(name), "status") == ["lost"])
    assert len(_containers(engine, name)) == 1
    assert sweeps.run("rm", name).status == 0
    assert not _containers(engine, name)


def _containers(engine: Engine, sweep: str) -> list[Any]:
    return engine.client.containers.list(all=True, filters={"name": f"{sweep}-"})


def test_a_pilot_limits_the_others_and_its_failure_keeps_them(sweeps: Sweeps) -> None:
    outcome = sweeps.sweep("--grid", "number=range(3)", "--pilot")
    assert column(table(outcome), "status") == ["ok"] * 3
    limit = json.loads((sweeps.path / "sweep.json").read_text())["container"]["limits"]["memory"]
    assert 64 << 20 < limit < 256 << 20
    sweeps.run("rm", sweeps.path.name)
    outcome = sweeps.sweep("--grid", "do=fail,end,end", "--pilot")
    assert outcome.status == 1
    assert column(table(outcome), "status") == ["failed", "stopped", "stopped"]


def test_values_of_variables_are_kept_nowhere(sweeps: Sweeps) -> None:
    words = ("--grid", "do=fail", "-e", "TOKEN=hunter2")
    assert sweeps.sweep(*words).status == 1
    kept = [path.read_bytes() for path in sweeps.path.rglob("*") if path.is_file()]
    assert kept
    assert not any(b"hunter2" in content for content in kept)
    refused = sweeps.run("sweep", "--resume", sweeps.path.name)
    assert refused.status == 2
    assert "-e TOKEN" in refused.stderr
    (sweeps.flags / "mended").touch()
    assert sweeps.run("sweep", "--resume", sweeps.path.name, "-e", "TOKEN=hunter2").status == 0


def test_a_notebook_gives_a_frame_and_gets_one(sweeps: Sweeps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(sweeps.state))
    monkeypatch.setenv("IPYTHONDIR", str(sweeps.state / "ipython"))
    monkeypatch.setenv("JPY_SESSION_NAME", str(sweeps.folder / "swept.ipynb"))
    cells = (
        "%load_ext jupyter_docker\nimport pandas as pd\nsets = pd.DataFrame({'number': [1, 4], 'do': ['end', None]})",
        "table = %containerize sweep --table sets -o score",
        "print(type(table).__name__, *table['score'], *table['status'])",
    )
    code_cells = [nbformat.v4.new_code_cell(cell) for cell in cells]  # type: ignore[no-untyped-call]
    notebook = nbformat.v4.new_notebook(cells=code_cells)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, kernel_name="python3", timeout=280).execute()
    assert notebook.cells[2].outputs[0]["text"] == "DataFrame 0.5 2.0 ok ok\n"


def test_a_program_gives_rows_and_gets_a_table(sweeps: Sweeps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(sweeps.state))
    rows = [{"number": 1, "do": "end"}, {"number": 4, "do": "fail"}]
    table = api.sweep(sweeps.folder / "swept.ipynb", rows, outputs=["score"])
    assert column(table.rows, "score", "status", "cell") == [(0.5, "ok", None), (None, "failed", 3)]
    assert list(table.frame()["number"]) == [1, 4]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "Which rows?"), (("--grid", "nubmer=1"), "has no parameter 'nubmer'"),
        (("--grid", "number=1", "-p", "80"), "publish no ports"), (("--grid", "number=1", "--user", "1"), "run as you"),
        (("--grid", "number=1", "-o", "1x"), "is not a variable's name"),
    ],
)  # fmt: skip
def test_what_can_not_be_swept_is_refused(words: Sequence[str], message: str, sweeps: Sweeps) -> None:
    outcome = sweeps.run("sweep", "swept.ipynb", *words)
    assert outcome.status == 2
    assert message in outcome.stderr
    assert not list(sweeps.state.glob("jupyter-containerize/sweeps/*"))
