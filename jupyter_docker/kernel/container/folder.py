"""The private folder of one kernel's sockets, on this machine."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from jupyter_docker.engine import is_abandoned
from jupyter_docker.values import is_own_folder

PREFIX = "containerize-"

# A socket's path has 107 characters at most (sockaddr_un); the folder's own name and the socket's need 44 of them.
_MAX_BASE = 107 - 44


def base_folder() -> Path:
    """Return where such folders are: the user's runtime folder, which is in memory, or else the temporary one."""
    for name in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir()):
        if name and len(os.fsencode(name)) <= _MAX_BASE and Path(name).is_dir() and os.access(name, os.W_OK):
            return Path(name)
    return Path("/tmp")  # noqa: S108 - the folder in it is made for this user alone


def folder_of(owner: str, base: Path | None = None) -> Path:
    """Return the path of a new folder for the process of that owner's label, in ``base`` or where sockets may be.

    Its name says whose it is, so that a folder can be known for abandoned from its first moment on.
    """
    _, pid, started = owner.rsplit(":", 2)
    return (base or base_folder()) / f"{PREFIX}{pid}-{started}-{secrets.token_hex(3)}"


def make_folder(folder: Path, user: tuple[int, int] | None) -> None:
    """Make the folder, which only ``user`` (uid, gid; None is this one) can look into; raises OSError."""
    folder.mkdir(mode=0o700)
    if user is not None and user[0] != os.getuid():
        os.chown(folder, *user)


def remove_folder(folder: Path) -> None:
    """Remove the folder and all in it; no matter if it is gone already."""
    shutil.rmtree(folder, ignore_errors=True)


def sweep_folders(owner: str, base: Path | None = None) -> tuple[Path, ...]:
    """Remove the folders of this machine's clients that are gone, as after a power cut; return them.

    ``owner`` is the label of this process, which names the machine.
    """
    host = owner.rsplit(":", 2)[0]
    removed = []
    for folder in (base or base_folder()).glob(f"{PREFIX}*-*-*"):
        with suppress(ValueError):  # a name of somebody else's
            pid, started, _ = folder.name.removeprefix(PREFIX).split("-")
            if is_own_folder(folder) and is_abandoned(folder.name, f"{host}:{pid}:{started}"):
                remove_folder(folder)
                removed.append(folder)
    return tuple(removed)
