"""The display of a session that is built or started: a card meanwhile, one line when it is ready."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from time import monotonic
from types import TracebackType
from typing import Self

from IPython.core.interactiveshell import InteractiveShell

from jupyter_docker.commands import as_error, brief, failed
from jupyter_docker.display import CellOutput, HtmlDisplay, MimeBundle, TerminalDisplay, duration
from jupyter_docker.values import ContainerizeError, Emit, Event, Finished, Warned

_HTML = '<div style="opacity:.65;font-size:90%;white-space:pre-line">{}</div>'


@contextmanager
def reporting(shell: InteractiveShell, name: str) -> Iterator[Emit]:
    """Yield where events go, as `card` does; an error for people is shown, and raised as one line."""
    with card(shell, name) as emit:
        try:
            yield emit
        except (ContainerizeError, OSError, KeyboardInterrupt) as error:
            known = as_error(error)
            if known is None:
                raise
            emit(failed(known))
            raise brief(known) from None


@contextmanager
def card(shell: InteractiveShell, name: str) -> Iterator[Emit]:
    """Yield where events go: a card that becomes a line with a Finished event; without any event nothing is shown."""
    if not hasattr(shell, "kernel"):
        with TerminalDisplay(sys.stdout, sys.stderr) as emit:
            yield emit
        return
    with _Card(name) as emit:
        yield emit


class _Card:
    """Makes the card when there is something to show: a cell in a session that is open has none."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._began = monotonic()
        self._output = CellOutput()
        self._told: list[Event] = []
        self._display: HtmlDisplay | None = None

    def __call__(self, event: Event) -> None:
        if self._display is None:
            self._display = HtmlDisplay(self._name, publish=self._output)
        if isinstance(event, Finished | Warned):
            self._told.append(event)
        self._display(event)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._display is not None:
            self._display.__exit__(kind, error, at)
        if self._told and isinstance(self._told[-1], Finished):
            self._output(_line(self._told, monotonic() - self._began))


def _line(told: list[Event], seconds: float) -> MimeBundle:
    """Return the last thing told, after what was warned of."""
    lines = [f"⚠ {event.message} {event.hint}".rstrip() for event in told if isinstance(event, Warned)]
    lines += [f"✓ {event.summary} {duration(seconds)}" for event in told if isinstance(event, Finished)]
    text = "\n".join(lines)
    return {"text/html": _HTML.format(escape(text)), "text/plain": text}
