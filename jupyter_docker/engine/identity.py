"""Whose container it is: the labels, the name and the user it runs as."""

from __future__ import annotations

import os
import re
import secrets
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from jupyter_docker import __version__
from jupyter_docker.models import LABEL_PREFIX
from jupyter_docker.reference import slug
from jupyter_docker.runspec import RunSpec

if TYPE_CHECKING:
    from jupyter_docker.engine.connection import Engine

Role = Literal["foreground", "detached", "kernel"]

# Images carry labels too, and a container inherits them: this one is on containers alone.
ROLE_LABEL = f"{LABEL_PREFIX}role"
VERSION_LABEL = f"{LABEL_PREFIX}version"
OWNER_LABEL = f"{LABEL_PREFIX}owner"

HOST_LABEL = f"{LABEL_PREFIX}host"
LOGS_LABEL = f"{LABEL_PREFIX}logs"

KEPT_SUFFIX = "-kept"  # of the name of a container that has files which are nowhere else

_NUMERIC = re.compile(r"(\d+)(?::(\d+))?", re.ASCII)


def host_identity() -> str:
    """Return where this process's number means this process: since which start of which machine, in which container."""
    parts = []
    with suppress(OSError):
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip())
        parts.append(os.readlink("/proc/self/ns/pid"))  # noqa: PTH115 - it is no path
    return " ".join([socket.gethostname(), *parts])


def labels_of(spec: RunSpec, role: Role) -> dict[str, str]:
    """Return the labels of a container of ours."""
    return {**spec.labels, VERSION_LABEL: __version__, ROLE_LABEL: role}


def name_of(spec: RunSpec) -> str:
    """Return the name that the user chose, or a free one after the image: "penguins-3f9a2c"."""
    if spec.name:
        return spec.name
    repository = spec.image.partition("@")[0].rpartition("/")[2].partition(":")[0]
    return f"{slug(repository, fallback='run')}-{secrets.token_hex(3)}"


def user_of(engine: Engine, spec: RunSpec) -> str | None:
    """Return the user to run as, None for the image's own.

    In a rootless engine root is the caller; else it is the caller's uid:gid. Windows has none, and macOS's would mean
    nothing to the engine, which is in a virtual machine and gives bind mounts to whoever uses them.
    """
    if spec.user is not None:
        return spec.user
    if engine.rootless:
        return "0:0"
    return f"{os.getuid()}:{os.getgid()}" if sys.platform == "linux" else None


def groups_of(engine: Engine, spec: RunSpec) -> Sequence[str]:
    """Return the caller's other groups, so that a folder shared with a group can be used as outside."""
    if spec.user is not None or not engine.local or engine.rootless:
        return ()
    return [str(group) for group in os.getgroups() if group != os.getgid()]


def uid_gid(user: str | None) -> tuple[int, int] | None:
    """Return the numbers of "1000:1000" or "1000"; None for a name, which only the image can resolve."""
    match = _NUMERIC.fullmatch(user or "")
    return (int(match[1]), int(match[2] or 0)) if match else None
