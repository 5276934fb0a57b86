"""What the tests of kernels share: kernels in containers, and what is left of them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.containers.listing import list_containers
from jupyter_docker.kernel.container.folder import PREFIX, base_folder
from jupyter_docker.kernel.container.launch import container_kernel
from jupyter_docker.kernel.provisioner import ContainerProvisioner
from jupyter_docker.kernel.registered import RegisteredKernel
from jupyter_docker.values.container_spec import RunSpec

TEST_LABEL = "jupyter-containerize.test"
_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Registered:
    """A registered kernel, the folder of its notebook, and the label of its containers."""

    kernel: RegisteredKernel
    notebook: Path
    label: str


@dataclass(kw_only=True)
class Shown:
    """What a cell did: its reply's status, and what it showed."""

    status: str
    stdout: str = ""
    stderr: str = ""
    result: str = ""
    data: list[dict[str, Any]] = field(default_factory=list)
    error: tuple[str, str] = ("", "")


@dataclass(kw_only=True)
class Kernel:
    """A kernel that runs, and a client of it; ``begun`` is the message of what `begin` started."""

    manager: KernelManager
    client: BlockingKernelClient
    begun: str = ""

    @property
    def provisioner(self) -> ContainerProvisioner:
        assert isinstance(self.manager.provisioner, ContainerProvisioner)
        return self.manager.provisioner

    @property
    def container(self) -> str:
        """The container's ID."""
        assert self.provisioner.container is not None
        return str(self.provisioner.container.id)

    def run(self, code: str, *, answers: Iterator[str] | None = None) -> Shown:
        """Run a cell to its end."""
        shown = Shown(status="")

        def show(message: dict[str, Any]) -> None:
            content, kind = message["content"], message["msg_type"]
            if kind == "stream":
                setattr(shown, content["name"], getattr(shown, content["name"]) + content["text"])
            elif kind == "error":
                shown.error = (content["ename"], content["evalue"])
            elif kind in {"execute_result", "display_data"}:
                shown.data.append(content["data"])
                shown.result = content["data"].get("text/plain", "")

        reply = self.client.execute_interactive(
            code,
            output_hook=show,
            allow_stdin=answers is not None,
            stdin_hook=lambda _: self.client.input(next(answers or iter(()))),
            timeout=_SECONDS,
        )
        shown.status = reply["content"]["status"]
        return shown

    def begin(self, code: str) -> None:
        """Start a cell that prints "begun", and wait until it, or a program that it starts, did."""
        self.begun = self.client.execute(code, stop_on_error=False)  # else what is sent soon after its end is aborted
        while True:
            said = self.client.get_iopub_msg(timeout=_SECONDS)
            if said["parent_header"].get("msg_id") == self.begun and "begun" in said["content"].get("text", ""):
                return

    def reply_to(self, message: str) -> dict[str, Any]:
        """Return the reply to it; a busy machine may still be answering what `running` asked."""
        while True:
            reply = self.client.get_shell_msg(timeout=_SECONDS)
            if reply["parent_header"]["msg_id"] == message:
                content: dict[str, Any] = reply["content"]
                return content

    def finish(self) -> Shown:
        """Return the reply of what `begin` started."""
        content = self.reply_to(self.begun)
        return Shown(status=content["status"], error=(content.get("ename", ""), content.get("evalue", "")))

    def await_end(self) -> str:
        """Wait until the kernel has ended, and return why."""
        await_that(lambda: not self.manager.is_alive(), "the kernel still runs")
        return self.provisioner.exit_reason


@contextmanager
def running(manager: KernelManager) -> Iterator[Kernel]:
    """Start the manager's kernel and shut it down in the end."""
    try:
        manager.start_kernel()
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=_SECONDS)
            yield Kernel(manager=manager, client=client)
        finally:
            client.stop_channels()
    finally:
        manager.shutdown_kernel(now=True)


def kernel_of(engine: Engine, spec: RunSpec) -> KernelManager:
    return container_kernel(engine, spec)


def await_that(condition: Callable[[], bool], otherwise: str, *, seconds: float = _SECONDS) -> None:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            pytest.fail(otherwise)
        time.sleep(0.05)


def leftovers(engine: Engine, label: str, pid: int) -> list[str]:
    """What there is of the kernels with that label: containers, folders and watches of the process ``pid``."""
    containers = [one.name for one in list_containers(engine, all=True) if one.labels.get(TEST_LABEL) == label]
    folders = [folder.name for folder in base_folder().glob(f"{PREFIX}{pid}-*")]
    return [*containers, *folders, *watches(pid)]


def watches(pid: int) -> list[str]:
    """The programs that clear up after that process."""
    mark = f"{PREFIX}{pid}-".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if mark in line and b"jupyter_docker" in line:
            found.append(line.replace(b"\0", b" ").decode())
    return found


def await_nothing_left(engine: Engine, label: str, pid: int) -> None:
    await_that(lambda: not leftovers(engine, label, pid), f"left: {leftovers(engine, label, pid)}", seconds=_SECONDS)


def python(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a module of this Python's to its end."""
    return subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True, check=False, **options)
