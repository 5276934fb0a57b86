"""Transports between client and kernel: sockets in a private folder that both see, or ports on the loopback.

The folder needs no network at all. It needs an engine that shares this machine's kernel and files, and a container
whose user is this one; elsewhere (Docker Desktop, remapped users, SELinux) five ports are published on 127.0.0.1.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal, Protocol
from urllib.parse import urlsplit

from jupyter_docker.engine import uid_gid, user_of
from jupyter_docker.values import EngineError, RunSpec

if TYPE_CHECKING:
    from docker.models.containers import Container

    from jupyter_docker.engine import Engine

TransportName = Literal["ipc", "tcp"]

INSIDE = PurePosixPath("/run/containerize")
CHANNELS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")

_OVER_NETWORK = {"tcp", "http", "https"}
_REMAPPED = ("name=userns", "name=selinux")  # the container's user, or its processes, may not use this user's folder


class Transport(Protocol):
    """One way by which client and kernel reach each other."""

    @property
    def name(self) -> TransportName:
        """Its name in jupyter_client."""

    @property
    def ip(self) -> str:
        """What the client is told for an address."""

    @property
    def inside(self) -> str:
        """What the kernel is told for an address."""

    @property
    def bound(self) -> Mapping[str, int]:
        """The kernel's port of each channel."""

    @property
    def ready(self) -> str:
        """What is there inside once the kernel listens: a socket's path, or a port."""

    def fitted(self, spec: RunSpec) -> RunSpec:
        """Return ``spec`` with what the way needs."""

    def deliver(self, container: Container, files: Mapping[str, bytes]) -> None:
        """Put ``files`` into INSIDE, for the container's user alone, before the start; raises EngineError, OSError."""

    def hold(self) -> int | None:
        """Return an open file that the kernel does not outlive, None where there can be none; raises OSError."""

    def ports(self, container: Container) -> Mapping[str, int]:
        """Return the client's ports, once the container runs; raises EngineError."""


def check_reach(engine: Engine) -> None:
    """Raise EngineError where the engine is on another machine: neither its files nor its loopback is this one's."""
    url = urlsplit(engine.endpoint)
    if url.scheme == "ssh" or (url.scheme in _OVER_NETWORK and not _is_loopback(url.hostname or "")):
        raise EngineError(
            f"The container engine '{engine.endpoint}' is on another machine: a kernel there is out of reach.",
            hint="Start Jupyter on that machine, or choose this machine's engine: --engine default. "
            "What needs no kernel works there too, as `jupyter containerize run NOTEBOOK` does.",
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name
        return host == "localhost"


def transport_of(engine: Engine, spec: RunSpec) -> TransportName:
    """Return the way that works with this engine and the container's user; raises EngineLostError."""
    if not engine.local or any(option.startswith(_REMAPPED) for option in engine.info.get("SecurityOptions") or ()):
        return "tcp"
    numbers = uid_gid(user_of(engine, spec))
    ours = (0, 0) if engine.rootless else (os.getuid(), os.getgid())
    usable = numbers is not None and (numbers[0] == ours[0] or (os.getuid() == 0 and not engine.rootless))
    return "ipc" if usable else "tcp"


def owner_of(engine: Engine, spec: RunSpec) -> tuple[int, int] | None:
    """Return the container's user as numbers, None where it is a name or this user by another number."""
    return None if engine.rootless else uid_gid(user_of(engine, spec))
