"""Files and folders that hold a person's data: their owner's alone, whatever the umask, and never through a link."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from io import FileIO
from pathlib import Path

from jupyter_docker.values.config import APPLICATION

_FOLDER, _FILE = 0o700, 0o600


def make_private_folder(folder: Path) -> Path:
    """Make the folder and what is missing above it, each its owner's alone, and return it.

    One that is there stays as it is, but for those named after this program, which are taken from others: earlier
    versions left them open. Raises OSError.
    """
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        with suppress(FileExistsError):  # another process was faster
            each.mkdir(mode=_FOLDER)
            each.chmod(_FOLDER)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    for own in (each for each in (folder, *folder.parents) if each.name == APPLICATION):
        with suppress(OSError):  # of another user, or in a file system without modes
            if own.stat().st_mode & 0o077:
                own.chmod(_FOLDER)
    return folder


def open_new(path: Path) -> FileIO:
    """Open a new file for writing, its owner's alone; raises FileExistsError for anything of that name, links too."""
    return FileIO(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _flags(), _FILE), "w")


def open_to_append(path: Path) -> FileIO:
    """Open a file of ours to write at its end, its owner's alone where it is new; raises OSError for a link."""
    nofollow = getattr(os, "O_NOFOLLOW", 0)
    return FileIO(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | nofollow | _flags(), _FILE), "a")


def write_private(path: Path, content: bytes) -> None:
    """Write a file, its owner's alone, whole or not at all, in place of what has its name. Raises OSError."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open_new(new) as file:
            write_all(file, content)
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def write_all(file: FileIO, content: bytes) -> None:
    """Write all of it, which one call may not do. Raises OSError."""
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) or 0 :]


def _flags() -> int:
    return getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
