"""Whose container it is: the labels, the name and the user it runs as."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from platformdirs import user_state_path

from jupyter_docker import __version__
from jupyter_docker.values import APPLICATION, LABEL_PREFIX, RunSpec, make_private_folder, open_new, slug, write_all

if TYPE_CHECKING:
    from jupyter_docker.engine.connection.engine import Engine

Role = Literal["foreground", "detached", "kernel"]
Scope = Literal["own", "made", "all"]
"""Which containers: this user's own, those that this program made for any user, or every one that the engine has."""

# Images carry labels too, and a container inherits them: this one is on containers alone.
ROLE_LABEL = f"{LABEL_PREFIX}role"
VERSION_LABEL = f"{LABEL_PREFIX}version"
OWNER_LABEL = f"{LABEL_PREFIX}owner"  # the process that runs it
USER_LABEL = f"{LABEL_PREFIX}user"
USER_NAME_LABEL = f"{LABEL_PREFIX}user-name"

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
    return {**spec.labels, VERSION_LABEL: __version__, ROLE_LABEL: role, **user_labels()}


def user_labels() -> dict[str, str]:
    """Return the labels that say whose a container or a volume is."""
    return {USER_LABEL: user_id(), USER_NAME_LABEL: f"{_user_name()}@{socket.gethostname()}"}


def user_id() -> str:
    """Return what tells this user from all others of the engine, also from one with the same number elsewhere.

    On a hub the users' servers may be containers with one uid, whose names and numbers say nothing. So it is made of a
    random number in the user's state folder; and of the user's name, since such a folder may be part of an image.
    """
    number = _number_of(user_state_path(APPLICATION))
    uid = os.getuid() if hasattr(os, "getuid") else ""
    return hashlib.sha256(f"{number}\n{uid}\n{_user_name()}".encode()).hexdigest()[:16]


@cache
def _number_of(state: Path) -> str:
    """Return the number that is kept there; that of this machine where none can be kept."""
    file = state / "user-id"
    try:
        make_private_folder(state)
        with suppress(FileExistsError), open_new(file) as new:
            write_all(new, secrets.token_hex(16).encode())
        return file.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return socket.gethostname()


def _user_name() -> str:
    """Return the name that a hub or the system knows the user by."""
    if name := os.environ.get("JUPYTERHUB_USER"):
        return name
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):  # Windows; a number without a name
        return os.environ.get("USERNAME") or (str(os.getuid()) if hasattr(os, "getuid") else "user")


def is_own(labels: Mapping[str, str]) -> bool:
    """Whether a container or volume with these labels is this user's. Earlier versions said nothing of a user."""
    return labels.get(USER_LABEL) == user_id()


def owner_name(labels: Mapping[str, str]) -> str:
    """Return the name of whose container it is; empty where this program did not make it."""
    if ROLE_LABEL not in labels:
        return ""
    return labels.get(USER_NAME_LABEL) or "unknown, of an earlier version"


def filters_of(scope: Scope) -> dict[str, list[str]]:
    """Return the engine's filters of a list of containers."""
    label = {"own": [ROLE_LABEL, f"{USER_LABEL}={user_id()}"], "made": [ROLE_LABEL], "all": []}[scope]
    return {"label": label} if label else {}


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
