"""The contents of a base image beside Python: its own Python is run in it, once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.engine.containers.creation import discard
from jupyter_docker.values import BaseSystem, ContainerizeError, EngineError, Image
from jupyter_docker.values import disk_cache as cache

_MAX_PRINTED = 2**24  # bytes


def printed_by_python(engine: Engine, image: Image, code: str, what: str, *, program: str = "python") -> str:
    """Return what ``code`` prints in the image, without a network; nothing is left of it.

    ``what`` is it for, "ask 'python:3.11-slim' what it has"; ``program`` is the image's Python. Raises EngineError,
    also where it ends in a failure or prints without an end.
    """
    with translated(what):
        container = engine.client.containers.create(image.id, ["-c", code], entrypoint=program, network_mode="none")
        try:
            container.start()
            status = container.wait()["StatusCode"]
            printed = _bounded(container.logs(stdout=True, stderr=False, stream=True, follow=False), what)
        finally:  # docker-py's own ``run(remove=True)`` leaves one that does not start
            discard(container)
    if status:
        raise EngineError(f"Could not {what}: its Python ended with status {status}.")
    return printed.decode(errors="replace")


def _bounded(pieces: Iterable[bytes], what: str) -> bytes:
    printed = bytearray()
    for piece in pieces:
        printed += piece
        if len(printed) > _MAX_PRINTED:
            raise EngineError(f"Could not {what}: its Python prints more than anybody reads.")
    return bytes(printed)


# Printed by the image's own Python. Of `ldconfig -p` the first word of each line but the first; see ldconfig(8).
_QUESTION = """
import json, os, subprocess
def lines(read):
    try:
        return read().splitlines()
    except (OSError, subprocess.SubprocessError):
        return []
def names(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []
release = dict(line.partition("=")[::2] for line in lines(lambda: open("/etc/os-release").read()))
linked = lines(lambda: subprocess.check_output(["/sbin/ldconfig", "-p"], text=True))
print(json.dumps({
    "release": release.get("VERSION_CODENAME", "").strip('"'),
    "libraries": sorted({line.split()[0] for line in linked[1:] if line.split()}),
    "programs": sorted({name for folder in os.get_exec_path() for name in names(folder)}),
}))
"""


def base_system(engine: Engine, image: Image) -> BaseSystem | None:
    """Return what the image has; None where it can't be run here, as one for another processor."""
    key = cache.digest("base", image.id)
    found = cache.load("bases", key)
    if found is None:
        found = _ask(engine, image)
        if found is None:
            return None
        cache.store("bases", key, found)
    return BaseSystem(
        release=found["release"],
        libraries=frozenset(found["libraries"]),
        programs=frozenset(found["programs"]),
        has_apt="apt-get" in found["programs"],
    )


def _ask(engine: Engine, image: Image) -> dict[str, Any] | None:
    try:
        printed = printed_by_python(engine, image, _QUESTION, f"ask '{image.reference}' what it has")
        found: dict[str, Any] = json.loads(printed)
    except (ContainerizeError, ValueError):
        return None
    return found
