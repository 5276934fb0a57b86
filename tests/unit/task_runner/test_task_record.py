"""The record that a task leaves: once, whole, and last, with the cell that failed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_docker.exchange import read_values, write_bundle
from jupyter_docker.task_runner import run_task

PARAMETERS = "# %% [cell 1] parameters\nrate = 0.5\nnames = {'a'}\n\n"


def run(folder: Path, cells: str, *, name: str = "a-b.py", **variables: str) -> subprocess.CompletedProcess[str]:
    script, table = folder / name, folder / "rows.jsonl"
    script.write_text(PARAMETERS + cells, encoding="utf-8")
    table.write_text('{"rate": 1}\n{"rate": 2, "names": ["b"]}\n')
    task = {"CONTAINERIZE_RECORDS": str(folder / "tasks"), "CONTAINERIZE_TABLE": str(table), "SLURM_ARRAY_TASK_ID": "1"}
    return subprocess.run(
        [sys.executable, run_task.__file__, str(script)],
        cwd=folder, env={"PATH": os.environ["PATH"], **task, **variables}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def record(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "tasks/1/record.json").read_text())
    return found


def left(folder: Path) -> list[str]:
    return [path.name for path in (folder / "tasks/1").iterdir()]


def test_it_says_what_ran_and_how(tmp_path: Path) -> None:
    done = run(tmp_path, "# %% [cell 2]\nprint(rate, names)\n", SLURM_RESTART_COUNT="2")
    assert (done.stdout, done.returncode) == ("2.0 {'b'}\n", 0), done.stderr
    found = record(tmp_path)
    assert (found["index"], found["parameters"]) == (1, {"rate": 2.0, "names": ["b"]})
    assert (found["status"], found["error"], found["attempt"]) == ("ok", None, 3)
    assert found["seconds"] > 0
    assert found["peak_memory"] > 1 << 20
    assert left(tmp_path) == ["record.json"]  # nothing half-written


@pytest.mark.parametrize("name", ["a-b.py", "a-b.ipy"])
@pytest.mark.parametrize(
    ("cells", "error", "at"),
    [
        ("# %% [cell 2]\n\nx = 1\n1 / 0\n", ("ZeroDivisionError", "division by zero"), (2, 3)),
        ("# %% [cell 2]\ndef f():\n    raise ValueError('no')\n\n# %% [cell 3]\nf()\n", ("ValueError", "no"), (2, 2)),
        ("# %% [cell 2]\nimport sys\nsys.exit(3)\n", ("SystemExit", "3"), None),
        ("# %% [cell 2]\nraise KeyboardInterrupt\n", ("KeyboardInterrupt", ""), (2, 1)),
    ],
)
def test_an_error_names_its_cell_and_line(
    name: str, cells: str, error: tuple[str, str], at: tuple[int, int] | None, tmp_path: Path
) -> None:
    done = run(tmp_path, cells, name=name, HOME=str(tmp_path))
    assert done.returncode != 0
    found = record(tmp_path)
    assert found["status"] == "failed"
    assert (found["error"]["type"], found["error"]["message"]) == error
    if at is not None:
        assert (found["error"]["cell"], found["error"]["line"]) == at


@pytest.mark.parametrize("status", [1, 130])
def test_an_exit_is_no_error_that_a_cell_before_was_to_raise(status: int, tmp_path: Path) -> None:
    cells = f"# %% [cell 2] raises-exception\n1 / 0\n\n# %% [cell 3]\nimport sys\nsys.exit({status})\n"
    done = run(tmp_path, cells, name="a-b.ipy", HOME=str(tmp_path))
    assert done.returncode == status
    error = record(tmp_path)["error"]
    assert (error["type"], error["message"], error["cell"], error["line"]) == ("SystemExit", str(status), 3, 2)


def test_an_exit_without_a_status_is_none(tmp_path: Path) -> None:
    run(
        tmp_path, "# %% [cell 2] raises-exception\n1 / 0\n\n# %% [cell 3]\nexit()\n", name="a-b.ipy", HOME=str(tmp_path)
    )
    assert record(tmp_path)["status"] == "ok"


def test_what_it_wrote_is_listed_with_digests(tmp_path: Path) -> None:
    output = tmp_path / "out"
    (output / "deep").mkdir(parents=True)
    cells = f"# %% [cell 2]\nopen({str(output / 'deep' / 'a.txt')!r}, 'w').write('abc')\n"
    run(tmp_path, cells, CONTAINERIZE_OUTPUT_FOLDERS=f"{output}:/not/there")
    digest = hashlib.sha256(b"abc").hexdigest()
    assert record(tmp_path)["files"] == [{"path": str(output / "deep/a.txt"), "size": 3, "sha256": digest}]


def test_variables_come_back_as_data(tmp_path: Path) -> None:
    bundle = write_bundle(tmp_path)
    names = {"CONTAINERIZE_OUTPUT_NAMES": "score,model,gone", "CONTAINERIZE_EXCHANGE": str(bundle)}
    run(tmp_path, "# %% [cell 2]\nscore = [rate, 'é']\nmodel = print\n", **names)
    folder = tmp_path / "tasks/1" / record(tmp_path)["values"]
    received = read_values(folder, ("score", "model", "gone"), namespace={})
    assert received.values == {"score": [2.0, "é"]}
    assert set(received.failures) == {"model", "gone"}


def test_it_is_written_after_all_else(tmp_path: Path) -> None:
    cells = (
        "# %% [cell 2]\nimport atexit, threading, time\nscore = 0\n"
        "def later():\n    global score\n    time.sleep(0.2)\n    score = 7\n"
        "atexit.register(lambda: open('tasks/1/left', 'x'))\nthreading.Thread(target=later).start()\n"
    )
    bundle = write_bundle(tmp_path)
    run(tmp_path, cells, CONTAINERIZE_OUTPUT_NAMES="score", CONTAINERIZE_EXCHANGE=str(bundle))
    folder = tmp_path / "tasks/1" / record(tmp_path)["values"]
    assert read_values(folder, ("score",), namespace={}).values == {"score": 7}


def test_the_first_record_wins(tmp_path: Path) -> None:
    run(tmp_path, "# %% [cell 2]\n", CONTAINERIZE_ATTEMPT="1")
    run(tmp_path, "# %% [cell 2]\n1 / 0\n", CONTAINERIZE_ATTEMPT="2")
    assert (record(tmp_path)["status"], record(tmp_path)["attempt"]) == ("ok", 1)
    assert left(tmp_path) == ["record.json"]


@pytest.mark.parametrize(
    "cell", ["import os; os._exit(0)", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"], ids=["exit", "term"]
)
def test_a_process_that_is_cut_off_leaves_none(cell: str, tmp_path: Path) -> None:
    run(tmp_path, f"# %% [cell 2]\n{cell}\n")
    assert left(tmp_path) == []


def test_a_forked_copy_writes_none(tmp_path: Path) -> None:
    run(tmp_path, "# %% [cell 2]\nimport os, sys\nif not os.fork(): sys.exit(5)\nos.wait()\n")
    assert record(tmp_path)["status"] == "ok"


def test_a_value_that_does_not_fit_is_an_error_of_the_task(tmp_path: Path) -> None:
    done = run(tmp_path, "# %% [cell 2]\n", CONTAINERIZE_PARAMETERS='{"raet": 1}')
    assert done.returncode == 2
    assert record(tmp_path)["error"]["type"] == "ParameterError"
