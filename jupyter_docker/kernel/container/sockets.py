"""Kernel and client meet at sockets in a private folder of this machine, which is mounted in the container."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from jupyter_docker.kernel.container.supervise import CLIENT
from jupyter_docker.kernel.container.transport import CHANNELS, INSIDE, TransportName
from jupyter_docker.values import Mount, RunSpec, open_new, write_all

if TYPE_CHECKING:
    from docker.models.containers import Container


@dataclass(frozen=True, kw_only=True)
class SocketFolder:
    """Sockets in ``folder``; ``owner`` (uid, gid) is the container's user, None where that is this one."""

    folder: Path
    owner: tuple[int, int] | None = None
    name: ClassVar[TransportName] = "ipc"
    inside: str = f"{INSIDE}/k"
    bound: Mapping[str, int] = field(default_factory=lambda: {name: n for n, name in enumerate(CHANNELS, 1)})

    @property
    def ip(self) -> str:
        """What the sockets' paths begin with."""
        return str(self.folder / "k")

    @property
    def ready(self) -> str:
        """The heartbeat's socket, which a kernel makes last."""
        return f"{self.inside}-{self.bound['hb_port']}"

    def fitted(self, spec: RunSpec) -> RunSpec:
        """Return ``spec`` with the folder mounted."""
        return replace(spec, mounts=(*spec.mounts, Mount(kind="bind", source=str(self.folder), target=INSIDE)))

    def deliver(self, container: Container, files: Mapping[str, bytes]) -> None:  # noqa: ARG002
        """Write the files, and remove the sockets of a kernel that was here before."""
        for left in self.folder.glob("k-*"):
            left.unlink(missing_ok=True)
        for name, content in files.items():
            with self._fresh(name) as file:
                write_all(file, content)

    def hold(self) -> int:
        """Lock a file of this kernel's, which its supervisor waits for."""
        import fcntl

        with self._fresh(CLIENT) as fresh:
            file = os.dup(fresh.fileno())
        fcntl.flock(file, fcntl.LOCK_EX)
        return file

    def _fresh(self, name: str) -> FileIO:
        """Return a new file of that name, instead of what an earlier kernel may have put there, and through no link."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        file = open_new(path)
        if self.owner is not None:
            os.fchown(file.fileno(), *self.owner)
        return file

    def ports(self, container: Container) -> Mapping[str, int]:  # noqa: ARG002
        """Return the numbers that the sockets' paths end with."""
        return self.bound
