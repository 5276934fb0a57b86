"""A kernelspec's ``metadata.kernel_provisioner.config`` → the RunSpec of its container."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Dict, Float, List, Unicode

from jupyter_docker.kernel.values import values_of
from jupyter_docker.values import PROJECT_ROOT, Limits, Mount, Port, RunSpec, parse_memory


class Configured(KernelProvisionerBase):
    """The options of a kernel's container, in the words of ``jupyter containerize run``."""

    image = Unicode("", help="The image; it needs Python and ipykernel.").tag(config=True)
    folder = Unicode("", help="The folder that is mounted as the working directory, read-write.").tag(config=True)
    workdir = Unicode(str(PROJECT_ROOT), help="Where in the container that is.").tag(config=True)
    mounts = List(Unicode(), help="SOURCE:TARGET[:ro] each, a source being absolute or a volume.").tag(config=True)
    env = Dict(help="Environment variables.").tag(config=True)
    variables = List(Unicode(), help="Names of more, whose values are kept apart or in Jupyter's environment.").tag(
        config=True
    )
    values = Unicode("", help="What their values are kept under, for this user alone.").tag(config=True)
    publish = List(Unicode(), help="Ports to publish on this machine, as 8080:80.").tag(config=True)
    memory = Unicode("", help="The most memory it may use, as 2g.").tag(config=True)
    cpus = Float(None, allow_none=True, help="How many processors it may use.").tag(config=True)
    gpus = Unicode("", help="GPUs to give it: all, a number, or device=0.").tag(config=True)
    network = Unicode("", help="The network, such as none.").tag(config=True)
    user = Unicode("", help="UID[:GID] to run as; by default whoever starts it.").tag(config=True)
    labels = Dict(help="More labels for the container.").tag(config=True)
    endpoint = Unicode("", help="The engine: a URL or a Docker context.").tag(config=True)
    start_timeout = Float(60.0, help="Seconds to wait for the kernel to listen before its client does.").tag(
        config=True
    )

    def spec(self, folder: str | None = None) -> RunSpec:
        """Return the container; it begins in ``folder`` where that is in the mounted one. Raises UsageError."""
        home = Path(self.folder or "/")
        mounts: list[Mount] = [
            Mount.parse(text, folder=home, workdir=PurePosixPath(self.workdir)) for text in self.mounts
        ]
        if self.folder:
            mounts.insert(0, Mount(kind="bind", source=self.folder, target=PurePosixPath(self.workdir)))
        return RunSpec(
            image=self.image,
            env={
                **{name: str(value) for name, value in self.env.items()},
                **values_of(self.values, self.variables),
            },
            mounts=tuple(mounts),
            ports=tuple(Port.parse(text) for text in self.publish),
            limits=Limits(memory=parse_memory(self.memory) if self.memory else None, cpus=self.cpus),
            gpus=self.gpus,
            network=self.network,
            user=self.user or None,
            labels=dict[str, Any](self.labels),
            workdir=str(self._start(folder)) if self.folder else "",
        )

    def _start(self, folder: str | None) -> PurePosixPath:
        home = Path(self.folder).resolve()
        here = Path(folder).resolve() if folder else home
        below = here.relative_to(home).as_posix() if here.is_relative_to(home) else "."
        return PurePosixPath(self.workdir) / below
