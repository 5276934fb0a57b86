"""Ctrl-C while a container is at work: noted at once, raised only where nothing can be lost by it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from types import FrameType, TracebackType
from typing import Any, Self

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))
_PATIENCE = 10.0


class Interrupts:
    """Takes the signals that would interrupt the program, for the time of a run.

    A request to the engine that is cut in two leaves a container nobody knows of, so KeyboardInterrupt is raised in
    `allowed` and `check` only; but an engine that hangs can't hold the user: after ten seconds a signal gets through.
    Signals that the program ignores, or leaves to the system, stay as they are; so does everything outside the main
    thread, where Python delivers none.
    """

    def __init__(self) -> None:
        self._pending = False
        self._open = False
        self._closed_since = monotonic()
        self._before: dict[signal.Signals, Callable[[int, FrameType | None], Any]] = {}

    @property
    def pending(self) -> bool:
        """Whether one came that was not raised yet."""
        return self._pending

    def check(self) -> None:
        """Raise KeyboardInterrupt where one is pending."""
        self._closed_since = monotonic()
        if self._pending:
            self._pending = False
            raise KeyboardInterrupt

    @contextmanager
    def allowed(self) -> Iterator[None]:
        """Raise KeyboardInterrupt at once during the body, and before it where one is pending."""
        self._open = True  # first, so that a signal between the two lines is not left waiting
        try:
            self.check()
            yield
        finally:
            self._open = False
            self._closed_since = monotonic()

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        if self._open or monotonic() - self._closed_since > _PATIENCE:
            self._open, self._closed_since = False, monotonic()
            raise KeyboardInterrupt
        self._pending = True

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for one in _SIGNALS:
                handler = signal.getsignal(one)
                if callable(handler):
                    self._before[one] = handler
                    signal.signal(one, self._note)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for one, handler in self._before.items():
            signal.signal(one, handler)
