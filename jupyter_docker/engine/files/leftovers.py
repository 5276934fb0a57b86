"""Containers of runs whose program ended without removing them: a crash, a lost engine, a machine turned off."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_docker.engine.connection.identity import (
    HOST_LABEL,
    KEPT_SUFFIX,
    LOGS_LABEL,
    OWNER_LABEL,
    ROLE_LABEL,
    USER_LABEL,
    host_identity,
    user_id,
)
from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.engine.containers.creation import Removal, discard
from jupyter_docker.engine.files.results import Results
from jupyter_docker.values import Emit, EngineError, Warned, is_running, process_start

if TYPE_CHECKING:
    from jupyter_docker.engine.connection.engine import Engine

_ENDED = frozenset({"created", "exited", "dead"})  # Podman refuses the last as a filter
_GRACE = 2
_running: set[str] = set()  # names of this process's runs


@contextmanager
def owned(name: str) -> Iterator[dict[str, str]]:
    """Yield the labels that say that this process runs the container ``name`` as long as the body lasts."""
    _running.add(name)
    try:
        yield {
            HOST_LABEL: host_identity(),
            OWNER_LABEL: f"{socket.gethostname()}:{os.getpid()}:{process_start(os.getpid()):.0f}",
        }
    finally:
        _running.discard(name)


def sweep(engine: Engine, log_folder: Path | None = None, emit: Emit = lambda _: None) -> tuple[str, ...]:
    """Remove such containers, and return their names. Costs one request where none is left.

    A run in the foreground may have written what is nowhere else: it is ended where it goes on, and its files are saved
    in ``log_folder`` first, which is said. One of another log folder is left to who has that. Raises EngineError where
    the engine can't be asked.

    Args:
        engine: The engine to look at.
        log_folder: Where the files of runs are saved; None saves none.
        emit: Takes what was removed and saved.
    """
    with translated("list the containers"):
        label = [OWNER_LABEL, f"{USER_LABEL}={user_id()}"]
        found: list[dict[str, Any]] = engine.client.api.containers(all=True, filters={"label": label})
    return tuple(
        name
        for one in found
        if is_abandoned(name := one["Names"][0].lstrip("/"), one["Labels"][OWNER_LABEL])
        and not name.endswith(KEPT_SUFFIX)
        and _swept(engine, one, log_folder, emit)
    )


def _swept(engine: Engine, one: Mapping[str, Any], log_folder: Path | None, emit: Emit) -> bool:
    """Remove it if it may be, and return whether it was."""
    is_run = one["Labels"].get(ROLE_LABEL) == "foreground" and one["State"] != "created"
    # Only compared: a label is another's word, and no place to write to.
    if is_run and log_folder is not None and one["Labels"].get(LOGS_LABEL) == str(log_folder.absolute()):
        return _rescued(engine, one, log_folder, emit)
    if is_run or one["State"] not in _ENDED:
        return False
    with suppress(EngineError), translated("remove a container"):
        engine.client.api.remove_container(one["Id"], force=True, v=True)
        return True
    return False


def _rescued(engine: Engine, one: Mapping[str, Any], log_folder: Path, emit: Emit) -> bool:
    if one["State"] not in _ENDED and one["Labels"].get(HOST_LABEL) != host_identity():
        return False  # its client may be in another container, where processes have numbers of their own
    with suppress(EngineError), translated("remove a container"):
        container = engine.client.containers.get(one["Id"])
        container.stop(timeout=_GRACE)
        removal = Removal(container, emit)
        emit(Warned(step="run", message=f"The run '{container.name}' was cut off: its program was killed."))
        into = log_folder / f"{container.name}-{datetime.now().astimezone():%Y%m%d-%H%M%S}-files"
        Results(engine=engine, container=container, into=into, emit=emit, removal=removal).save()
        if removal.wanted:
            discard(container)
        return removal.wanted
    return False


def is_attended(name: str, owner: str) -> bool:
    """Whether the process that the label ``owner`` names, of this machine, still sees to ``name``."""
    return _is_here(owner) and not is_abandoned(name, owner)


def _is_here(owner: str) -> bool:
    return owner.rsplit(":", 2)[0] == socket.gethostname()


def is_abandoned(name: str, owner: str) -> bool:
    """Whether the process that the label ``owner`` names, of this machine, no longer runs ``name``."""
    _, pid_text, started = owner.rsplit(":", 2)
    if not _is_here(owner):
        return False
    pid = int(pid_text)
    if pid == os.getpid():
        return name not in _running
    return not is_running(pid, float(started))
