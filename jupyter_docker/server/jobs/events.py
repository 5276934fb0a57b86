"""The events of a job, as its process wrote them: one JSON object a line, read a bounded piece at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path

_PIECE = 256 * 1024  # bytes
_EVENT = re.compile(rb'\{"v": \d+, "seq": (\d+), "type": "(\w+)"')


@dataclass(frozen=True, kw_only=True)
class EventLine:
    """An event by its number and type, and the JSON text of it."""

    seq: int
    type: str
    text: bytes


class EventLines:
    """Reads the events after ``since``, from where the last read ended; whatever else was printed is passed over."""

    def __init__(self, path: Path, *, since: int = 0) -> None:
        self._path = path
        self._offset = 0
        self._since = since

    def read(self) -> list[EventLine]:
        """Return the next ones, about 256 KiB of them; none where there are no more yet."""
        for lines in self._pieces():
            events = [event for event in map(_event, lines) if event and event.seq > self._since]
            if events:
                return events
        return []

    def _pieces(self) -> Iterator[list[bytes]]:
        try:
            file = self._path.open("rb", buffering=0)
        except FileNotFoundError:
            return
        with file:
            while lines := self._whole_lines(file):
                yield lines

    def _whole_lines(self, file: RawIOBase) -> list[bytes]:
        """Return those of the next piece; none where only one is there that is still being written."""
        file.seek(self._offset)
        data = b""
        while more := file.read(_PIECE):
            data += more
            if b"\n" in more:
                break
        whole, newline, _ = data.rpartition(b"\n")
        self._offset += len(whole) + len(newline)
        return whole.split(b"\n") if newline else []


def _event(line: bytes) -> EventLine | None:
    match = _EVENT.match(line)
    return EventLine(seq=int(match[1]), type=match[2].decode(), text=line.rstrip()) if match else None
