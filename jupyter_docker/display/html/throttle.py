"""Run something soon after it is asked for, but not too often."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from threading import Event, Thread
from time import monotonic

_BURST = 0.5  # seconds that calls may be ahead of their rate: a few at once are shown at once
_FIRST_QUIET = 1.0
_LONGEST_QUIET = 30.0


class Throttle:
    """Calls ``publish`` on a daemon thread after `changed`, then waits for as long as ``publish`` returned, in seconds.

    A few calls in a short time do not wait, so that a quick run's first output is not held back by its steps.
    While nothing changes it is called after 1, 2, 4, … 30 seconds, so that a running time that it shows is never off
    by more than half. The thread has the caller's context variables: a Jupyter kernel finds the cell by them.
    """

    def __init__(self, publish: Callable[[], float]) -> None:
        self._publish = publish
        self._changed = Event()
        self._closed = Event()
        self._thread = Thread(target=copy_context().run, args=(self._loop,), name="containerize-display", daemon=True)

    def start(self) -> None:
        """Call ``publish`` at once, in this thread, and begin."""
        self._publish()
        self._thread.start()

    def changed(self) -> None:
        """Ask for a call; returns immediately."""
        self._changed.set()

    def close(self) -> None:
        """End the thread, and call ``publish`` a last time in this one."""
        self._closed.set()
        self._changed.set()
        self._thread.join()
        self._publish()

    def _loop(self) -> None:
        quiet, due = _FIRST_QUIET, monotonic()
        while not self._closed.is_set():
            changed = self._changed.wait(quiet)
            self._changed.clear()
            if self._closed.is_set():
                return
            quiet = _FIRST_QUIET if changed else min(quiet * 2, _LONGEST_QUIET)
            due = max(due, monotonic()) + self._publish()
            self._closed.wait(max(0.0, due - monotonic() - _BURST))
