"""What the user sees of a session that is built or started: a card meanwhile, one line when it is ready."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from time import monotonic

from IPython.core.interactiveshell import InteractiveShell

from jupyter_docker.commands.failure import as_error, brief, failed
from jupyter_docker.display.html import CellOutput, HtmlDisplay, MimeBundle
from jupyter_docker.display.measure import duration
from jupyter_docker.display.terminal import TerminalDisplay
from jupyter_docker.errors import ContainerizeError
from jupyter_docker.events import Emit, Event, Finished, Warned

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
    began, output, told = monotonic(), CellOutput(), list[Event]()
    with HtmlDisplay(name, publish=output) as display:

        def note(event: Event) -> None:
            if isinstance(event, Finished | Warned):
                told.append(event)
            display(event)

        yield note
    if isinstance(told[-1] if told else None, Finished):
        output(_line(told, monotonic() - began))


def _line(told: list[Event], seconds: float) -> MimeBundle:
    """Return the last thing told, after what was warned of."""
    lines = [f"⚠ {event.message} {event.hint}".rstrip() for event in told if isinstance(event, Warned)]
    lines += [f"✓ {event.summary} {duration(seconds)}" for event in told if isinstance(event, Finished)]
    text = "\n".join(lines)
    return {"text/html": _HTML.format(escape(text)), "text/plain": text}
