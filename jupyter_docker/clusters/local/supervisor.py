"""``python -m …supervisor FOLDER``: runs the tasks of a sweep on this machine's engine, N at once, to their end.

It is told the tasks and the values of the containers' variables by its stdin, so that they are in no file. Each state
of a task is a line of the sweep's journal. SIGTERM ends it: no more tasks start, and those that run are stopped.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Lock
from types import FrameType

import psutil

from jupyter_docker.clusters.progress import State
from jupyter_docker.clusters.records import read_record
from jupyter_docker.clusters.store import SweepFolder
from jupyter_docker.clusters.sweep import Sweep
from jupyter_docker.engine import Engine, connect, describe, run, stop
from jupyter_docker.values import (
    ContainerizeError,
    EngineError,
    EngineLostError,
    EngineUnavailableError,
    RunResult,
    RunSpec,
    make_private_folder,
    open_to_append,
    process_start,
    write_all,
    write_private,
)

_KILLED = 137  # the exit status of what got SIGKILL
_SECONDS_FOR_ENGINE, _PAUSE = 120, 1.0
_OF_ENGINE = (EngineLostError, EngineUnavailableError)


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How an attempt ended, if it left no record; ``again`` says that its engine, and not the script, was the cause.

    ``unsaved`` says which files are only in its container, which was kept, and how to get them.
    """

    reason: str
    again: bool
    unsaved: str = ""


@dataclass(kw_only=True)
class Supervisor:
    """The tasks of one sweep that are to run, and those that do."""

    folder: SweepFolder
    sweep: Sweep
    engine: Engine
    variables: Mapping[str, str]
    stopping: Event = field(default_factory=Event)
    _running: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def run(self, indices: Sequence[int]) -> None:
        """Run those tasks, and return when the last one has ended."""
        waiting = deque(indices)
        with ThreadPoolExecutor(room(self.engine, self.sweep, len(indices))) as pool:
            workers = [pool.submit(self._work, waiting) for _ in range(pool._max_workers)]  # noqa: SLF001
            while not all(worker.done() for worker in workers) and not self.stopping.wait(_PAUSE / 10):
                pass
            if self.stopping.is_set():
                self._stop_running()
        for worker in workers:
            worker.result()

    def _work(self, waiting: deque[int]) -> None:
        """Take one task after another, until none waits."""
        while not self.stopping.is_set():
            try:
                index = waiting.popleft()
            except IndexError:
                return
            self._task(index)

    def _task(self, index: int) -> None:
        task = make_private_folder(self.folder.task(index))
        ending = Ending(reason="", again=False)
        for attempt in range(1, self.sweep.retries + 2):
            self._note(index, "running", attempt=attempt)
            ending = self._attempt(index, attempt, task)
            if read_record(task, index) is not None:
                return self._note(index, "ok", ending.unsaved, attempt)  # the record says how it ended
            if self.stopping.is_set() or not ending.again:
                break
        state: State = "stopped" if self.stopping.is_set() else "lost" if ending.again else "failed"
        return self._note(index, state, ". ".join(filter(None, (ending.reason, ending.unsaved))), attempt)

    def _attempt(self, index: int, attempt: int, task: Path) -> Ending:
        name = f"{self.sweep.id}-{index}-{secrets.token_hex(2)}"
        spec = self.sweep.task(self.folder.path, index, attempt, name=name, variables=self.variables)
        with self._lock:
            self._running.add(name)
        try:
            result = run(self.engine, spec, log_folder=task, emit=lambda _: None, grace=self.sweep.grace)
        except _OF_ENGINE as error:
            self._await_engine()
            return Ending(reason=error.message, again=True)
        except ContainerizeError as error:
            return Ending(reason=error.message, again=False)
        finally:
            with self._lock:
                self._running.discard(name)
        unsaved = f"{result.unsaved.message} {result.unsaved.hint}" if result.unsaved else ""
        return replace(ending_of(result, spec), unsaved=unsaved)

    def _await_engine(self) -> None:
        """Wait for an engine that went away, within bounds."""
        for _ in range(int(_SECONDS_FOR_ENGINE / _PAUSE)):
            if self.stopping.wait(_PAUSE):
                return
            with suppress(EngineError), connect(self.sweep.engine or None):
                return

    def _stop_running(self) -> None:
        """Stop each container that runs; one that is just being made is found in a later round."""
        while names := self._names():
            with ThreadPoolExecutor(len(names)) as pool:
                list(pool.map(self._stop, names))
            time.sleep(_PAUSE / 10)

    def _names(self) -> list[str]:
        with self._lock:
            return list(self._running)

    def _stop(self, name: str) -> None:
        with suppress(EngineError):
            stop(self.engine, name, grace=self.sweep.grace)

    def _note(self, index: int, state: State, reason: str = "", attempt: int = 1) -> None:
        line = json.dumps({"index": index, "state": state, "reason": reason, "attempt": attempt})
        with self._lock, open_to_append(self.folder.journal) as journal:
            write_all(journal, f"{line}\n".encode())


def ending_of(result: RunResult, spec: RunSpec) -> Ending:
    """Return how a container ended that left no record."""
    reason, _ = describe(result, spec, what="It")
    if result.timed_out:
        return Ending(reason="It took longer than it may", again=False)
    if result.exit_code == 0:
        return Ending(reason="It ended without a record (os._exit)", again=False)
    return Ending(reason=reason.rstrip("."), again=result.oom_killed or result.exit_code == _KILLED)


def room(engine: Engine, sweep: Sweep, count: int) -> int:
    """Return how many tasks run at once: as many as are asked for, else as the engine has processors and memory."""
    limits = sweep.spec.limits
    cores = os.cpu_count() or 1 if engine.local else int(engine.info.get("NCPU") or 1)
    free = psutil.virtual_memory().available if engine.local else engine.memory
    by_memory = free // limits.memory if limits.memory else count
    by_cores = int(cores / (limits.cpus or 1))
    return max(1, min(count, sweep.at_once or min(by_cores, by_memory)))


def main(path: str) -> None:
    """Run the tasks that stdin names."""
    told = json.loads(sys.stdin.buffer.read())
    folder = SweepFolder(Path(path))
    with connect(folder.sweep.engine or None) as engine:
        supervisor = Supervisor(folder=folder, sweep=folder.sweep, engine=engine, variables=told["variables"])

        def end(_number: int, _frame: FrameType | None) -> None:
            supervisor.stopping.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        pid = os.getpid()
        write_private(folder.worker, json.dumps({"pid": pid, "started": process_start(pid)}).encode())
        try:
            supervisor.run(told["indices"])
        finally:
            folder.worker.unlink()


if __name__ == "__main__":
    main(sys.argv[1])
