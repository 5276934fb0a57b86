"""The linkage of a shared library: DT_SONAME and DT_NEEDED of an ELF file.

Format: https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html, 64 bits and little-endian, as on every platform
that images are made for. Read by hand because a general reader takes fifty times as long, and there are hundreds.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MAGIC = b"\x7fELF\x02\x01"
_HEADER = struct.Struct("<32xQ14xHH")  # where the program headers are, the size of one, how many
_SEGMENT = struct.Struct("<I4xQQ8xQ")  # type, offset, address, size in the file
_ENTRY = struct.Struct("<qQ")
_LOAD, _DYNAMIC = 1, 2
_NEEDED, _STRINGS, _SONAME = 1, 5, 14


@dataclass(frozen=True, kw_only=True)
class Linkage:
    """``name`` is what others know the library by, empty where it says none; ``needed`` are such names."""

    name: str = ""
    needed: tuple[str, ...] = ()


def read_linkage(path: Path) -> Linkage | None:
    """Return what the file says; None where it is no such library, damaged, or can't be read."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _linkage(data) if data[: len(_MAGIC)] == _MAGIC else None
    except (
        OSError,
        OverflowError,
        ValueError,
        struct.error,
    ):  # ValueError: an empty file, or a place that is not in it
        return None


def _linkage(data: mmap.mmap) -> Linkage | None:
    segments = [*_segments(data)]
    for kind, offset, _, size in segments:
        if kind == _DYNAMIC:
            entries = [*_ENTRY.iter_unpack(data[offset : offset + size // _ENTRY.size * _ENTRY.size])]
            address = next((value for tag, value in entries if tag == _STRINGS), 0)
            strings = next((o + address - a for k, o, a, s in segments if k == _LOAD and a <= address < a + s), None)
            if strings is None:
                return None
            names = [(tag, _text(data, strings + value)) for tag, value in entries if tag in (_NEEDED, _SONAME)]
            return Linkage(
                name=next((name for tag, name in names if tag == _SONAME), ""),
                needed=tuple(name for tag, name in names if tag == _NEEDED),
            )
    return None


def _segments(data: mmap.mmap) -> Iterator[tuple[int, int, int, int]]:
    start, size, count = _HEADER.unpack_from(data)
    for number in range(count):
        yield _SEGMENT.unpack_from(data, start + number * size)


def _text(data: mmap.mmap, start: int) -> str:
    end = data.find(b"\0", start)
    return data[start:end].decode(errors="replace") if 0 <= start < end else ""
