"""``kill -9`` of each program that takes part in a run, at moments of its phases."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import psutil

from jupyter_docker.server.jobs.process import JobProcess
from tests.faults.observation import Observation
from tests.faults.phases import PHASES, STARTED, Moment, Phase, durations, moments
from tests.faults.world import World
from tests.server.real_server import RealServer, real_server

_SECONDS = 120.0


def undisturbed(world: World) -> dict[Phase, float]:
    """Return how long each phase takes where nothing happens: in the second run, for the first makes caches."""
    _timed(world)
    return _timed(world)


def _timed(world: World) -> dict[Phase, float]:
    process, _ = started(world)
    found = durations(process.stdout or ())
    if process.wait() or set(found) != set(PHASES):
        raise AssertionError(f"the undisturbed run failed:\n{world.said}")
    return found


def kill_command(
    world: World, count: int, seconds: dict[Phase, float], phases: Sequence[Phase] = PHASES
) -> Iterator[Observation]:
    """Kill the command itself."""
    for moment in moments(count, phases, seconds):
        process, name = started(world)
        token = world.token
        moment.await_in(process.stdout or ())
        process.kill()
        process.communicate()
        yield _observed(world, "`kill -9` of the command", moment, name, token)


def kill_buildx(world: World, count: int, seconds: dict[Phase, float]) -> Iterator[Observation]:
    """Kill the program that builds; the command goes on, and says what happened."""
    for moment in moments(count, ("build",), seconds):
        process, name = started(world)
        token = world.token
        if moment.await_in(process.stdout or ()):
            for child in psutil.Process(process.pid).children(recursive=True):
                with suppress(psutil.Error):
                    if "buildx" in " ".join(child.cmdline()):
                        child.kill()
        said, unclear = failure(process)
        yield _observed(world, "`kill -9` of buildx", moment, name, token, said=said, unclear=unclear)


def kill_engine(
    world: World, count: int, seconds: dict[Phase, float], phases: Sequence[Phase] = PHASES[3:]
) -> Iterator[Observation]:
    """Kill the engine's daemon; the command says so, and the engine is started again for the next run."""
    for moment in moments(count, phases, seconds):
        process, name = started(world)
        token = world.token
        moment.await_in(process.stdout or ())
        world.engine.kill()
        said, unclear = failure(process)
        world.engine.start_again()
        yield _observed(world, "`kill -9` of the engine", moment, name, token, said=said, unclear=unclear)


def kill_job(world: World, count: int, seconds: dict[Phase, float]) -> Iterator[Observation]:
    """Kill the process of a server's job; the server says that it was cut off."""
    with real_server(world.project, world.root / "server.log", env=world.environment) as server:
        for moment in moments(count, PHASES, seconds):
            job, token = _job(world, server), world.token
            moment.await_in(_events(world, job))
            process = JobProcess.find(job["id"])
            if process is not None:
                process.kill()
            ended = _await_end(server, job["id"])
            said = f"{ended['summary']} {ended['hint']}"
            unclear = () if ended["state"] == "succeeded" or ended["hint"] else (f"a {ended['state']} job has no hint",)
            yield _observed(world, "`kill -9` of a job", moment, job["container"], token, said=said, unclear=unclear)


def kill_server(world: World, count: int, seconds: dict[Phase, float]) -> Iterator[Observation]:
    """Kill the server of a job, which goes on; the next server must know how it ended."""
    for moment in moments(count, PHASES, seconds):
        with real_server(world.project, world.root / "server.log", env=world.environment) as server:
            job, token = _job(world, server), world.token
            moment.await_in(_events(world, job))
            server.kill()
        with real_server(world.project, world.root / "server.log", env=world.environment) as server:
            ended = _await_end(server, job["id"])
            said = f"The next server shows it as {ended['state']}."
            unclear = () if ended["state"] == "succeeded" else (str(ended),)
            lost = world.lost(job["container"], all_files=True, token=token)
            left = world.left()
        fault = "`kill -9` of the server"
        yield Observation(fault=fault, when=moment.phase, left=left, lost=lost, said=said, unclear=unclear)


def started(world: World) -> tuple[subprocess.Popen[str], str]:
    """Start a run of a notebook that differs from all others; return its process and the container's name."""
    notebook = world.notebook()
    name = f"cut-{notebook.stem}"
    return world.start("run", notebook.name, "--name", name, "-e", "API_KEY", "--json"), name


def failure(process: subprocess.Popen[str]) -> tuple[str, tuple[str, ...]]:
    """Wait for the end of a run; return what it said of its failure, and what is wrong with that."""
    out, _ = process.communicate(timeout=_SECONDS)
    events = [json.loads(line) for line in out.splitlines()]
    failed = next((each for each in events if each["type"] == "Failed"), None)
    if failed is None:
        return "", () if process.returncode == 0 else (f"status {process.returncode} without a word",)
    return f"{failed['message']} {failed['hint']}", () if failed["hint"] else ("no hint",)


def _observed(
    world: World, fault: str, moment: Moment, name: str, token: str, *, said: str = "", unclear: tuple[str, ...] = ()
) -> Observation:
    """Let the next run clear up, and look what is left, lost and said."""
    text = world.next_run()
    cut_off = re.search(rf"(?:The run '{name}' was cut off|The run wrote).*", text)
    has_begun = moment.phase in STARTED
    lost = world.lost(name, all_files=moment.phase == "rescue", token=token) if has_begun else ()
    wrong = (*unclear, *(("a traceback",) if "Traceback" in f"{text}{world.said}{said}" else ()))
    said = said or (cut_off.group() if cut_off else "")
    return Observation(fault=fault, when=moment.phase, left=world.left(), lost=lost, said=said, unclear=wrong)


def _job(world: World, server: RealServer) -> dict[str, Any]:
    notebook = world.notebook()
    secrets = {"API_KEY": world.environment["API_KEY"]}
    job: dict[str, Any] = server.ask("jobs", {"verb": "run", "notebook": notebook.name, "secrets": secrets})
    return job


def _events(world: World, job: dict[str, Any]) -> Iterator[str]:
    """Yield the lines that a job writes, until its process has ended."""
    (folder,) = world.state.rglob(f"jobs/*/{job['id']}")
    path, until = folder / "events.jsonl", time.monotonic() + _SECONDS
    _await(path.exists, until)
    with path.open(encoding="utf-8") as file:
        line = ""
        while time.monotonic() < until:
            line += file.readline()
            if line.endswith("\n"):
                yield line
                line = ""
            elif JobProcess.find(job["id"]) is None:
                return
            else:
                time.sleep(0.01)


def _await(condition: Callable[[], bool], until: float) -> None:
    while not condition():
        if time.monotonic() > until:
            raise AssertionError("it takes too long")
        time.sleep(0.02)


def _await_end(server: RealServer, job: str) -> dict[str, Any]:
    until = time.monotonic() + _SECONDS
    while True:
        found: dict[str, Any] = server.ask(f"jobs/{job}")
        if found["state"] not in {"queued", "running", "stopping"} or time.monotonic() > until:
            return found
        time.sleep(0.2)
