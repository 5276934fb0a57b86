"""Kernel and client meet at ports that the engine publishes on 127.0.0.1."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from jupyter_docker.engine import translated
from jupyter_docker.kernel.container.transport import CHANNELS, INSIDE, TransportName
from jupyter_docker.values import EngineError, Port, RunSpec

if TYPE_CHECKING:
    from docker.models.containers import Container

SERVER_PORT = 8888  # Jupyter's own
_FIRST_PORT = 50001


@dataclass(kw_only=True)
class LoopbackPorts:
    """Ports published on 127.0.0.1; the same ones again when the kernel is restarted, since clients stay connected."""

    owner: tuple[int, int] | None = None
    name: ClassVar[TransportName] = "tcp"
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


@dataclass(kw_only=True)
class ServerPort(LoopbackPorts):
    """The port of a web server, which says by it that it is ready."""

    bound: Mapping[str, int] = field(default_factory=lambda: {"server": SERVER_PORT})

    @property
    def ready(self) -> str:
        """The server's port."""
        return str(self.bound["server"])
