"""Containers of runs whose program ended without removing them: a crash, a lost engine, a machine turned off."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from jupyter_docker.engine.identity import OWNER_LABEL
from jupyter_docker.engine.translate import translated
from jupyter_docker.errors import EngineError
from jupyter_docker.scratch import is_running, process_start

if TYPE_CHECKING:
    from jupyter_docker.engine.connection import Engine

KEPT_SUFFIX = "-kept"

_ENDED = frozenset({"created", "exited", "dead"})  # Podman refuses the last as a filter
_running: set[str] = set()  # names of this process's runs


@contextmanager
def owned(name: str) -> Iterator[dict[str, str]]:
    """Yield the label that says that this process runs the container ``name`` as long as the body lasts."""
    _running.add(name)
    try:
        yield {OWNER_LABEL: f"{socket.gethostname()}:{os.getpid()}:{process_start(os.getpid()):.0f}"}
    finally:
        _running.discard(name)


def sweep(engine: Engine) -> tuple[str, ...]:
    """Remove such containers, those that run still excepted; return their names. Costs one request where none is left.

    Raises EngineError where the engine can't be asked.
    """
    with translated("list the containers"):
        found: list[dict[str, Any]] = engine.client.api.containers(all=True, filters={"label": [OWNER_LABEL]})
    removed = []
    for container in found:
        name = container["Names"][0].lstrip("/")
        kept = container["State"] not in _ENDED or name.endswith(KEPT_SUFFIX)
        if kept or not is_abandoned(name, container["Labels"][OWNER_LABEL]):
            continue
        with suppress(EngineError), translated(f"remove '{name}'"):
            engine.client.api.remove_container(container["Id"], force=True, v=True)
            removed.append(name)
    return tuple(removed)


def is_abandoned(name: str, owner: str) -> bool:
    """Whether the process that the label ``owner`` names, of this machine, no longer runs ``name``."""
    host, pid_text, started = owner.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    pid = int(pid_text)
    if pid == os.getpid():
        return name not in _running
    return not is_running(pid, float(started))
