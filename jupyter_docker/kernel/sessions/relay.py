"""The outputs of a cell in a container, passed on to the notebook as they come; a file takes what is too much."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Any, Protocol

from jupyter_docker.kernel.sessions.markup import presentable
from jupyter_docker.kernel.sessions.messages import (
    CellError,
    ClearOutput,
    Comm,
    Display,
    InputRequest,
    Message,
    MimeBundle,
    Result,
    StreamText,
)
from jupyter_docker.values import make_private_folder, open_new, write_all

MAX_TEXT = 24 * 2**20  # characters printed by one cell: 100,000 long lines
MAX_RICH = 128 * 2**20  # characters of its pictures, tables and the like
MAX_OUTPUTS = 20_000
_MAX_FILE = 2**30


class Overflow:
    """Counts what one cell outputs; what is over the limits is kept in a file in ``folder``, itself of limited size."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._text = self._rich = self._outputs = self._kept = 0
        self._file: FileIO | None = None
        self.path: Path | None = None

    def admits_text(self, size: int) -> bool:
        """Count ``size`` characters of printed text; return whether the notebook takes them."""
        self._text += size
        return self._text <= MAX_TEXT

    def admits_output(self, size: int) -> bool:
        """Count one output of ``size`` characters; return whether the notebook takes it."""
        self._rich, self._outputs = self._rich + size, self._outputs + 1
        return self._rich <= MAX_RICH and self._outputs <= MAX_OUTPUTS

    def keep(self, text: str) -> None:
        """Write ``text`` to the file, which is made when first needed; OSError means that nothing more is kept."""
        if self._kept > _MAX_FILE:
            return
        if self._file is None:
            make_private_folder(self._folder)
            path = self._folder / f"{self._name}-{datetime.now().astimezone():%Y%m%d-%H%M%S-%f}.txt"
            self.path, self._file = path, open_new(path)
        data = text.encode("utf-8", "replace")
        self._kept += len(data)
        write_all(self._file, data)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()


_WIDGET = "application/vnd.jupyter.widget-view+json"
_HIDDEN = "An output of a type that could run code in this page is not shown; `--trust` would show it."
_FRAMED = "HTML with scripts is shown in a frame of its own, apart from this page; `--trust` shows it without."
_NO_WIDGETS = "Widgets need the notebook's own kernel: of those made in a container only the text is shown."


class Outlet(Protocol):
    """Where outputs go: the running cell of a notebook, or a terminal."""

    @property
    def takes_input(self) -> bool:
        """Whether somebody can answer a question."""

    def stream(self, name: str, text: str) -> None:
        """Show printed text."""

    def display(self, data: MimeBundle, metadata: MimeBundle, *, display_id: str, update: bool) -> None:
        """Show a bundle, or put it in place of those of the same ``display_id``."""

    def result(self, data: MimeBundle, metadata: MimeBundle) -> None:
        """Show the value of the cell."""

    def error(self, error: CellError) -> None:
        """Show a traceback that did not end the cell."""

    def clear(self, *, wait: bool) -> None:
        """Remove the cell's outputs."""

    def page(self, data: MimeBundle) -> None:
        """Show a bundle in the pager."""

    def ask(self, prompt: str, *, password: bool) -> str:
        """Return the line that the user typed; raises EOFError where there is none."""

    def flush(self) -> None:
        """Show now what was printed."""

    def note(self, text: str) -> None:
        """Tell the user something about the outputs."""


class Relay:
    """Passes one cell's messages on to ``outlet``.

    ``scope`` is the session's: the container's display ids are kept apart from those of others by it. ``warned`` holds
    what the user was told in the session already.
    """

    def __init__(
        self, outlet: Outlet, overflow: Overflow, *, scope: str, warned: set[str], trust: bool = False
    ) -> None:
        self.outlet = outlet
        self._overflow, self._scope, self._warned, self._trust = overflow, scope, warned, trust
        self._errors: list[CellError] = []

    def __call__(self, message: Message) -> None:
        """Pass one output on."""
        match message:
            case StreamText():
                self._show_errors(but_last=0)  # after the one that ends a cell there are only displays
                self._print(message)
            case Display() | Result():
                self._show(message)
            case ClearOutput():
                self.outlet.clear(wait=message.wait)
            case CellError():
                self._errors.append(message)
                self._show_errors(but_last=1)
            case Comm():
                self.say(_NO_WIDGETS)
            case _:
                pass

    def answer(self, request: InputRequest) -> str:
        """Return the user's line; raises EOFError."""
        self.outlet.flush()
        return self.outlet.ask(request.prompt, password=request.password)

    def page(self, data: MimeBundle) -> None:
        """Show what the cell put in the pager (``name?``)."""
        if shown := self._allowed(data):
            self.outlet.page(shown)

    def say(self, text: str) -> None:
        """Tell the user, once in a session."""
        if text not in self._warned:
            self._warned.add(text)
            self.outlet.note(text)

    def close(self, ending: CellError | None) -> None:
        """Show what is left; ``ending`` is the error that ended the cell, which is for the caller to raise."""
        self._show_errors(but_last=int(bool(self._errors) and self._errors[-1] == ending))
        self._overflow.close()

    def _show_errors(self, *, but_last: int) -> None:
        while len(self._errors) > but_last:
            self.outlet.error(self._errors.pop(0))

    def _print(self, message: StreamText) -> None:
        if self._overflow.admits_text(len(message.text)):
            self.outlet.stream(message.name, message.text)
        else:
            self._keep(message.text)

    def _show(self, message: Display | Result) -> None:
        data = self._allowed(message.data)
        if not data:
            return
        if not self._overflow.admits_output(_size(data) + _size(message.metadata)):
            self._keep(f"{data.get('text/plain', 'An output without text.')}\n")
        elif isinstance(message, Result):
            self.outlet.result(data, message.metadata)
        else:
            name = f"{self._scope}-{message.display_id}" if message.display_id else ""
            self.outlet.display(data, message.metadata, display_id=name, update=message.update)

    def _allowed(self, data: MimeBundle) -> MimeBundle:
        if _WIDGET in data:
            self.say(_NO_WIDGETS)
            data = {kind: value for kind, value in data.items() if kind != _WIDGET}
        if self._trust:
            return data
        shown = presentable(data)
        if data and not shown:
            self.say(_HIDDEN)
        elif shown.get("text/html") != data.get("text/html"):
            self.say(_FRAMED)
        return shown

    def _keep(self, text: str) -> None:
        before: Path | None = self._overflow.path
        with suppress(OSError):
            self._overflow.keep(text)
        path = self._overflow.path
        if path is None:
            self.say("This cell's output is more than a notebook can hold, and the rest can't be kept in a file.")
        elif path != before:
            self.outlet.note(f"This cell's output is more than a notebook can hold. The rest goes to {path}")


def _size(bundle: Mapping[str, Any]) -> int:
    return sum(len(value) if isinstance(value, str) else len(json.dumps(value)) for value in bundle.values())
