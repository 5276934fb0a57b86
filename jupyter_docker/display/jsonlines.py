"""Events for programs: one JSON object a line."""

from __future__ import annotations

import json
from threading import Lock
from typing import Self, TextIO

from jupyter_docker.display.stream import OutputStream
from jupyter_docker.events import Event, to_json


class JsonDisplay:
    """Writes each event as a line of JSON (``events.to_json``, ``seq`` from 1), flushed at once."""

    def __init__(self, stdout: TextIO) -> None:
        self._out = OutputStream(stdout)
        self._lock = Lock()
        self._seq = 0

    def __call__(self, event: Event) -> None:
        """Write one event."""
        with self._lock:
            self._seq += 1
            self._out.write(json.dumps(to_json(event, self._seq)) + "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing open: every line was flushed."""
