"""Where client and kernel meet: sockets in a private folder that both see, or ports on the loopback.

The folder needs no network at all. It needs an engine that shares this machine's kernel and files, and a container
whose user is this one; elsewhere (Docker Desktop, remapped users, SELinux) five ports are published on 127.0.0.1.
"""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

from jupyter_docker.engine.identity import uid_gid, user_of
from jupyter_docker.engine.translate import translated
from jupyter_docker.errors import EngineError
from jupyter_docker.kernel.supervise import CLIENT
from jupyter_docker.runspec import Mount, Port, RunSpec

if TYPE_CHECKING:
    from docker.models.containers import Container

    from jupyter_docker.engine import Engine

Transport = Literal["ipc", "tcp"]

INSIDE = PurePosixPath("/run/containerize")
CHANNELS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")

_FIRST_PORT = 50001
_REMAPPED = ("name=userns", "name=selinux")  # the container's user, or its processes, may not use this user's folder


class Place(Protocol):
    """One way to meet."""

    @property
    def transport(self) -> Transport:
        """What jupyter_client calls the way."""

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


@dataclass(frozen=True, kw_only=True)
class SocketFolder:
    """Sockets in ``folder``; ``owner`` (uid, gid) is the container's user, None where that is this one."""

    folder: Path
    owner: tuple[int, int] | None = None
    transport: ClassVar[Transport] = "ipc"
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
            self._fresh(name).write_bytes(content)

    def hold(self) -> int:
        """Lock a file of this kernel's, which its supervisor waits for."""
        import fcntl

        file = os.open(self._fresh(CLIENT), os.O_RDONLY)
        fcntl.flock(file, fcntl.LOCK_EX)
        return file

    def _fresh(self, name: str) -> Path:
        path = self.folder / name
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        if self.owner is not None:
            os.chown(path, *self.owner)
        return path

    def ports(self, container: Container) -> Mapping[str, int]:  # noqa: ARG002
        """Return the numbers that the sockets' paths end with."""
        return self.bound


@dataclass(kw_only=True)
class LoopbackPorts:
    """Ports published on 127.0.0.1; the same ones again when the kernel is restarted, since clients stay connected."""

    owner: tuple[int, int] | None = None
    transport: ClassVar[Transport] = "tcp"
    ip: str = "127.0.0.1"
    inside: str = "0.0.0.0"  # noqa: S104 - the container's own network
    bound: Mapping[str, int] = field(default_factory=lambda: {n: p for p, n in enumerate(CHANNELS, _FIRST_PORT)})
    published: Mapping[str, int] = field(default_factory=dict)

    @property
    def ready(self) -> str:
        """The heartbeat's port."""
        return str(self.bound["hb_port"])

    def fitted(self, spec: RunSpec) -> RunSpec:
        """Return ``spec`` with the ports published."""
        ports = (Port(container=number, host=self.published.get(name, 0)) for name, number in self.bound.items())
        return replace(spec, ports=(*spec.ports, *ports))

    def deliver(self, container: Container, files: Mapping[str, bytes]) -> None:
        """Copy the files into the container."""
        uid, gid = self.owner or (0, 0)
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            for name, content in {"": None, **files}.items():
                entry = tarfile.TarInfo(str((INSIDE / name).relative_to("/")))
                entry.type, entry.mode = (tarfile.DIRTYPE, 0o700) if content is None else (tarfile.REGTYPE, 0o600)
                entry.uid, entry.gid, entry.size = uid, gid, len(content or b"")
                tar.addfile(entry, io.BytesIO(content or b""))
        with translated(f"write into '{container.name}'"):
            container.put_archive("/", archive.getvalue())

    def hold(self) -> None:
        """There is no file that both see."""

    def ports(self, container: Container) -> Mapping[str, int]:
        """Return the ports that the engine chose."""
        with translated(f"look at '{container.name}'"):
            container.reload()
        published = container.attrs["NetworkSettings"]["Ports"]
        try:
            self.published = {name: int(published[f"{port}/tcp"][0]["HostPort"]) for name, port in self.bound.items()}
        except (KeyError, TypeError, IndexError):
            raise EngineError(
                f"The network of '{container.name}' publishes no ports, so the kernel in it can't be reached.",
                hint="Leave out --network: this engine's containers are reached over ports only.",
            ) from None
        return self.published


def transport_of(engine: Engine, spec: RunSpec) -> Transport:
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
