"""Too much of everything: 200 jobs that wait, a gigabyte of log, a million lines."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from typing import Any

import psutil

from tests.faults.observation import Observation
from tests.faults.world import World
from tests.server.real_server import RealServer, real_server

JOBS, LINES, BYTES = 200, 10**6, 2**30
_LIMIT = 300 * 2**20  # bytes of memory that the command may take, however much a run prints
_SECONDS = 1800.0
_LINE = 1024
_MUCH = f"line = 'x' * {_LINE - 1}\nfor _ in range({BYTES // _LINE}):\n    print(line)"
_MANY = f"for number in range({LINES}):\n    print(number)"


def flood(world: World) -> Iterator[Observation]:
    """Do each once."""
    yield _jobs(world)
    yield _bytes(world)
    yield _lines(world)


def _jobs(world: World) -> Observation:
    """They wait, the server is killed in the middle of them, and the next one does the rest, each once."""
    _keep_all(world)
    world.notebook("print('exported')", name="export")
    with real_server(world.project, world.root / "server.log", env=world.environment) as server:
        jobs = [_export(server, number) for number in range(JOBS)]
        _await(lambda: sum(each["state"] == "succeeded" for each in server.ask("jobs")) > JOBS // 10)
        server.kill()
    with real_server(world.project, world.root / "server.log", env=world.environment) as server:
        _await(lambda: not any(each["state"] in {"queued", "running"} for each in server.ask("jobs")))
        states = {each["id"]: each["state"] for each in server.ask("jobs")}
        for job in jobs:
            server.ask(f"jobs/{job}", method="DELETE")
    wrong = tuple(f"{states.get(job, 'gone')} {job}" for job in jobs if states.get(job) != "succeeded")
    folders = [world.project / f"out{number}" for number in range(JOBS)]
    lost = tuple(folder.name for folder in folders if not (folder / "Dockerfile").exists())
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    said = f"{JOBS - len(wrong)} succeeded: with the first server, or with the next one."
    fault = f"{JOBS} jobs wait, and the server is killed"
    return Observation(fault=fault, when="queue", left=world.left(), lost=lost, said=said, unclear=wrong)


def _keep_all(world: World) -> None:
    folder = world.home / ".jupyter"
    folder.mkdir(exist_ok=True)
    (folder / "jupyter_server_config.json").write_text(json.dumps({"ContainerizeServer": {"kept_jobs": 2 * JOBS}}))


def _export(server: RealServer, number: int) -> str:
    body = {"verb": "export", "notebook": "export.ipynb", "options": {"folder": f"out{number}"}}
    return str(server.ask("jobs", body, timeout=120)["id"])


def _bytes(world: World) -> Observation:
    """The log is complete, and the command takes no more memory for it."""
    world.notebook(_MUCH, name="much")
    process = world.start("run", "much.ipynb", "--name", "much")
    watched, most, read = psutil.Process(process.pid), 0, 0
    assert process.stdout is not None
    while text := process.stdout.read(2**24):
        read += len(text)
        most = max(most, watched.memory_info().rss)
    (log,) = world.state.rglob("runs/much-*.log")
    lost = () if process.wait() == 0 and log.stat().st_size == BYTES == read else (f"{log.stat().st_size} {read}",)
    log.unlink()
    unclear = () if most < _LIMIT else (f"it took {most / 2**20:.0f} MB",)
    said = f"The command took {most / 2**20:.0f} MB of memory at most."
    return Observation(fault="1 GB of log", when="run", left=world.left(), lost=lost, said=said, unclear=unclear)


def _lines(world: World) -> Observation:
    """A job prints them, and the server gives every one."""
    world.notebook(_MANY, name="many")
    with real_server(world.project, world.root / "server.log", env=world.environment) as server:
        job = server.ask("jobs", {"verb": "run", "notebook": "many.ipynb"})["id"]
        _await(lambda: server.ask(f"jobs/{job}", timeout=120)["state"] not in {"queued", "running"})
        ended: dict[str, Any] = server.ask(f"jobs/{job}")
        lines = str(server.ask(f"jobs/{job}/log?step=run", timeout=300)).splitlines()
        most = psutil.Process(server.process.pid).memory_info().rss
        server.ask(f"jobs/{job}", method="DELETE")
    lost = () if lines == [str(number) for number in range(LINES)] else (f"{LINES - len(lines)} lines",)
    unclear = () if ended["state"] == "succeeded" else (str(ended),)
    said = f"The server took {most / 2**20:.0f} MB of memory in the end."
    return Observation(
        fault="a job prints 1,000,000 lines", when="run", left=world.left(), lost=lost, said=said, unclear=unclear
    )


def _await(condition: Any) -> None:
    until = time.monotonic() + _SECONDS
    while not condition():
        if time.monotonic() > until:
            raise AssertionError("it takes too long")
        time.sleep(1)
