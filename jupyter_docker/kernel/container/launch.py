"""A kernel manager whose kernel is a container, without a kernelspec on the disk."""

from __future__ import annotations

import uuid
from typing import TypeVar, overload

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

from jupyter_docker.engine import Engine
from jupyter_docker.kernel.container.container import KERNEL_ARGUMENTS, Saving
from jupyter_docker.kernel.provisioner import ContainerProvisioner
from jupyter_docker.values import RunSpec

_Manager = TypeVar("_Manager", bound=KernelManager)


class _OneKernelSpec(KernelSpecManager):
    """Knows the kernelspec of this package alone."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return it."""
        return KernelSpec(argv=["python", *KERNEL_ARGUMENTS], name=kernel_name, language="python")


@overload
def container_kernel(engine: Engine, spec: RunSpec) -> KernelManager: ...
@overload
def container_kernel(
    engine: Engine, spec: RunSpec, *, manager_class: type[_Manager], save: Saving | None = None
) -> _Manager: ...
def container_kernel(
    engine: Engine, spec: RunSpec, *, manager_class: type[KernelManager] = KernelManager, save: Saving | None = None
) -> KernelManager:
    """Return the manager of a kernel in the container of ``spec``, not started yet.

    ``start_kernel`` returns when the kernel listens, or raises KernelDiedError or what the engine refuses.
    ``shutdown_kernel`` must be called in the end, after a failed or interrupted start too; without it the container
    ends with this process. ``provisioner.exit_reason`` says why a kernel ended unasked.

    Args:
        engine: The engine.
        spec: The container, of an image with ipykernel.
        manager_class: The kind of manager, for blocking or asynchronous clients.
        save: Sees to the files of the ended container before it is removed.
    """
    manager = manager_class(
        kernel_name="containerize", kernel_id=str(uuid.uuid4()), kernel_spec_manager=_OneKernelSpec()
    )
    manager.provisioner = ContainerProvisioner(
        kernel_id=manager.kernel_id, kernel_spec=manager.kernel_spec, parent=manager, engine=engine, run_spec=spec,
        save=save,
    )  # fmt: skip
    return manager
