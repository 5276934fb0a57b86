"""Operations on a container that is there: logs, stop, remove. Only this user's, unless others are asked for."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_docker.engine.connection.identity import KEPT_SUFFIX, ROLE_LABEL, Scope
from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.engine.containers.creation import Removal
from jupyter_docker.engine.containers.listing import find
from jupyter_docker.engine.containers.stream import Demultiplexer, TextDecoder
from jupyter_docker.engine.files.results import Results
from jupyter_docker.values import Emit, EngineError, Log, MissingError, Stream

if TYPE_CHECKING:
    from docker.models.containers import Container

    from jupyter_docker.engine.connection.engine import Engine

_MAX_CHUNK = 64 * 1024


_RUNS = frozenset({"detached", "foreground"})


def logs(
    engine: Engine,
    name: str,
    *,
    emit: Emit,
    follow: bool = False,
    tail: int | None = None,
    scope: Scope = "own",
) -> None:
    """Emit what the container has printed as Log events.

    KeyboardInterrupt ends the following, not the container.

    Args:
        engine: The engine.
        name: The container's name or ID.
        emit: Called with each event.
        follow: Whether to go on until the container ends.
        tail: How many of the last lines to emit; None is all.
        scope: Whose containers count.

    Raises:
        MissingError: There is no such container.
        EngineLostError, EngineError: The engine failed.
    """
    container = find(engine, name, scope=scope)
    api = engine.client.api
    choice = {"stdout": 1, "stderr": 1, "follow": int(follow), "tail": "all" if tail is None else tail}
    # docker-py's own logs() drops what tells stdout from stderr.
    url = f"{api.base_url}/v{api.api_version}/containers/{container.id}/logs"
    printer = _Printer(emit, multiplexed=not container.attrs["Config"]["Tty"])
    with (
        translated(f"read the log of '{name}'"),
        api.get(url, params=choice, stream=True, timeout=(api.timeout, None)) as answer,
    ):
        if not answer.ok:
            raise EngineError(f"The log of '{name}' can't be read: {answer.text.strip()}")
        for data in answer.raw.stream(_MAX_CHUNK):
            printer.add(data)
    printer.close()


def stop(engine: Engine, name: str, *, grace: float = 10, scope: Scope = "own") -> None:
    """Ask the container to end, and kill it after ``grace`` seconds; it stays listed.

    Args:
        engine: The engine.
        name: The container's name or ID.
        grace: The seconds until it is killed.
        scope: Whose containers count.

    Raises:
        MissingError: There is no such container.
        EngineError: The engine failed.
    """
    container = find(engine, name, scope=scope)
    with translated(f"stop '{name}'"):
        container.stop(timeout=math.ceil(grace))


def remove(
    engine: Engine,
    name: str,
    *,
    force: bool = False,
    scope: Scope = "own",
    log_folder: Path | None = None,
    emit: Emit = lambda _: None,
) -> None:
    """Remove the container, and with ``force`` a running one too.

    Args:
        engine: The engine.
        name: The container's name or ID.
        force: Whether one that runs is removed too.
        scope: Whose containers count.
        log_folder: Where what a run wrote outside its mounts, and nobody saved, is copied first, which a Warned event
            says; None saves nothing. Where another process copies it now, that one removes the container.
        emit: Called with each event.

    Raises:
        UnsavedResultsError: Not all could be copied; the container is kept.
        MissingError: There is no such container.
        EngineError: It runs, or the engine refuses.
    """
    container = find(engine, name, scope=scope)
    if _is_running(container):
        if not force:
            raise EngineError(
                f"The container '{name}' is running.",
                hint=f"Stop it first: jupyter containerize stop {name}; or remove it all the same: rm -f {name}",
            )
        with suppress(EngineError), translated(f"kill '{name}'"):
            container.kill()
    removal = Removal(container, emit)
    if log_folder is not None and _may_hold_results(container):
        into = log_folder / f"{container.name}-{datetime.now().astimezone():%Y%m%d-%H%M%S}-files"
        results = Results(engine=engine, container=container, into=into, emit=emit, removal=removal)
        results.save()
        if results.error is not None:
            raise results.error
    if removal.wanted:
        with translated(f"remove '{name}'"):
            container.remove(force=force, v=True)


def remove_now(engine: Engine, name: str, *, seconds: float = 10) -> bool:
    """Remove the container and wait until it is gone; False where there was none.

    Args:
        engine: The engine.
        name: The container's name or ID.
        seconds: How long to wait until it is gone.

    Raises:
        EngineError: The engine failed, or the container is still there.
    """
    until, found = time.monotonic() + seconds, False
    while True:
        try:
            with translated(f"remove '{name}'"):
                engine.client.api.remove_container(name, force=True, v=True)
            found = True
        except MissingError:
            return found
        except EngineError as error:
            # A conflict: the engine removes it as well, since it has ended.
            if error.status != HTTPStatus.CONFLICT or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _may_hold_results(container: Container) -> bool:
    """Whether nobody has saved what it wrote: it is a run's, and was not kept for a person to copy it."""
    return container.labels.get(ROLE_LABEL) in _RUNS and not str(container.name).endswith(KEPT_SUFFIX)


def _is_running(container: Container) -> bool:
    state = container.attrs["State"]
    return bool(state["Running"] or state["Paused"])


class _Printer:
    """Bytes of a log as Log events; with a terminal the engine keeps one stream, without any headers."""

    def __init__(self, emit: Emit, *, multiplexed: bool) -> None:
        self._emit = emit
        self._demultiplexer = Demultiplexer() if multiplexed else None
        self._text = TextDecoder()

    def add(self, data: bytes) -> None:
        runs: list[tuple[Stream, bytes]] = self._demultiplexer.feed(data) if self._demultiplexer else [("stdout", data)]
        for stream, payload in runs:
            self._print(stream, self._text.feed(stream, payload))

    def close(self) -> None:
        for stream, text in self._text.close():
            self._print(stream, text)

    def _print(self, stream: Stream, text: str) -> None:
        if text:
            self._emit(Log(step="run", text=text, stream=stream))
