"""The bytes of values: one file a variable, each buffer at an aligned offset in it."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Iterable
from io import FileIO
from typing import Any

from .policy import ReadPolicy
from .problems import MalformedError

_ALIGNMENT = 64  # of a cache line, which is what Arrow and numpy's vector code like
_MAPPED_FROM = 2**20  # smaller ones are read: a map keeps its whole file on the disk
_PIECE = 2**28  # Linux writes at most 2 GiB at once

Buffer = Any  # whatever memoryview takes


class BufferWriter:
    """Collects buffers without copying them, and writes them one after another."""

    def __init__(self) -> None:
        self._buffers: list[tuple[int, Callable[[], Iterable[Buffer]]]] = []
        self.size = 0

    def put(self, buffer: Buffer) -> list[int]:
        """Keep a contiguous buffer; return its offset and size, as JSON."""
        view = memoryview(buffer)
        return self.put_pieces(view.nbytes, lambda: (view,))

    def put_pieces(self, size: int, pieces: Callable[[], Iterable[Buffer]]) -> list[int]:
        """Keep ``size`` bytes that ``pieces`` gives when they are written; return their offset and size, as JSON."""
        if size == 0:
            return [0, 0]
        offset = -(-self.size // _ALIGNMENT) * _ALIGNMENT
        self._buffers.append((offset, pieces))
        self.size = offset + size
        return [offset, size]

    def write(self, file: FileIO) -> None:
        """Write all to a new file."""
        for offset, pieces in self._buffers:
            file.seek(offset)
            for piece in pieces():
                _write(file, memoryview(piece).cast("B"))


def _write(file: FileIO, view: memoryview) -> None:
    done = 0
    while done < view.nbytes:
        done += file.write(view[done : done + _PIECE])


class BufferReader:
    """Reads buffers out of a file whose size is known: what is claimed beyond it is refused before memory is taken."""

    def __init__(self, file: FileIO, policy: ReadPolicy) -> None:
        self._file, self._side = file, policy
        self._size = os.fstat(file.fileno()).st_size

    def take(self, span: Any) -> bytearray:
        """Return the bytes of a span."""
        memory = bytearray(self.claim(span))
        self.read_into(span, memory)
        return memory

    def claim(self, span: Any) -> int:
        """Return the size of a span that lies in the file, and count it; raises MalformedError before it is taken."""
        if not (type(span) is list and [type(part) for part in span] == [int, int]):
            raise MalformedError("the span of a buffer is not one")
        offset, size = span
        if offset < 0 or size < 0 or offset + size > self._size:
            raise MalformedError(f"a buffer of {size} bytes at {offset} is not in its file of {self._size} bytes")
        self._side.allow(size)
        return int(size)

    def read_into(self, span: Any, memory: Buffer) -> None:
        """Read a span that was claimed into memory of that size."""
        view, done = memoryview(memory).cast("B"), 0
        self._file.seek(span[0])
        while done < view.nbytes:
            count = self._file.readinto(view[done : done + _PIECE])
            if not count:
                raise MalformedError("its file became shorter while it was read")
            done += count

    def map(self, span: Any) -> memoryview | None:
        """Return a span that was claimed as memory mapped from the file, None where it has to be read."""
        offset, size = span
        if not self._side.mapped or size < _MAPPED_FROM:
            return None
        before = offset % mmap.ALLOCATIONGRANULARITY
        try:  # Private pages: what is written into them does not reach the file.
            mapped = mmap.mmap(self._file.fileno(), before + size, access=mmap.ACCESS_COPY, offset=offset - before)
        except (OSError, ValueError):  # some shared folders can't be mapped
            return None
        return memoryview(mapped)[before:]
