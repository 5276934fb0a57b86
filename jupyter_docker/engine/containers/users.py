"""A name for the user that a container runs as, so that ``whoami`` and ``getpass.getuser()`` work for any uid."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.values import EngineError, Mount

if TYPE_CHECKING:
    from docker.models.containers import Container

_FOLDER = PurePosixPath("/etc")
_MAX_SIZE = 1_000_000  # bytes of a user database that is worth reading


def name_user(container: Container, owner: tuple[int, int], mounts: Sequence[Mount]) -> None:
    """Add ``owner`` (uid and gid) to the user database of a container that has not started, where it is not in there.

    The image stays as it is. Where that can't be done (a read-only root, a mount of the user's own there), the
    container goes without the name.
    """
    if owner[0] == 0 or any(_overlap(_FOLDER, mount.target) for mount in mounts):
        return
    with suppress(EngineError, KeyError, ValueError, tarfile.TarError), translated("name the user"):
        known = _user_database(container)
        if any(line.split(":")[2:3] == [str(owner[0])] for line in known.splitlines()):
            return
        entry = f"user:x:{owner[0]}:{owner[1]}::/tmp:/bin/sh\n"
        container.put_archive(str(_FOLDER), _archive(f"{known.rstrip()}\n{entry}".encode()))


def _overlap(one: PurePosixPath, other: PurePosixPath) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


def _user_database(container: Container) -> str:
    chunks, _ = container.get_archive(str(_FOLDER / "passwd"))
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > _MAX_SIZE:
            raise ValueError("no user database is that large")
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        file = tar.extractfile("passwd")
        return file.read().decode() if file is not None else ""


def _archive(content: bytes) -> bytes:
    entry = tarfile.TarInfo("passwd")
    entry.size, entry.mode = len(content), 0o644
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        tar.addfile(entry, io.BytesIO(content))
    return archive.getvalue()
