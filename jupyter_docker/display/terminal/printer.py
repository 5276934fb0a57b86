"""Whole lines on a terminal's stderr, in the same words whether it has colours, Unicode, both or neither."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import IO, cast

from rich.console import Console
from rich.text import Text

from jupyter_docker.display.logtail import one_line, plain_lines
from jupyter_docker.display.measure import duration
from jupyter_docker.display.state import Status, StepState
from jupyter_docker.display.terminal.stream import OutputStream

_TITLE_WIDTH = 21
_ICONS: Mapping[Status, str] = {"running": "▸", "done": "✓", "failed": "✗", "stopped": "■"}
_ASCII_ICONS: Mapping[Status, str] = {"running": ">", "done": "+", "failed": "x", "stopped": "-"}
_COLORS: Mapping[Status, str] = {"running": "cyan", "done": "green", "failed": "red", "stopped": "yellow"}


class LinePrinter:
    """Prints on ``stream``; ``color`` None means as the terminal can and NO_COLOR allows."""

    def __init__(self, stream: OutputStream, *, color: bool | None) -> None:
        self._stream = stream
        self.interactive = stream.isatty() and os.environ.get("TERM") != "dumb"
        self.unicode = stream.shows("▸✓✗■…━")
        wanted = self.interactive and not os.environ.get("NO_COLOR") if color is None else color
        self.console = Console(
            file=cast("IO[str]", stream),
            force_terminal=self.interactive or wanted,
            force_jupyter=False,
            color_system="auto" if wanted else None,
            no_color=not wanted,
            highlight=False,
            markup=False,
            emoji=False,
            soft_wrap=True,
        )
        self.in_mid_line = False  # whether another writer left the cursor there

    def start(self, title: str) -> None:
        """Print that a step begins."""
        self._print(Text(f"{self._icon('running')} {title}{'…' if self.unicode else '...'}", "bold"))

    def step(self, step: StepState, seconds: float) -> None:
        """Print a step that has ended, in columns."""
        line = Text.assemble((self._icon(step.status), _COLORS[step.status]), " ", step.title.ljust(_TITLE_WIDTH))
        if step.summary:
            line.append(f"  {one_line(step.summary)}")
        line.append(f"  {duration(seconds)}", "dim")
        self._print(line)

    def log(self, lines: Sequence[str]) -> None:
        """Print lines of a step's own log."""
        for line in lines:
            self._print(Text(f"  | {one_line(line)}", "dim"))

    def message(self, label: str, style: str, text: str, *, hint: str) -> None:
        """Print a message, its first line after the label and the others indented, and what to do about it."""
        first, *rest = plain_lines(text) or [""]
        self._print(Text.assemble((f"{label}: ", style), first))
        for line in rest:
            self._print(Text(f"  {line}"))
        if hint:
            self._print(Text.assemble(("hint: ", "cyan"), one_line(hint)))

    def summary(self, status: Status, text: str) -> None:
        """Print what came of it all."""
        self._print(Text.assemble((self._icon(status), _COLORS[status]), " ", (one_line(text), "bold")))

    def facts(self, facts: Mapping[str, str]) -> None:
        """Print labels and texts in two columns."""
        width = max(map(len, facts), default=0)
        for label, value in facts.items():
            self._print(Text.assemble("  ", (label.ljust(width), "dim"), "  ", one_line(value)))

    def _print(self, line: Text) -> None:
        if self.in_mid_line:
            self._stream.write("\n")
            self.in_mid_line = False
        self.console.print(line)

    def _icon(self, status: Status) -> str:
        return (_ICONS if self.unicode else _ASCII_ICONS)[status]
