"""``--timeout``: the run ends with its signal and its grace, its files are kept, and the exit status says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.containers.containers import run
from jupyter_docker.values.container_spec import Limits, RunSpec, duration_text
from tests.engine.command import containerize
from tests.engine.kernel.test_notebook_mode import code_cells, write
from tests.engine.recording import Recorder
from tests.engine.test_faults import write_notebook

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

_TIME_TO_START = 30  # seconds; a machine at work with other tests takes some to start Python
_HEEDS = """
import signal, sys, time
def leave(*_):
    open("result.csv", "a").write(" and more")
    print("asked to end", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
open("result.csv", "w").write("kept")
time.sleep(600)
"""
_IGNORES = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open("result.csv", "w").write("kept")
while True:
    time.sleep(1)
"""


def test_the_script_is_asked_to_end_and_its_files_are_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    notebook = write_notebook(tmp_path / "endless.ipynb", _HEEDS)
    outcome = containerize("run", str(notebook), "--data", "none", "--timeout", f"{_TIME_TO_START}s", "--json")
    assert outcome.status == 124, outcome.stdout
    failed = outcome.events[-1]
    assert (failed["error"], failed["exit_code"]) == ("TimeLimitError", 124)
    assert failed["message"] == f"The run was stopped because it took longer than it may, {_TIME_TO_START}s."
    assert f"--timeout {duration_text(2 * _TIME_TO_START)}" in failed["hint"]
    (saved,) = (tmp_path / "state").rglob("*-files/result.csv")
    assert saved.read_text() == "kept and more"
    assert "asked to end" in Path(failed["facts"]["log"]).read_text()


def test_one_that_does_not_heed_it_is_killed_after_the_grace(engine: Engine, base: str, tmp_path: Path) -> None:
    spec = RunSpec(
        image=base,
        command=("python", "-c", _IGNORES),
        workdir="/app",
        user="0:0",
        limits=Limits(timeout=_TIME_TO_START),
    )
    result = run(engine, spec, log_folder=tmp_path, emit=Recorder(), grace=1)
    assert (result.timed_out, result.exit_code, result.ok) == (True, 137, False)
    assert [path.read_text() for path in result.rescued] == ["kept"]
    assert engine.client.containers.list(all=True, filters={"id": result.container_id}) == []


def test_a_run_within_its_time_ends_as_without_one(engine: Engine, base: str, tmp_path: Path) -> None:
    spec = RunSpec(image=base, command=("python", "-c", "raise SystemExit(3)"), limits=Limits(timeout=300))
    result = run(engine, spec, log_folder=tmp_path, emit=Recorder())
    assert (result.timed_out, result.exit_code) == (False, 3)


def test_cell_by_cell_the_cell_is_named_and_what_ran_is_kept(tmp_path: Path) -> None:
    notebook = write(tmp_path / "cells.ipynb", "print('ran')", "import time; time.sleep(600)", "print('never')")
    words = ["--mode", "notebook", "--timeout", f"{_TIME_TO_START}s", "--json"]
    outcome = containerize("run", str(notebook), *words)
    assert outcome.status == 124, outcome.stdout
    failed = outcome.events[-1]
    assert failed["error"] == "TimeLimitError"
    assert failed["message"].startswith("The notebook, in cell 2, was stopped because it took longer than it may")
    ran, _, never = code_cells(tmp_path / "cells.executed.ipynb")
    assert (ran.outputs[0].text, never.outputs) == ("ran\n", [])


def test_what_no_one_waits_for_has_no_timeout(tmp_path: Path) -> None:
    outcome = containerize("run", str(write_notebook(tmp_path / "a.ipynb", "1")), "-d", "--timeout", "10m")
    assert outcome.status == 2
    assert "in the background" in outcome.stderr
