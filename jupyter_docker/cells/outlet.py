"""The running cell of this kernel as the place where a container's outputs go, by the ways that IPython itself uses.

So `%%capture`, a terminal's IPython and every frontend get them as if the cell had run here.
"""

from __future__ import annotations

import getpass
import sys
from dataclasses import dataclass
from typing import Any

from IPython.core import page
from IPython.core.interactiveshell import InteractiveShell

from jupyter_docker.kernel import CellError, MimeBundle


@dataclass(frozen=True, kw_only=True, repr=False)
class ContainerValue:
    """The value of a cell in a container, as far as it is here: how it shows. ``-o`` brings values themselves."""

    data: MimeBundle
    metadata: MimeBundle

    def __repr__(self) -> str:
        return str(self.data.get("text/plain", "a value in a container"))

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return dict(self.data), dict(self.metadata)


class CellOutlet:
    """Shows outputs in the cell that ``shell`` runs."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._printed = ""  # the stream that was printed to last, empty where all of it is shown

    @property
    def takes_input(self) -> bool:
        """Whether the frontend can ask the user."""
        if not hasattr(self._shell, "kernel"):
            return sys.stdin is not None and sys.stdin.isatty()
        request = self._shell.get_parent()  # type: ignore[attr-defined]
        return bool(request.get("content", {}).get("allow_stdin", False))

    def stream(self, name: str, text: str) -> None:
        """Print text; what was printed to the other stream before is shown before."""
        if self._printed not in {"", name}:
            self.flush()
        (sys.stderr if name == "stderr" else sys.stdout).write(text)
        self._printed = name

    def display(self, data: MimeBundle, metadata: MimeBundle, *, display_id: str, update: bool) -> None:
        """Show a bundle, or put it in place of those of the same ``display_id``."""
        transient = {"display_id": display_id} if display_id else {}
        self._shell.display_pub.publish(dict(data), dict(metadata), transient=transient, update=update)

    def result(self, data: MimeBundle, metadata: MimeBundle) -> None:
        """Show the value of the cell, which becomes ``Out[n]``."""
        sys.displayhook(ContainerValue(data=data, metadata=metadata))

    def error(self, error: CellError) -> None:
        """Show a traceback that did not end the cell."""
        kind = type(error.ename, (Exception,), {})
        self._shell._showtraceback(kind, kind(error.evalue), list(error.traceback))  # noqa: SLF001

    def clear(self, *, wait: bool) -> None:
        """Remove the cell's outputs."""
        self._shell.display_pub.clear_output(wait=wait)  # type: ignore[no-untyped-call]

    def page(self, data: MimeBundle) -> None:
        """Show a bundle in the pager."""
        page.page(dict(data) if hasattr(self._shell, "kernel") else str(data.get("text/plain", "")))

    def ask(self, prompt: str, *, password: bool) -> str:
        """Return the line that the user typed; raises EOFError."""
        return getpass.getpass(prompt) if password else input(prompt)

    def flush(self) -> None:
        """Show now what was printed."""
        if self._printed:
            (sys.stderr if self._printed == "stderr" else sys.stdout).flush()
            self._printed = ""

    def note(self, text: str) -> None:
        """Print a line to stderr."""
        self.stream("stderr", f"{text}\n")
