"""Named volumes: made with our labels, and given to the user of the run."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from time import time
from typing import TYPE_CHECKING

from jupyter_docker import __version__
from jupyter_docker.engine.connection.identity import VERSION_LABEL, user_labels
from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.values import EngineError, MissingError, Mount, RunSpec

if TYPE_CHECKING:
    from docker.models.containers import Container

    from jupyter_docker.engine.connection.engine import Engine


def missing_volumes(engine: Engine, spec: RunSpec) -> Iterator[Mount]:
    """Yield the mounts of named volumes that the engine does not have; raises EngineError."""
    for mount in spec.mounts:
        if mount.kind == "volume":
            try:
                with translated(f"find the volume '{mount.source}'"):
                    engine.client.api.inspect_volume(mount.source)
            except MissingError:
                yield mount


def make_volume(engine: Engine, mount: Mount) -> None:
    """Make the volume, with our label; raises EngineError."""
    with translated(f"make the volume '{mount.source}'"):
        engine.client.api.create_volume(mount.source, labels={VERSION_LABEL: __version__, **user_labels()})


def remove_volumes(engine: Engine, mounts: Sequence[Mount]) -> None:
    """Remove volumes of a container that never started."""
    for mount in mounts:
        with suppress(EngineError), translated(f"remove the volume '{mount.source}'"):
            engine.client.api.remove_volume(mount.source)


def give(container: Container, mounts: Sequence[Mount], owner: tuple[int, int]) -> None:
    """Make ``owner`` (uid and gid) the owner of fresh volumes, which are root's; ``container`` has not started.

    It is done by unpacking an archive whose only entry is the folder itself, so nothing runs as root for it.
    """
    for mount in mounts:
        if mount.read_only:
            continue
        entry = tarfile.TarInfo(mount.target.name)
        entry.type, entry.mode, entry.mtime = tarfile.DIRTYPE, 0o755, int(time())
        entry.uid, entry.gid = owner
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            tar.addfile(entry)
        with translated(f"make '{mount.source}' writable"):
            container.put_archive(str(mount.target.parent), archive.getvalue())
