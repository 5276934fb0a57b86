"""The container of one kernel: launched, signalled and removed by its client, or by `watch.py` where that is gone."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from jupyter_docker.engine import (
    OWNER_LABEL,
    Removal,
    create,
    dismiss,
    name_of,
    owned,
    remove_now,
    start,
    start_watch,
    stop,
    sweep,
)
from jupyter_docker.kernel.container import supervise
from jupyter_docker.kernel.container.death import Death, explain, last_lines
from jupyter_docker.kernel.container.folder import folder_of, make_folder, remove_folder, sweep_folders
from jupyter_docker.kernel.container.lifeline import Lifeline
from jupyter_docker.kernel.container.loopback import LoopbackPorts, ServerPort
from jupyter_docker.kernel.container.sockets import SocketFolder
from jupyter_docker.kernel.container.transport import INSIDE, Transport, check_reach, owner_of, transport_of
from jupyter_docker.values import ContainerizeError, Emit, EngineError, KernelDiedError, RunSpec

if TYPE_CHECKING:
    from docker.models.containers import Container

    from jupyter_docker.engine import Engine

CONNECTION_FILE = "connection.json"
BRIDGE = "jupyter_docker.kernel.bridge"  # what a kernelspec of ours starts, where no provisioner is heeded
KERNEL_ARGUMENTS = ("-m", "ipykernel_launcher", "-f", "{connection_file}")

_SUPERVISOR = "supervise.py"
_REMOVAL = "jupyter_docker.kernel.container.removal"
_KILLED = 137

Saving: TypeAlias = "Callable[[Container, Removal], None]"
"""Sees to the files of a container that has ended, and cancels its removal where they are not all safe."""


class KernelContainer:
    """All that there is of one kernel, over its restarts: the way to it, its container, and who clears up.

    The methods block; any thread may call them. `close` must be called in the end, whatever happened. With ``save`` the
    container stays until that has seen to its files: it is called with the removal, which it may cancel. Where this
    process is killed the container ends, and stays for the next run to save them. With ``server`` it is a web server's
    in place of a kernel's.
    """

    def __init__(
        self, engine: Engine, spec: RunSpec, *, emit: Emit, save: Saving | None = None, server: ServerPort | None = None
    ) -> None:
        self.engine = engine
        self.name = name_of(spec)
        self._spec = replace(spec, name=self.name)
        self._emit = emit
        self._save = save
        self._server = server
        self._lock = Lock()
        self._given_up = Event()
        self._owned = ExitStack()
        self._labels = self._owned.enter_context(owned(self.name))
        self._folder: Path | None = None
        self._watch: subprocess.Popen[bytes] | None = None
        self.container: Container | None = None
        self._lifeline: Lifeline | None = None
        self._held: int | None = None
        self._started = 0.0
        self._is_clear = True
        self.transport: Transport

    def open(self) -> None:
        """Choose the way to the kernel, and see to it that all is cleared up should this process be killed.

        Raises OSError or EngineError.
        """
        check_reach(self.engine)
        owner = owner_of(self.engine, self._spec)
        if self._server is None and transport_of(self.engine, self._spec) == "ipc":
            self._folder = folder_of(self._labels[OWNER_LABEL])
            self._owned.enter_context(owned(self._folder.name))
        kept = self._save is not None
        self._watch = start_watch(self.engine, _REMOVAL, "" if kept else self.name, str(self._folder or ""))
        if self._folder is None:
            self.transport = replace(self._server, owner=owner) if self._server else LoopbackPorts(owner=owner)
            return
        make_folder(self._folder, owner)
        self.transport = SocketFolder(folder=self._folder, owner=owner)
        sweep_folders(self._labels[OWNER_LABEL])

    def launch(
        self,
        command: Sequence[str],
        connection: bytes,
        *,
        timeout: float,
        files: Mapping[str, bytes] = MappingProxyType({}),
    ) -> Mapping[str, int]:
        """Start the container, wait ``timeout`` seconds at most until the kernel listens; return the client's ports.

        ``command`` is the kernel's, ``connection`` its connection file, ``files`` are more that it reads. Raises
        KernelDiedError where it ends before, and what `create` and `start` raise; nothing is left then.
        """
        supervisor = ("python", "-I", "-S", str(INSIDE / _SUPERVISOR), self.transport.ready)
        spec = replace(self._spec, command=(*supervisor, *command))
        own = {CONNECTION_FILE: connection, _SUPERVISOR: Path(supervise.__file__).read_bytes()}
        with self._lock:
            try:
                container, lifeline = self._launch(self.transport.fitted(spec), {**own, **files})
                lifeline.await_start(timeout, given_up=self._given_up)
                self._check(lifeline)
                return self.transport.ports(container)
            except BaseException:
                self._remove()
                raise

    def _launch(self, spec: RunSpec, files: Mapping[str, bytes]) -> tuple[Container, Lifeline]:
        self._started = time.time()
        sweep(self.engine)
        self.container = create(
            self.engine, spec, self._emit, role="foreground" if self._save else "kernel", name=self.name,
            labels=self._labels, tethered=True,
        )  # fmt: skip
        self._lifeline = Lifeline(self.engine, self.container)
        self.transport.deliver(self.container, files)
        self._held = self.transport.hold()
        start(self.container, spec)
        return self.container, self._lifeline

    def _check(self, lifeline: Lifeline) -> None:
        if self._given_up.is_set():
            raise KernelDiedError("The start of the kernel was interrupted.")
        if lifeline.ended.is_set():
            death, printed = self.death(), last_lines(lifeline.log)
            message = f"The {'server' if self._server else 'kernel'} did not start: {death.reason}"
            raise KernelDiedError(f"{message}\n{printed}" if printed else message, hint=death.hint)

    @property
    def ended(self) -> bool:
        """Whether no kernel runs."""
        return self._lifeline is None or self._lifeline.ended.is_set()

    def give_up(self) -> None:
        """Let a start that is under way, in another thread, come to nothing."""
        self._given_up.set()

    def signal(self, number: int) -> None:
        """Send a signal to the kernel and its children; no matter if they ended."""
        if self._lifeline is not None:
            self._lifeline.send(number)

    def death(self) -> Death:
        """Return why the kernel ended; asks the engine where the supervisor did not say."""
        if self.container is None or self._lifeline is None:
            return Death(status=_KILLED, reason="The kernel was removed.")
        return explain(
            self.engine,
            self._spec,
            container=str(self.container.id),
            started=self._started,
            report=self._lifeline.report,
            log=self._lifeline.log,
        )

    def remove(self) -> None:
        """Remove the container, whether it runs or not, and leave all else for a restart."""
        with self._lock:
            self._remove()

    def _remove(self) -> None:
        if self.container is None:
            return
        if self._lifeline is not None:
            self._lifeline.ended.set()
        try:
            if self._save is None or self._is_saved(self.container, self._save):
                remove_now(self.engine, str(self.container.id))
        except EngineError:
            self._is_clear = False  # it ends with its stdin, and the watch looks for what is left of it
        if self._lifeline is not None:
            self._lifeline.close()
        if self._held is not None:
            os.close(self._held)
            self._held = None
        self.container = None

    def _is_saved(self, container: Container, save: Saving) -> bool:
        """End it, have its files saved, and return whether it may be removed."""
        with suppress(ContainerizeError):
            stop(self.engine, str(container.id), grace=0)
        removal = Removal(container, self._emit)
        save(container, removal)
        return removal.wanted

    def close(self) -> None:
        """Remove everything, in the middle of a start too."""
        self._given_up.set()
        self.remove()
        if self._folder is not None:
            remove_folder(self._folder)
        if self._watch is not None:
            dismiss(self._watch, is_clear=self._is_clear)
        self._owned.close()
