"""One container from its start to its end, with its output."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Thread, Timer
from typing import TYPE_CHECKING

from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.engine.containers.attachment import Attachment
from jupyter_docker.engine.containers.creation import Removal, start
from jupyter_docker.engine.containers.interrupts import Interrupts
from jupyter_docker.engine.containers.listing import urls_of
from jupyter_docker.engine.files.rescue import written_state
from jupyter_docker.engine.files.results import Results
from jupyter_docker.engine.files.runlog import RunLog
from jupyter_docker.values import (
    Emit,
    EngineError,
    EngineLostError,
    MissingError,
    Progress,
    RunResult,
    RunSpec,
    UnsavedResultsError,
)

if TYPE_CHECKING:
    from docker.models.containers import Container

    from jupyter_docker.engine.connection.engine import Engine


@dataclass(kw_only=True)
class Foreground:
    """A container that was made and not started; ``removal`` is cancelled as long as it has results of its own."""

    engine: Engine
    spec: RunSpec
    container: Container
    attachment: Attachment
    log: RunLog
    interrupts: Interrupts
    emit: Emit
    grace: float
    removal: Removal

    def attend(self) -> RunResult:
        """Start it and see it through; on KeyboardInterrupt stop it within ``grace`` seconds, and raise that again.

        Raises EngineLostError, or what the start raises.
        """
        before = written_state(self.engine, self.container)
        self.interrupts.check()
        start(self.container, self.spec)
        self.removal.cancel()  # from here on it may have results, and stays until they are safe
        try:
            self._announce_ports()
            with self._time_limit() as is_over:
                self._watch()
        except KeyboardInterrupt:
            self._stop()
            self._save(before)
            raise
        except EngineError:
            raise
        except BaseException:  # a display that breaks: nothing can be said any more
            self.emit = lambda _: None
            self._ask_to_stop()
            self._save(before)
            raise
        result = replace(self._result(), timed_out=is_over.is_set())
        rescued, unsaved = self._save(before)
        return replace(result, rescued=rescued, unsaved=unsaved)

    def _announce_ports(self) -> None:
        if not self.spec.ports:
            return
        with translated(f"look at '{self.container.name}'"):
            self.container.reload()
        for port, url in urls_of(self.container.attrs).items():
            self.emit(Progress(step="run", item=f"port {port}", label=f"port {port} is at {url}", done=True))

    @contextmanager
    def _time_limit(self) -> Iterator[Event]:
        """Let the engine stop it where the body takes longer than it may run; the value says whether that was so."""
        is_over = Event()

        def end() -> None:
            is_over.set()
            self._ask_to_stop()

        timer = Timer(self.spec.limits.timeout or 0, end)
        timer.daemon = True
        if self.spec.limits.timeout is not None:
            timer.start()
        try:
            yield is_over
        finally:
            timer.cancel()

    def _watch(self) -> None:
        self._print()
        name = self.container.name
        try:
            with translated(f"wait for '{name}'"), self.interrupts.allowed():
                self.container.wait(timeout=None)
        except MissingError as error:
            raise MissingError(f"The container '{name}' was removed while it ran.", hint="Run it again.") from error
        except EngineLostError as error:
            raise EngineLostError(
                f"The container engine went away while '{name}' ran.",
                hint=f"{error.hint} What the run printed until then is in '{self.log.path}'.",
            ) from error

    def _print(self) -> None:
        for stream, data in self.attachment.payloads(self.interrupts):
            self.log.add(stream, data)

    def _stop(self) -> None:
        """Let the engine stop it, which kills it after the grace, and go on printing what it says meanwhile."""
        stopping = Thread(target=self._ask_to_stop, daemon=True)
        stopping.start()
        try:
            self._print()
            with self.interrupts.allowed():
                stopping.join()
        except KeyboardInterrupt:
            with suppress(EngineError), translated("kill the container"):
                self.container.kill()
            self._print()

    def _ask_to_stop(self) -> None:
        with suppress(EngineError), translated("stop the container"):
            self.container.stop(timeout=math.ceil(self.grace))

    def _result(self) -> RunResult:
        with translated(f"look at '{self.container.name}'"):
            self.container.reload()
        state = self.container.attrs["State"]
        return RunResult(
            container_id=str(self.container.id),
            name=str(self.container.name),
            exit_code=state["ExitCode"],
            oom_killed=state["OOMKilled"],
            started=state["StartedAt"],
            finished=state["FinishedAt"],
            log=self.log.path,
        )

    def _save(self, before: str) -> tuple[tuple[Path, ...], UnsavedResultsError | None]:
        results = Results(
            engine=self.engine,
            container=self.container,
            into=self.log.files_folder,
            emit=self.emit,
            removal=self.removal,
            mount_arguments=self.spec.mount_arguments,
        )
        return results.save(before, check=self.interrupts.check), results.error
