"""Where the engine is reached through a pipe, what it sends is fed to a socket that can be waited for."""

from __future__ import annotations

import socket

from jupyter_docker.engine.containers.attachment import _readable
from jupyter_docker.engine.containers.stream import Demultiplexer, frame


class Pipe:
    """As docker-py's ssh and named-pipe connections: it can be read, and is no socket itself."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def fileno(self) -> int:
        return self._end.fileno()

    def recv(self, size: int) -> bytes:
        return self._end.recv(size)


def test_a_pipe_is_fed_to_a_socket() -> None:
    near, far = socket.socketpair()
    with near, far, _readable(Pipe(near)) as readable:
        assert isinstance(readable, socket.socket)
        far.sendall(frame(1, b"out") + frame(2, b"err") + frame(1, b"cut off")[:10])
        far.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: readable.recv(100), b""))
    assert Demultiplexer().feed(received) == [("stdout", b"out"), ("stderr", b"err"), ("stdout", b"cu")]


def test_a_socket_is_used_as_it_is() -> None:
    near, far = socket.socketpair()
    with near, far, near.makefile("rb", buffering=0) as file:
        assert _readable(file) is near
        assert _readable(near) is near
