"""Events for people at a shell: what the notebook prints goes to stdout, what is said about it to stderr."""

from __future__ import annotations

from threading import RLock
from typing import Self, TextIO

from jupyter_docker.display.measure import position_text
from jupyter_docker.display.state import DisplayState
from jupyter_docker.display.terminal.controls import ControlFilter
from jupyter_docker.display.terminal.live import LiveRegion
from jupyter_docker.display.terminal.printer import LinePrinter
from jupyter_docker.display.terminal.stream import OutputStream
from jupyter_docker.values import Event, Failed, Finished, Log, Progress, StepFinished, StepStarted, Warned


class TerminalDisplay:
    """Steps, progress and the summary on stderr; the container's output on stdout and stderr, at once.

    It is raw, but where a terminal is: that gets no sequence that steers it.

    On a terminal the current step is drawn in place while it runs, never while the container prints; elsewhere each
    step is a plain line at its start and end. ``color`` None follows the terminal and NO_COLOR; ``verbose`` shows the
    logs of every step, not just the run's.
    """

    def __init__(self, stdout: TextIO, stderr: TextIO, *, verbose: bool = False, color: bool | None = None) -> None:
        self._out, self._err = OutputStream(stdout), OutputStream(stderr)
        self._same_file = self._out.shares_file_with(self._err)
        # A file has what was printed; a terminal would obey it.
        terminals = {"stdout": self._out.isatty(), "stderr": self._err.isatty()}
        self._controls = {name: ControlFilter() for name, is_terminal in terminals.items() if is_terminal}
        self._verbose = verbose
        self._printer = LinePrinter(self._err, color=color)
        self._state = DisplayState()
        self._live = LiveRegion(self._printer.console, self._state, unicode=self._printer.unicode)
        self._lock = RLock()
        self._partial_log = ""

    def __call__(self, event: Event) -> None:
        """Show one event."""
        with self._lock:
            self._state.apply(event)
            match event:
                case StepStarted():
                    self._start(event)
                case StepFinished():
                    self._finish(event)
                case Log():
                    self._log(event)
                case Warned():
                    self._printer.message("warning", "yellow", event.message, hint=event.hint)
                case Finished():
                    self._conclude(event)
                case Failed():
                    self._fail(event)
                case Progress():
                    pass  # the live region draws it

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the terminal as it was."""
        with self._lock:
            self._live.stop()

    def _start(self, event: StepStarted) -> None:
        if event.step == "run":
            self._live.stop()
        if event.step == "run" or not self._printer.interactive:
            self._printer.start(event.title)
        else:
            self._live.start()

    def _finish(self, event: StepFinished) -> None:
        self._end_log()
        if self._state.current is None:
            self._live.stop()
        done = [step for step in self._state.steps if step.name == event.step and step.status == "done"]
        self._printer.step(done[-1], event.seconds)

    def _log(self, event: Log) -> None:
        if event.step == "run":
            self._live.stop()
            stream = self._err if event.stream == "stderr" else self._out
            controls = self._controls.get(event.stream)
            stream.write(controls.feed(event.text) if controls else event.text)
            if event.text and (stream is self._err or self._same_file):
                self._printer.in_mid_line = not event.text.endswith("\n")
        elif self._verbose:
            *lines, self._partial_log = (self._partial_log + event.text).split("\n")
            self._printer.log(lines)

    def _end_log(self) -> None:
        if self._partial_log:
            self._printer.log([self._partial_log])
            self._partial_log = ""

    def _conclude(self, event: Finished) -> None:
        self._live.stop()
        self._printer.summary(self._state.status, event.summary)
        self._printer.facts(event.facts)

    def _fail(self, event: Failed) -> None:
        self._live.stop()
        self._end_log()
        for step in self._state.steps:
            if step.status in {"failed", "stopped"}:
                self._printer.step(step, self._state.seconds_of(step))
        label, style = ("stopped", "yellow") if self._state.status == "stopped" else ("error", "bold red")
        self._printer.message(label, style, _with_position(event), hint=event.hint)
        self._printer.facts(event.facts)


def _with_position(event: Failed) -> str:
    where = position_text(event)
    if not where:
        return event.message
    first, newline, rest = event.message.partition("\n")
    return f"{first.rstrip()} ({where}){newline}{rest}"
