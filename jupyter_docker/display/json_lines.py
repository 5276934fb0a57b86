"""Events for programs: one JSON object a line."""

from __future__ import annotations

import json
from contextlib import nullcontext, suppress
from threading import Lock
from typing import Self, TextIO

from jupyter_docker.display.terminal.stream import OutputStream
from jupyter_docker.values import Event, Failed, to_json


class JsonDisplay:
    """Writes each event as a line of JSON (``events.to_json``, ``seq`` from 1), flushed at once.

    A failure that nobody can read there, since the disk is full or the reader left, is said on ``stderr``.
    """

    def __init__(self, stdout: TextIO, stderr: TextIO) -> None:
        self._out, self._err = OutputStream(stdout), OutputStream(stderr)
        self._lock = Lock()
        self._seq = 0

    def __call__(self, event: Event) -> None:
        """Write one event; raises OSError where the disk is full, but for a failure."""
        with self._lock:
            self._seq += 1
            with suppress(OSError) if isinstance(event, Failed) else nullcontext():
                self._out.write(json.dumps(to_json(event, self._seq)) + "\n")
            if isinstance(event, Failed) and self._out.leads_nowhere:
                self._err.write(f"error: {event.message}\n" + (f"hint: {event.hint}\n" if event.hint else ""))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing open: every line was flushed."""
