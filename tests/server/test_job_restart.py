"""Jobs outlive the server; what is cut off says so, and leaves no container behind."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.server.jobs.process import JobProcess
from jupyter_docker.server.jobs.store import JobStore
from tests.server.conftest import WriteNotebook
from tests.server.real_server import RealServer, real_server, state_of

COUNTING = "import time\nfor number in range(40):\n    print(number, flush=True)\n    time.sleep(0.25)"
IN_TWO_PARTS = """
import os, time
for number in range(40):
    while number == 20 and not os.path.exists('flag/go'):
        time.sleep(0.1)
    print(number, flush=True)
"""
SECRET = "a-value-that-is-nowhere"
WAITING = f"""
import os, time
assert os.environ['TOKEN'] == '{SECRET[::-1]}'[::-1]
print('ready', flush=True)
time.sleep(600)
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "server.log"


def until(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.1)


def start(server: RealServer, notebook: str, **fields: Any) -> str:
    return str(server.ask("jobs", {"verb": "run", "notebook": notebook, **fields})["id"])


def lines(server: RealServer, job: str) -> list[str]:
    return str(server.ask(f"jobs/{job}/log?step=run")).splitlines()


def process_of(job: str) -> int:
    """Return the id of a job's process."""
    found = JobProcess.find(job)
    assert found is not None
    return int(str(found).partition(":")[0])


@pytest.mark.engine
def test_a_job_goes_on_while_the_server_is_killed_and_started_again(
    write_notebook: WriteNotebook, jp_root_dir: Path, log: Path, engine: Engine
) -> None:
    notebook = write_notebook(IN_TWO_PARTS, name="job-goes-on")
    (jp_root_dir / "flag").mkdir()
    with real_server(jp_root_dir, log) as server:
        job = start(server, notebook, options={"mounts": ["./flag:flag:ro"]})
        until(lambda: len(lines(server, job)) == 20)
        server.kill()
    with real_server(jp_root_dir, log) as server:
        assert state_of(server, job) == "running"
        (jp_root_dir / "flag" / "go").touch()
        until(lambda: state_of(server, job) != "running")
        assert lines(server, job) == [str(number) for number in range(40)]
        ended = server.ask(f"jobs/{job}")
    assert (ended["state"], ended["exit_code"], ended["error"]) == ("succeeded", 0, "")
    assert ended["created"] < ended["started"] < ended["finished"]


@pytest.mark.engine
def test_a_job_that_ended_without_a_server_is_complete(
    write_notebook: WriteNotebook, jp_root_dir: Path, log: Path, engine: Engine
) -> None:
    with real_server(jp_root_dir, log) as server:
        job = start(server, write_notebook(COUNTING, name="job-alone"))
        until(lambda: len(lines(server, job)) >= 5)
        server.kill()
    until(lambda: JobProcess.find(job) is None)
    with real_server(jp_root_dir, log) as server:
        assert state_of(server, job) == "succeeded"
        assert lines(server, job) == [str(number) for number in range(40)]
        server.ask(f"jobs/{job}", method="DELETE")
        assert server.ask("jobs") == []


@pytest.mark.engine
def test_a_job_whose_process_is_killed_is_lost_and_the_next_run_removes_its_container(
    write_notebook: WriteNotebook, jp_root_dir: Path, log: Path, engine: Engine
) -> None:
    notebook = write_notebook(COUNTING, name="job-lost")
    with real_server(jp_root_dir, log) as server:
        job = start(server, notebook)
        until(lambda: bool(lines(server, job)))
        os.kill(process_of(job), signal.SIGKILL)
        until(lambda: state_of(server, job) != "running")
        lost = server.ask(f"jobs/{job}")
        assert lost["state"] == "lost"
        assert lost["summary"].startswith("It was cut off")
        assert lost["hint"]
        (container,) = engine.client.containers.list(all=True, filters={"name": lost["container"]})
        assert lost["container"] in {one["name"] for one in server.ask("containers")}
        container.wait()
        again = server.ask(f"jobs/{job}/rerun", {})["id"]
        until(lambda: bool(lines(server, again)))
        assert engine.client.containers.list(all=True, filters={"name": lost["container"]}) == []
        until(lambda: state_of(server, again) == "succeeded")


@pytest.mark.engine
def test_secrets_are_on_no_disk_and_end_with_the_server(
    write_notebook: WriteNotebook, jp_root_dir: Path, log: Path, state: Path, engine: Engine
) -> None:
    notebook = write_notebook(WAITING, name="job-secret")
    with real_server(jp_root_dir, log) as server:
        running, _, waiting = (start(server, notebook, secrets={"TOKEN": SECRET}) for _ in range(3))
        until(lambda: lines(server, running) == ["ready"])
        (container,) = engine.client.containers.list(filters={"name": server.ask(f"jobs/{running}")["container"]})
        assert f"TOKEN={SECRET}" in container.attrs["Config"]["Env"]
        for name in ("cmdline", "environ"):
            assert SECRET.encode() not in Path(f"/proc/{process_of(running)}/{name}").read_bytes()
        server.kill()
    files = [path for path in state.rglob("*") if path.is_file()]
    assert files
    assert [path for path in [*files, log] if SECRET.encode() in path.read_bytes()] == []
    assert {path.stat().st_mode & 0o777 for path in state.rglob("jobs/*/*")} == {0o700}
    with real_server(jp_root_dir, log) as server:
        assert state_of(server, running) == "running"
        lost = server.ask(f"jobs/{waiting}")
        assert (lost["state"], lost["started"], lost["secret_names"]) == ("lost", "", ["TOKEN"])
        assert "Run it again" in lost["hint"]
        for job in server.ask("jobs"):
            server.ask(f"jobs/{job['id']}/cancel", {})
        until(lambda: all(job["state"] in {"cancelled", "lost"} for job in server.ask("jobs")))


def test_jobs_that_wait_are_started_by_the_next_server_each_once(
    write_notebook: WriteNotebook, jp_root_dir: Path, log: Path
) -> None:
    notebook = write_notebook(*["x = 1"] * 200)
    with real_server(jp_root_dir, log) as server:
        bodies = [{"verb": "export", "notebook": notebook, "options": {"folder": f"o{one}"}} for one in range(6)]
        jobs = [server.ask("jobs", body)["id"] for body in bodies]
        server.kill()
    with real_server(jp_root_dir, log) as one, real_server(jp_root_dir, log) as other:
        until(lambda: {state_of(one, job) for job in jobs} == {"succeeded"})
        assert {state_of(other, job) for job in jobs} == {"succeeded"}


def test_a_process_is_found_that_a_killed_server_had_not_written_down(
    write_notebook: WriteNotebook, jp_root_dir: Path, log: Path
) -> None:
    with real_server(jp_root_dir, log) as server:
        job = server.ask("jobs", {"verb": "export", "notebook": write_notebook("print(1)")})["id"]
        os.kill(process := process_of(job), signal.SIGSTOP)
        server.kill()
    folder = JobStore(jp_root_dir.resolve()).folder(job)
    (folder.path / "process.json").unlink()
    with real_server(jp_root_dir, log) as server:
        assert state_of(server, job) == "running"
        os.kill(process, signal.SIGCONT)
        until(lambda: state_of(server, job) == "succeeded")
