"""The program that a container's kernelspec starts, for clients that know no provisioners, such as VS Code.

    python -P -m jupyter_docker.kernel.bridge FOLDER -f CONNECTION_FILE

FOLDER is the kernelspec's. The client has written a connection file with ports that it chose, and waits for a kernel
there: this starts the kernel's container as the provisioner does, and carries the bytes of each connection to the
kernel's own socket and back. ZMTP is a stream of bytes, and the key is the client's, so nothing is read on the way. The
container ends with this program, however that ends, and this program with its parent.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Any

from jupyter_client.kernelspec import KernelSpec

from jupyter_docker.engine import connect
from jupyter_docker.kernel.container.container import CONNECTION_FILE, KERNEL_ARGUMENTS, KernelContainer
from jupyter_docker.kernel.container.transport import CHANNELS, INSIDE
from jupyter_docker.kernel.provisioner import ContainerProvisioner
from jupyter_docker.values import ContainerizeError, Event, MissingError, UsageError, Warned

_CHUNK = 1 << 20
_LOOK, _LAST_WORDS = 0.05, 1.0  # seconds: between two looks at the kernel, and for what it said last
_INTERRUPTED = 130


def main(argv: Sequence[str]) -> int:
    """Serve one client to the end of its kernel, and return the kernel's exit status."""
    try:
        match argv:
            case [folder, "-f", file]:
                return _serve(Path(folder), Path(file))
        raise UsageError("A kernelspec and a connection file are needed.", hint="Start it as a Jupyter kernel.")
    except ContainerizeError as error:
        sys.stderr.write(f"error: {error.message}\n" + (f"hint: {error.hint}\n" if error.hint else ""))
        return error.exit_code
    except KeyboardInterrupt:
        return _INTERRUPTED


def _serve(folder: Path, file: Path) -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a client's interrupt is for a cell, and none runs yet
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    info, configured = _connection(file), _configured(folder)
    with ExitStack() as stack:
        listeners = stack.enter_context(_listening(info))
        engine = stack.enter_context(connect(configured.endpoint or None))
        kernel = stack.enter_context(
            closing(KernelContainer(engine, configured.spec(os.getcwd()), emit=_tell))  # noqa: PTH109 - the client's
        )
        kernel.open()
        ports = kernel.launch(_command(), _inside(info, kernel), timeout=configured.start_timeout)
        return asyncio.run(_Bridge(kernel, ports).run(listeners))


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _end_with(parent: int) -> None:
    """End this process when its parent has: a client that was killed asks for nothing more."""
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os.kill(os.getpid(), signal.SIGTERM)


def _connection(file: Path) -> dict[str, Any]:
    try:
        info = json.loads(file.read_text(encoding="utf-8"))
        return {**info, **{name: int(info[name]) for name in CHANNELS}, "key": str(info["key"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"The connection file '{file}' can't be read: {error}.", hint="Start the kernel again."
        ) from error


def _configured(folder: Path) -> ContainerProvisioner:
    """Return the options of the kernelspec in ``folder``; raises MissingError."""
    try:
        spec = KernelSpec.from_resource_dir(str(folder))
        config = dict(spec.metadata["kernel_provisioner"]["config"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MissingError(
            f"'{folder}' is no kernel of a container.", hint="Register it again: jupyter containerize kernel NOTEBOOK"
        ) from error
    return ContainerProvisioner(kernel_id="bridge", kernel_spec=spec, parent=None, **config)


def _command() -> list[str]:
    inside = str(INSIDE / CONNECTION_FILE)
    return ["python", *(argument.replace("{connection_file}", inside) for argument in KERNEL_ARGUMENTS)]


def _inside(info: Mapping[str, Any], kernel: KernelContainer) -> bytes:
    """Return the connection file of the kernel: the client's key, and sockets of its own."""
    transport = kernel.transport
    return json.dumps({**info, "transport": transport.name, "ip": transport.inside, **transport.bound}).encode()


@contextmanager
def _listening(info: Mapping[str, Any]) -> Iterator[dict[str, socket.socket]]:
    """Hold the client's five addresses, so that nobody else takes them while the container starts."""
    with ExitStack() as stack:
        sockets = {name: stack.enter_context(_listener(info, name)) for name in CHANNELS}
        yield sockets


def _listener(info: Mapping[str, Any], name: str) -> socket.socket:
    try:
        if info.get("transport", "tcp") != "ipc":
            return socket.create_server((str(info["ip"]), info[name]))
        path = f"{info['ip']}-{info[name]}"
        Path(path).unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen()
    except OSError as error:
        where = f"{info.get('ip')}, {info[name]}"
        raise UsageError(
            f"The client's address ({where}) is taken: {error}.", hint="Start the kernel again."
        ) from error
    return listener


class _Bridge:
    """Carries connections to one kernel while it runs."""

    def __init__(self, kernel: KernelContainer, ports: Mapping[str, int]) -> None:
        self._kernel, self._ports = kernel, ports
        self._carried: set[asyncio.Task[None]] = set()

    async def run(self, listeners: Mapping[str, socket.socket]) -> int:
        """Serve until the kernel ends or this process is to; return the kernel's exit status."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_signal_handler(signal.SIGINT, self._kernel.signal, signal.SIGINT)
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, ended.set)
        servers = [
            await asyncio.start_server(self._accepting(name), sock=listener, limit=_CHUNK)
            for name, listener in listeners.items()
        ]
        while not (self._kernel.ended or ended.is_set()):
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), _LOOK)
        for server in servers:
            server.close()
        if ended.is_set():
            return _INTERRUPTED
        if self._carried:
            await asyncio.wait(self._carried, timeout=_LAST_WORDS)
        return self._status()

    def _status(self) -> int:
        death = self._kernel.death()
        if death.status:
            sys.stderr.write(f"error: {death}\n")
        return death.status

    def _accepting(self, name: str) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]:
        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            if task is not None:
                self._carried.add(task)
                task.add_done_callback(self._carried.discard)
            # Either side may go at any moment, and the client connects again; at the end this is cancelled.
            with suppress(OSError, asyncio.CancelledError):
                await self._carry(name, reader, writer)
            writer.close()

        return accept

    async def _carry(self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await self._reach(name)
        try:
            await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))
        finally:
            inner_writer.close()

    async def _reach(self, name: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        transport = self._kernel.transport
        if transport.name == "tcp":
            return await asyncio.open_connection(transport.ip, self._ports[name], limit=_CHUNK)
        with _own_socket(Path(f"{transport.ip}-{self._ports[name]}")) as path:
            return await asyncio.open_unix_connection(path, limit=_CHUNK)


@contextmanager
def _own_socket(path: Path) -> Iterator[str]:
    """Yield a path to that very socket; raises OSError where it is none.

    The container may put anything in its place at any moment, such as a link to a socket of the host's: the file is
    opened first, without following a link, then looked at, and reached through what was opened.
    """
    file = os.open(path, os.O_PATH | os.O_NOFOLLOW)
    try:
        if not stat.S_ISSOCK(os.fstat(file).st_mode):
            raise ConnectionRefusedError(f"'{path}' is no socket")
        yield f"/proc/self/fd/{file}"
    finally:
        os.close(file)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


def _tell(event: Event) -> None:
    if isinstance(event, Warned):
        sys.stderr.write(f"warning: {event.message} {event.hint}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
