"""The events of a job, as its process wrote them: one JSON object a line, read a bounded piece at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
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
            file = self._path.open("rb")
        except FileNotFoundError:
            return
        with file:
            file.seek(self._offset)
            while lines := file.readlines(_PIECE):
                if not lines[-1].endswith(b"\n"):  # it is being written
                    lines.pop()
                self._offset += sum(map(len, lines))
                yield lines


def _event(line: bytes) -> EventLine | None:
    match = _EVENT.match(line)
    return EventLine(seq=int(match[1]), type=match[2].decode(), text=line.rstrip()) if match else None
