"""The output of a container: the engine's multiplexed stream taken apart, and its bytes as text."""

from __future__ import annotations

import codecs
import struct

from jupyter_docker.values import Stream

# https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Container/operation/ContainerAttach, "Stream format":
# one byte for the stream, three of zero, the payload's size as a big-endian 32-bit number, the payload.
_HEADER = struct.Struct(">BxxxL")
_STREAMS: dict[int, Stream] = {1: "stdout", 2: "stderr"}


def frame(number: int, payload: bytes) -> bytes:
    """Return ``payload`` as a frame of stream 1 (stdout) or 2 (stderr)."""
    return _HEADER.pack(number, len(payload)) + payload


class Demultiplexer:
    """Takes the stream in pieces cut anywhere and gives back the payloads, each with the stream it was printed to."""

    def __init__(self) -> None:
        self._tail = b""  # the beginning of a header
        self._stream: Stream = "stdout"
        self._missing = 0  # bytes of the current payload that have not come yet

    def feed(self, data: bytes) -> list[tuple[Stream, bytes]]:
        """Return what ``data`` completes, in order; neighbours of one stream are joined.

        A payload is given back as far as it came, so that no more than ``data`` is ever held.
        """
        data, position = self._tail + data, 0
        runs: list[tuple[Stream, list[bytes]]] = []
        while position < len(data):
            if not self._missing:
                if len(data) - position < _HEADER.size:
                    break
                number, self._missing = _HEADER.unpack_from(data, position)
                self._stream = _STREAMS.get(number, "stdout")
                position += _HEADER.size
            payload = data[position : position + self._missing]
            position += len(payload)
            self._missing -= len(payload)
            if not payload:
                continue
            if runs and runs[-1][0] == self._stream:
                runs[-1][1].append(payload)
            else:
                runs.append((self._stream, [payload]))
        self._tail = data[position:]
        return [(stream, b"".join(payloads)) for stream, payloads in runs]


def complete_lines(runs: list[tuple[Stream, bytes]]) -> list[tuple[Stream, bytes]]:
    """Return the payloads with each stream's line in one piece, where its rest came after something of the other.

    An unbuffered ``print("mean", x)`` is four writes, and a traceback on the other stream may come between them.
    """
    pieces = [data for _, data in runs]
    for first, (stream, _) in enumerate(runs):
        for later in range(first + 1, len(runs)):
            if not pieces[first] or pieces[first].endswith((b"\n", b"\r")):
                break
            if runs[later][0] == stream:
                end = pieces[later].find(b"\n") + 1 or len(pieces[later])
                pieces[first], pieces[later] = pieces[first] + pieces[later][:end], pieces[later][end:]
    return [(stream, data) for (stream, _), data in zip(runs, pieces, strict=True) if data]


class TextDecoder:
    """UTF-8 of both streams as text: characters cut in two are put together, what is not UTF-8 becomes U+FFFD."""

    def __init__(self) -> None:
        new = codecs.getincrementaldecoder("utf-8")
        self._decoders = {stream: new("replace") for stream in _STREAMS.values()}

    def feed(self, stream: Stream, data: bytes) -> str:
        """Return the text that ``data`` completes; empty where it ends inside a character."""
        return self._decoders[stream].decode(data)

    def close(self) -> list[tuple[Stream, str]]:
        """Return what is left of characters that were never completed."""
        return [(stream, rest) for stream, one in self._decoders.items() if (rest := one.decode(b"", final=True))]
