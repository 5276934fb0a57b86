"""The sockets to a container's kernel: requests out, and what comes back as raw messages, within bounds.

What arrives is taken from the sockets at once, since a kernel drops messages for a client that is slow, but only up to
an amount: beyond it the kernel's own limits hold, and memory here does not grow.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hmac import compare_digest
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import zmq

if TYPE_CHECKING:
    from jupyter_client.client import KernelClient
    from jupyter_client.manager import KernelManager

Channel = Literal["shell", "iopub", "stdin"]

_MAX_FRAME = 48 * 2**20
_MAX_PARTS = 4_000_000  # values in one JSON text: as objects they take far more memory than as text
_MAX_BACKLOG = 96 * 2**20
_MAX_QUEUE = 64
_LINGER = 500  # milliseconds for the last request
_FRAMES = 5
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, kw_only=True)
class Received:
    """One message as it came: the id of the request it belongs to, its type and its content."""

    channel: Channel
    parent: str
    kind: object
    content: object


class Channels:
    """The shell, iopub and stdin channels of ``manager``'s kernel; to be used by one thread at a time."""

    def __init__(self, manager: KernelManager) -> None:
        self._context: zmq.Context[Any] = zmq.Context()
        self._context.setsockopt(zmq.MAXMSGSIZE, _MAX_FRAME)
        self._context.setsockopt(zmq.RCVHWM, _MAX_QUEUE)
        self._client: KernelClient = manager.client(context=self._context)
        identity = self._client.session.bsession
        # In the order they are read: a question or an output was sent before the reply that follows it.
        self._sockets: dict[Channel, zmq.Socket[bytes]] = {
            "iopub": self._client.connect_iopub(),
            "stdin": self._client.connect_stdin(identity),
            "shell": self._client.connect_shell(identity),
        }
        self._poller = zmq.Poller()
        self._backlog: deque[tuple[Channel, list[bytes]]] = deque()
        self._size = 0
        self._channels = {socket: channel for channel, socket in self._sockets.items()}
        for socket in self._channels:
            socket.linger = _LINGER
            self._poller.register(socket, zmq.POLLIN)

    def send(
        self,
        channel: Literal["shell", "stdin"],
        kind: str,
        content: Mapping[str, Any],
        *,
        metadata: Mapping[str, Any] = MappingProxyType({}),
    ) -> str:
        """Send a message and return its id."""
        message = self._client.session.msg(kind, dict(content), metadata=dict(metadata))
        self._client.session.send(self._sockets[channel], message)
        return str(message["header"]["msg_id"])

    def wait(self, seconds: float) -> bool:
        """Wait until something is there to receive, at most so long; return whether something is."""
        return bool(self._backlog) or bool(self._poller.poll(round(seconds * 1000)))

    def receive(self) -> Iterator[Received]:
        """Yield what is there, and what comes meanwhile."""
        self._take()
        while self._backlog:
            channel, frames = self._backlog.popleft()
            self._size -= sum(map(len, frames))
            received = self._read(channel, frames)
            if received is not None:
                yield received
            self._take()

    def close(self) -> None:
        """Close the sockets."""
        self._backlog.clear()
        for socket in self._sockets.values():
            socket.close()
        self._context.term()

    def _take(self) -> None:
        """Take what is there off the sockets, all of one before the next."""
        for socket, _ in self._poller.poll(0):
            with suppress(zmq.Again):
                while self._size < _MAX_BACKLOG:
                    frames = socket.recv_multipart(zmq.NOBLOCK)
                    self._size += sum(map(len, frames))
                    self._backlog.append((self._channels[socket], frames))

    def _read(self, channel: Channel, frames: list[bytes]) -> Received | None:
        """Return the message, None where it is not one of this kernel's or not in the protocol's form."""
        session = self._client.session
        try:
            _, parts = session.feed_identities(frames)
            signature, *rest = parts[:_FRAMES]
            if session.auth is not None and not compare_digest(signature, session.sign(rest)):
                return None
            header, parent, content = (_json(part) for part in (rest[0], rest[1], rest[3]))
            request = str(parent.get("msg_id", ""))
            return Received(channel=channel, parent=request, kind=header["msg_type"], content=content)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            return None


def _json(text: bytes) -> Any:
    """Return the value of a JSON text; raises ValueError where it is none, or has too many parts."""
    if len(text) > _MAX_PARTS and sum(map(text.count, (b",", b"[", b"{"))) > _MAX_PARTS:
        raise ValueError(text[:100])
    value = _DECODER.decode(text.decode("utf-8", "replace"))
    if _SURROGATE.search(text):  # halves of surrogate pairs are valid in JSON alone: no frontend can be sent them
        value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    return value


def _refuse(constant: str) -> None:
    """NaN and Infinity are not JSON: frontends can't read them."""
    raise ValueError(constant)


_DECODER = json.JSONDecoder(parse_constant=_refuse)
