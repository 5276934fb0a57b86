"""The kernel provisioner ``containerize``: any Jupyter program that starts the kernelspec gets a container.

https://jupyter-client.readthedocs.io/en/stable/provisioning.html
"""

from __future__ import annotations

import asyncio
import json
import signal
from http import HTTPStatus
from itertools import dropwhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager
from tornado.web import HTTPError
from traitlets import Callable, Instance, Unicode

from jupyter_docker.engine import Engine, connect
from jupyter_docker.kernel.configured import Configured
from jupyter_docker.kernel.container.container import BRIDGE, CONNECTION_FILE, KERNEL_ARGUMENTS, KernelContainer
from jupyter_docker.kernel.container.death import Death
from jupyter_docker.kernel.container.transport import INSIDE
from jupyter_docker.kernel.values import move_values
from jupyter_docker.values import ContainerizeError, Event, KernelDiedError, RunSpec, Warned

if TYPE_CHECKING:
    from docker.models.containers import Container

_PAUSE = 0.05
_CLIENTS_FILE = "client.json"  # goes with the folder, however this process ends, where nobody chose another place


class ContainerProvisioner(Configured):
    """Runs one kernel in a container."""

    engine = Instance(Engine, allow_none=True, help="The engine, where the caller is connected to it already.")
    run_spec = Instance(RunSpec, allow_none=True, help="The container, where the caller has it as one value.")

    save = Callable(
        None, allow_none=True, help="Sees to the files of the ended container, with its removal; see KernelContainer."
    )

    exit_reason = Unicode("", help="Why the kernel ended; empty while it runs, and where it was asked to.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._kernel: KernelContainer | None = None
        self._command: list[str] = []
        self._running = False
        self._expected = False
        self._death: Death | None = None

    @property
    def has_process(self) -> bool:
        """Whether a kernel was started that nobody waited for yet."""
        return self._running

    @property
    def container(self) -> Container | None:
        """The container, while there is one."""
        return self._kernel.container if self._kernel is not None else None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose the way to the kernel and tell the manager; returns the arguments of the launch."""
        if self._kernel is None:
            try:
                self._kernel = await asyncio.to_thread(self._open, kwargs.get("cwd"))
            except ContainerizeError as error:
                raise shown_in_browser(error) from error
        self._command = [*_command_inside(self.kernel_spec, kwargs.pop("extra_arguments", ()))]
        transport, manager = self._kernel.transport, self._manager()
        manager.transport, manager.ip = transport.name, transport.ip
        if transport.name == "ipc":
            for name, number in transport.bound.items():
                setattr(manager, name, number)
            if not manager.connection_file or Path(manager.connection_file).name == _CLIENTS_FILE:
                manager.connection_file = str(Path(transport.ip).with_name(_CLIENTS_FILE))
            manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        return await super().pre_launch(cmd=self._command, **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ARG002
        """Start the container and wait until the kernel listens.

        Raises KernelDiedError with the last lines that it printed, or what the engine refuses; nothing is left then.
        """
        kernel = self._container()
        self._expected, self._death, self.exit_reason = False, None, ""
        try:
            ports = await asyncio.to_thread(kernel.launch, cmd, self._connection_file(), timeout=self.start_timeout)
        except BaseException as error:
            kernel.give_up()
            await asyncio.to_thread(self._close)
            if isinstance(error, ContainerizeError):
                raise shown_in_browser(error) from error
            raise
        self._running = True
        self.connection_info = cast("KernelConnectionInfo", {**self.connection_info, **ports})
        return self.connection_info

    async def poll(self) -> int | None:
        """Return None while the kernel runs, else its exit status; says in the log why it ended unasked."""
        kernel = self._kernel
        if kernel is None or not self._running:
            return self._death.status if self._death else 0
        if not kernel.ended:
            return None
        if self._death is None:
            self._note(kernel, await asyncio.to_thread(kernel.death))
        return self._death.status if self._death else 0

    def _note(self, kernel: KernelContainer, death: Death) -> None:
        if self._death is not None:  # another poll, or a kill, was faster
            return
        self._death = death
        if not self._expected:
            self.exit_reason = str(death)
            self.log.error("Kernel in container '%s': %s", kernel.name, self.exit_reason)

    async def wait(self) -> int | None:
        """Wait for the kernel's end and return its exit status."""
        while (status := await self.poll()) is None:
            await asyncio.sleep(_PAUSE)
        self._running = False
        return status

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and its children."""
        if self._kernel is not None and self._running:
            await asyncio.to_thread(self._kernel.signal, signum)

    async def terminate(self, restart: bool = False) -> None:  # noqa: ARG002
        """Ask the kernel to end."""
        self._expected = True
        await self.send_signal(signal.SIGTERM)

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002
        """End the container at once."""
        self._expected = True
        if self._kernel is not None and self._running:
            self._death = Death(status=-signal.SIGKILL, reason="It was killed.")
            await asyncio.to_thread(self._kernel.remove)

    async def shutdown_requested(self, restart: bool = False) -> None:  # noqa: ARG002
        """Note that the end, when it comes, was asked for."""
        self._expected = True

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the container, and if it is no restart all else that there is of the kernel."""
        self._running = False
        if self._kernel is not None:
            await asyncio.to_thread(self._kernel.remove if restart else self._close)

    def close(self) -> None:
        """Remove everything at once, for a caller that has no event loop, as at the end of the interpreter."""
        self._expected, self._running = True, False
        self._close()

    def get_shutdown_wait_time(self, recommended: float = 5.0) -> float:
        """Return how many seconds a kernel has to end by itself."""
        return recommended

    def _open(self, folder: str | None) -> KernelContainer:
        engine = self.engine or connect(self.endpoint or None)
        spec = self.run_spec or self.spec(folder)
        if self.run_spec is None and self.kernel_spec is not None and self.kernel_spec.resource_dir:
            move_values(Path(self.kernel_spec.resource_dir))
        kernel = KernelContainer(engine, spec, emit=self._tell, save=self.save)
        try:
            kernel.open()
        except BaseException:
            kernel.close()
            raise
        return kernel

    def _close(self) -> None:
        kernel, self._kernel = self._kernel, None
        if kernel is not None:
            kernel.close()
            if self.engine is None:
                kernel.engine.close()

    def _container(self) -> KernelContainer:
        if self._kernel is None:
            raise KernelDiedError("The kernel was shut down while it started.")
        return self._kernel

    def _manager(self) -> KernelManager:
        if not isinstance(self.parent, KernelManager):
            raise TypeError("A container's kernel needs a KernelManager as the provisioner's parent.")
        return self.parent

    def _connection_file(self) -> bytes:
        transport, info = self._container().transport, dict[str, Any](self.connection_info)
        inside = {
            **info,
            "transport": transport.name,
            "ip": transport.inside,
            **transport.bound,
            "key": info["key"].decode(),
        }
        return json.dumps(inside).encode()

    def _tell(self, event: Event) -> None:
        if isinstance(event, Warned):
            self.log.warning("Kernel in a container: %s %s", event.message, event.hint)


def _command_inside(spec: KernelSpec, extra: Any) -> list[str]:
    """Return the kernel's command in the container: the interpreter of the spec is the host's, the rest holds there."""
    own = KERNEL_ARGUMENTS if BRIDGE in spec.argv else dropwhile(lambda each: each not in {"-m", "-c"}, spec.argv)
    argv = [*own, *extra]
    return ["python", *(argument.replace("{connection_file}", str(INSIDE / CONNECTION_FILE)) for argument in argv)]


def shown_in_browser(error: ContainerizeError) -> ContainerizeError:
    """Return ``error``, of a class that is its own and HTTPError's."""
    kind: Any = type(type(error).__name__, (type(error), HTTPError), {"__str__": lambda self: self.message})
    shown: ContainerizeError = kind.__new__(kind)
    HTTPError.__init__(shown, HTTPStatus.INTERNAL_SERVER_ERROR, f"{error.message} {error.hint}".rstrip())  # type: ignore[arg-type]
    vars(shown).update(vars(error))
    return shown
