"""The connection on which the engine sends what a container prints."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import wait
from threading import Thread
from time import monotonic, sleep
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.engine.containers.interrupts import Interrupts
from jupyter_docker.engine.containers.stream import Demultiplexer, complete_lines, frame
from jupyter_docker.values import Stream

if TYPE_CHECKING:
    from docker.models.containers import Container

    from jupyter_docker.engine.connection.engine import Engine

_MAX_CHUNK = 256 * 1024

# A program that prints fast sends every write alone: 100,000 lines are up to 200,000 pieces. Waiting a little while it
# does makes that a few hundred, and leaves the processor to the program (0.1 s of it instead of 1 s); a line on its own
# is not kept back.
_FAST = 0.02
_PAUSE = 0.005


class Attachment:
    """Reads what docker-py's ``attach_socket`` or ``exec_start(socket=True)`` returned.

    docker-py's own reader asks the socket for each header and each payload, with a poll before each.
    """

    def __init__(self, file: Any) -> None:
        self._file = file
        self._socket = _readable(file)
        self._socket.setblocking(False)
        self._demultiplexer = Demultiplexer()
        self._received = 0.0

    @classmethod
    def to(cls, engine: Engine, container: Container, *, stdin: bool = False) -> Self:
        """Attach to a container, before it starts so that nothing it prints is missed; raises EngineError.

        With ``stdin`` the container's input is `send`'s, and ends with the connection.
        """
        streams = {"stdout": 1, "stderr": 1, "stream": 1, **({"stdin": 1} if stdin else {})}
        with translated(f"attach to '{container.name}'"):
            return cls(engine.client.api.attach_socket(str(container.id), streams))

    def send(self, data: bytes) -> None:
        """Write to the container's stdin; raises OSError where the connection is gone."""
        own = getattr(self._file, "_sock", self._file)
        own.send(data)

    def payloads(self, interrupts: Interrupts) -> Iterator[tuple[Stream, bytes]]:
        """Yield what the container prints until it ends or the connection does; KeyboardInterrupt loses nothing.

        After one, call it again for the rest.
        """
        while data := self._receive(interrupts):
            runs = self._demultiplexer.feed(data)
            if not data.endswith(b"\n") and wait([self._socket], _PAUSE):
                runs += self._demultiplexer.feed(self._receive(interrupts))
            yield from complete_lines(runs)

    def _receive(self, interrupts: Interrupts) -> bytes:
        while True:
            interrupts.check()
            try:
                data = self._socket.recv(_MAX_CHUNK)
            except (BlockingIOError, ssl.SSLWantReadError):
                with interrupts.allowed():
                    wait([self._socket])
                    if monotonic() - self._received < _FAST:
                        sleep(_PAUSE)
            except OSError:
                return b""  # the engine went away; the next request to it tells
            else:
                self._received = monotonic()
                return data

    def close(self) -> None:
        """Close the connection."""
        # docker-py hangs the response on the file; closed after the file it would complain.
        for one in (getattr(self._file, "_response", None), self._file, self._socket):
            if one is not None:
                with suppress(OSError):
                    one.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _readable(file: Any) -> socket.socket:
    """Return a socket that can be waited for: docker-py's, or where that is a pipe (Windows, ssh) one it is fed to."""
    own = getattr(file, "_sock", file)
    if type(own) in {socket.socket, ssl.SSLSocket}:
        return own  # type: ignore[no-any-return]
    near, far = socket.socketpair()
    Thread(target=_relay, args=(file, far), daemon=True, name="container output").start()
    return near


def _relay(file: Any, target: socket.socket) -> None:
    from docker.utils.socket import frames_iter

    with target, suppress(OSError):
        for number, payload in frames_iter(file, tty=False):  # type: ignore[no-untyped-call]
            target.sendall(frame(number, payload))
