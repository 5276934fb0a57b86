"""Events in a notebook's cell: one output, updated in place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextvars import copy_context
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Self, TypeAlias

from jupyter_docker.display.html.card import render_card
from jupyter_docker.display.logtail import LogTail
from jupyter_docker.display.plain import render_plain
from jupyter_docker.display.state import DisplayState
from jupyter_docker.values import Event, Log, StepName

if TYPE_CHECKING:
    from IPython.display import DisplayHandle

_BURST = 0.5  # seconds that calls may be ahead of their rate: a few at once are shown at once
_FIRST_QUIET = 1.0
_MAX_QUIET = 30.0


class Throttle:
    """Calls ``publish`` on a daemon thread after `changed`, then waits for as long as ``publish`` returned, in seconds.

    A few calls in a short time do not wait, so that a quick run's first output is not held back by its steps.
    While nothing changes it is called after 1, 2, 4, … 30 seconds, so that a running time that it shows is never off
    by more than half. The thread has the caller's context variables: a Jupyter kernel finds the cell by them.
    """

    def __init__(self, publish: Callable[[], float]) -> None:
        self._publish = publish
        self._changed = threading.Event()
        self._closed = threading.Event()
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
            quiet = _FIRST_QUIET if changed else min(quiet * 2, _MAX_QUIET)
            due = max(due, monotonic()) + self._publish()
            self._closed.wait(max(0.0, due - monotonic() - _BURST))


MimeBundle: TypeAlias = Mapping[str, str]
Publish: TypeAlias = Callable[[MimeBundle], None]

_MIN_PAUSE = 1 / 8
# Jupyter Server drops outputs above 1,000,000 bytes a second (iopub_data_rate_limit): keep well below.
_BYTES_A_SECOND = 400_000


class CellOutput:
    """The output area of the running cell: the first bundle makes an output, later ones replace it."""

    def __init__(self) -> None:
        self._handle: DisplayHandle | None = None

    def __call__(self, bundle: MimeBundle) -> None:
        """Show the bundle."""
        from IPython.display import display

        if self._handle is None:
            self._handle = display(dict(bundle), raw=True, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(dict(bundle), raw=True)  # type: ignore[no-untyped-call]


class HtmlDisplay:
    """A card in the cell's output, as ``text/html`` and ``text/plain``, updated at most 8 times a second.

    ``name`` is the heading, the notebook's file name. ``publish`` takes each bundle; the cell's output by default.
    Events may come from any thread; emitting never waits for the frontend. Without events there is no card, as for
    commands that only return a table.
    """

    def __init__(self, name: str, *, publish: Publish | None = None) -> None:
        self._name = name
        self._publish = CellOutput() if publish is None else publish
        self._state = DisplayState()
        self._logs: dict[StepName, LogTail] = {}
        self._shown = False
        self._lock = Lock()
        self._throttle = Throttle(self._update)

    def __call__(self, event: Event) -> None:
        """Show one event, now or within the next moment."""
        with self._lock:
            self._state.apply(event)
            if isinstance(event, Log):
                self._logs.setdefault(event.step, LogTail()).feed(event.text, event.stream)
            shown, self._shown = self._shown, True
        if shown:
            self._throttle.changed()
        else:
            self._throttle.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        """Show the final state."""
        with self._lock:
            self._state.close(error)
        if self._shown:
            self._throttle.close()

    def _update(self) -> float:
        with self._lock:
            bundle = {
                "text/html": render_card(self._name, self._state, self._logs),
                "text/plain": render_plain(self._name, self._state, self._logs),
            }
        self._publish(bundle)
        return max(_MIN_PAUSE, sum(map(len, bundle.values())) / _BYTES_A_SECOND)
