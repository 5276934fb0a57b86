"""The last lines of a log as a terminal would show them, in bounded memory.

Understood, as progress bars use them (tqdm's nested ones, pip, apt): newline, carriage return, backspace, ``ESC [``
with A B C D (cursor), G (column), K J (erase) and m (colour). Any other control sequence of ECMA-48 is left out.
"""

from __future__ import annotations

import re

from jupyter_docker.display.html.ansi import Palette, escape
from jupyter_docker.display.measure import plural
from jupyter_docker.display.terminal.screen import Line, Screen
from jupyter_docker.values import Stream

MAX_LINES = 400
_MAX_COLORFUL = 12_000  # characters of HTML of one line; above it the colours are left out
_MAX_SEQUENCE = 2100

# CSI; strings (OSC, DCS, SOS, PM, APC); other escapes; single controls and halves of surrogate pairs.
_CONTROL = re.compile(
    "\x1b(?:\\[([0-?]{0,64})[ -/]{0,4}([@-~])|[\\]PX^_][^\x07\x1b]{0,2048}(?:\x07|\x1b\\\\)"
    "|[ -/]{0,4}[0-OQ-WYZ\\\\`-~])|[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
)
_UNFINISHED = re.compile("\x1b(?:\\[[0-?]{0,64}[ -/]{0,4}|[\\]PX^_][^\x07\x1b]{0,2048}\x1b?|[ -/]{0,4})\\Z")


class LogTail:
    """The last ``most_lines`` lines; both streams write on one screen, as in a terminal, each in its own colours."""

    def __init__(self, most_lines: int = MAX_LINES) -> None:
        self._most_lines = most_lines
        self._screen = Screen(most_lines + 1)  # one more for the line after the last newline
        self._palette = Palette()
        self._marks: dict[Stream, str] = {}  # each stream's colours so far
        self._pending: dict[Stream, str] = {}

    def feed(self, text: str, stream: Stream = "stdout") -> None:
        """Print ``text``: any number of lines, a part of one, or a part of a control sequence."""
        text = self._complete(text, stream).replace("\r\n", "\n")
        mark = self._marks.get(stream) or self._palette.plain(stream)
        position = 0
        for control in _CONTROL.finditer(text):
            if control.start() > position:
                self._screen.write(text[position : control.start()], mark)
            mark = self._obey(control, mark)
            position = control.end()
        self._screen.write(text[position:], mark)
        self._marks[stream] = mark

    @property
    def total(self) -> int:
        """How many lines there were; the empty one after a last newline does not count."""
        return self._screen.passed + len(self._screen.lines) - (not self._screen.lines[-1].text)

    def text_lines(self) -> list[str]:
        """Return the lines kept, as plain text."""
        return [line.text + "…" * line.cut for line in self._kept()]

    def html_lines(self, budget: int) -> list[str]:
        """Return as many of the last lines as fit into ``budget`` characters of HTML, escaped, with their newlines."""
        selected: list[str] = []
        for line in reversed(self._kept()):
            html = self._html(line)
            budget -= len(html)
            if budget < 0:
                break
            selected.append(html)
        return selected[::-1]

    def earlier(self, shown: int) -> str:
        """Return "… 98,000 earlier lines" where only the last ``shown`` ones are, else nothing."""
        return f"… {plural(self.total - shown, 'earlier line')}" if self.total > shown else ""

    def _kept(self) -> list[Line]:
        lines = list(self._screen.lines)
        return (lines if lines[-1].text else lines[:-1])[-self._most_lines :]

    def _html(self, line: Line) -> str:
        ending = "…" if line.cut else ""
        html = self._palette.html(line.text + ending, line.marks + line.marks[-1:] * len(ending))
        return html if len(html) <= _MAX_COLORFUL else f"{escape(line.text)}{ending}\n"

    def _complete(self, text: str, stream: Stream) -> str:
        text = self._pending.pop(stream, "") + text
        if unfinished := _UNFINISHED.search(text, max(len(text) - _MAX_SEQUENCE, 0)):
            self._pending[stream] = unfinished[0]
            return text[: unfinished.start()]
        return text

    def _obey(self, control: re.Match[str], mark: str) -> str:
        parameters, code = control.groups()
        if code == "m":
            return self._palette.after(mark, parameters)
        if code:
            self._screen.move(code, int(parameters[:6]) if parameters.isdecimal() else None, mark)
        elif control[0] == "\r":
            self._screen.carriage_return()
        elif control[0] == "\b":
            self._screen.move("D", 1, mark)
        return mark


def plain_lines(text: str) -> list[str]:
    """Return the lines of ``text`` as a terminal would show them, free of control codes."""
    tail = LogTail()
    tail.feed(text)
    return tail.text_lines()


def one_line(text: str) -> str:
    """Return ``text`` as one line, free of control codes."""
    return " ".join(line.strip() for line in plain_lines(text))
