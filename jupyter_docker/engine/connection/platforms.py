"""Which programs run where: the platforms of this machine and of the engine."""

from __future__ import annotations

import platform
import sys

from jupyter_docker.engine.connection.engine import Engine

_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def host_platform() -> str:
    """Return this machine's platform in Docker's words, such as "linux/amd64" or "darwin/arm64"."""
    machine = platform.machine().lower()
    return f"{sys.platform}/{_ARCHITECTURES.get(machine, machine)}"


def runs_host_programs(engine: Engine, wanted: str) -> bool:
    """Return whether a program of this machine runs in an image of platform ``wanted``, "" being the engine's own."""
    return host_platform() == "/".join((wanted or f"linux/{engine.architecture}").split("/")[:2])
