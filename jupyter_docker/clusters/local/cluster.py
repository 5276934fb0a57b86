"""The engine as a cluster: a process of its own runs the tasks, so that its client, kernel and server may go."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

from jupyter_docker.clusters.following import followed_text
from jupyter_docker.clusters.progress import SweepStates, TaskState
from jupyter_docker.clusters.store import SweepFolder
from jupyter_docker.clusters.sweep import Sweep
from jupyter_docker.engine import Engine, connect, list_containers, remove, stop
from jupyter_docker.values import (
    NEUTRAL_FOLDER,
    ActiveJobError,
    ContainerizeError,
    Emit,
    EngineError,
    MissingError,
    UnsavedResultsError,
    UsageError,
    is_running,
    load_defaults,
    open_to_append,
)

_MODULE = "jupyter_docker.clusters.local.supervisor"
_SECONDS_TO_BEGIN, _SECONDS_TO_STOP = 30.0, 30.0
_PAUSE = 0.05


class LocalCluster:
    """Runs tasks on an engine that sees this machine's files."""

    def check(self, sweep: Sweep) -> None:
        """Raise EngineError where the engine does not answer, or is on another machine."""
        if sweep.spec.ports:
            raise UsageError("The tasks of a sweep publish no ports.", hint="Leave out -p.")
        if sweep.spec.user is not None:
            raise UsageError("The tasks of a sweep run as you: their records are yours.", hint="Leave out --user.")
        with connect(sweep.engine or None) as engine:
            if not engine.shares_files:
                hint = "Sweep on an engine of this machine, or on a cluster (--on)."
                raise EngineError(f"The engine at '{engine.endpoint}' does not see this machine's files.", hint=hint)

    def submit(
        self,
        folder: SweepFolder,
        indices: Sequence[int],
        variables: Mapping[str, str],
        emit: Emit,  # noqa: ARG002
    ) -> None:
        """Start the process that runs the tasks, and wait until it has begun; raises ActiveJobError where one runs."""
        if _worker(folder) is not None:
            raise ActiveJobError(f"The sweep '{folder.id}' is running.", hint="Stop it first, or wait for its end.")
        folder.worker.unlink(missing_ok=True)
        told = {"indices": list(indices), "variables": dict(variables)}
        with open_to_append(folder.log) as log:
            child = subprocess.Popen(
                # -P: a module in the folder where it starts must not stand in for ours.
                [sys.executable, "-P", "-m", _MODULE, str(folder.path)], cwd=NEUTRAL_FOLDER, start_new_session=True,
                stdin=subprocess.PIPE, stdout=log, stderr=log,
            )  # fmt: skip
        if child.stdin is not None:
            with suppress(BrokenPipeError), child.stdin as pipe:
                pipe.write(json.dumps(told).encode())
        self._wait_for_begin(folder, child)
        # Waited for, since one that ended stays in the system's table until then.
        Thread(target=child.wait, daemon=True, name=f"sweep {folder.id}").start()

    def _wait_for_begin(self, folder: SweepFolder, child: subprocess.Popen[bytes]) -> None:
        """Wait until it runs; one that found nothing left to do, or was quick, has ended well by then."""
        until = time.monotonic() + _SECONDS_TO_BEGIN
        while not folder.worker.exists() and child.poll() != 0:
            if child.poll() is not None or time.monotonic() > until:
                child.kill()
                hint = f"What it said is in '{folder.log}'."
                raise ContainerizeError(f"The process of the sweep '{folder.id}' did not begin.", hint=hint)
            time.sleep(_PAUSE)

    def states(self, folder: SweepFolder) -> SweepStates:
        """Return what its process has written down, and whether that runs."""
        active = _worker(folder) is not None  # before the journal is read, which is complete once it has ended
        return SweepStates(tasks=dict(_journal(folder)), active=active)

    def logs(self, folder: SweepFolder, index: int, *, follow: bool) -> Iterator[str]:
        """Yield what the task's last attempt printed."""

        def runs() -> bool:
            states = self.states(folder)
            return states.active and states.tasks.get(index, TaskState(state="waiting")).state in {"waiting", "running"}

        return followed_text(lambda: last_log(folder.task(index)), runs if follow else lambda: False)

    def fetch(self, folder: SweepFolder) -> None:
        """There is nothing elsewhere."""

    def cancel(self, folder: SweepFolder) -> None:
        """Ask the process to end, which stops its containers, and wait for it."""
        engine, grace = _engine_and_grace(folder)
        pid = _worker(folder)
        if pid is None:
            _stop_orphans(folder, engine, grace)
            return
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + grace + _SECONDS_TO_STOP
        while _worker(folder) is not None:
            if time.monotonic() > until:
                raise EngineError(f"The sweep '{folder.id}' has not ended yet.", hint="Look again: sweeps")
            time.sleep(_PAUSE)

    def clear(self, folder: SweepFolder, log_folder: Path, emit: Emit) -> None:
        """Remove the containers of its tasks that are there because the process was killed, and not those to copy."""
        with connect(_engine_and_grace(folder)[0]) as engine:
            for name in _orphans(engine, folder, all=True):
                with suppress(MissingError, UnsavedResultsError):  # the latter is said, and the container kept
                    remove(engine, name, force=True, log_folder=log_folder, emit=emit)


def _engine_and_grace(folder: SweepFolder) -> tuple[str | None, float]:
    """Return them of the sweep; the defaults where its handle can't be read."""
    try:
        return folder.sweep.engine or None, folder.sweep.grace
    except MissingError:
        defaults = load_defaults()
        return defaults.engine or None, defaults.grace


def _orphans(engine: Engine, folder: SweepFolder, *, all: bool) -> list[str]:  # noqa: A002 - as `list_containers` says
    """Return the names of this user's containers that the sweep's process, which is no more, has made."""
    name = re.compile(rf"{re.escape(folder.id)}-\d+-[0-9a-f]{{4}}")
    return [each.name for each in list_containers(engine, all=all) if name.fullmatch(each.name)]


def _stop_orphans(folder: SweepFolder, endpoint: str | None, grace: float) -> None:
    with connect(endpoint) as engine:
        names = _orphans(engine, folder, all=False)
        with ThreadPoolExecutor(max(1, len(names))) as pool:
            list(pool.map(lambda name: stop(engine, name, grace=grace), names))


def _worker(folder: SweepFolder) -> int | None:
    """Return the number of the process that runs the sweep; None where none does."""
    try:
        found = json.loads(folder.worker.read_bytes())
        return int(found["pid"]) if is_running(found["pid"], found["started"]) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _journal(folder: SweepFolder) -> Iterator[tuple[int, TaskState]]:
    """Yield each task's states as they came; the last line may be half-written."""
    try:
        lines = folder.journal.read_bytes().split(b"\n")
    except FileNotFoundError:
        return
    for line in lines:
        with suppress(ValueError, KeyError, TypeError):
            said: dict[str, Any] = json.loads(line)
            state = TaskState(state=said["state"], reason=said.get("reason", ""), attempt=said.get("attempt", 1))
            yield int(said["index"]), state


def last_log(task: Path) -> Path | None:
    """Return the newest log in the task's folder."""
    logs = sorted(task.glob("*.log"), key=lambda path: path.stat().st_mtime)
    return logs[-1] if logs else None
