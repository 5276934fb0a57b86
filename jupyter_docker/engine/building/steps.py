"""The stream of a builder's API as events: one JSON object a line, whose text names the step."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jupyter_docker.values import Emit, Log, Progress

_KEPT_LINES = 200
# Docker's builder writes in red what a step wrote to stderr, write by write, so that even a word may be in parts.
_STDERR = re.compile(r"\x1b\[91m(.*)\x1b\[0m", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a builder words its stream: a step's start (``at``, ``what``), that it was cached, and what tells nothing."""

    step: re.Pattern[str]
    cached: re.Pattern[str]
    noise: re.Pattern[str]


DOCKER = Dialect(
    step=re.compile(r"Step (?P<at>\d+/\d+) : (?P<what>.*)"),
    cached=re.compile(r" ---> Using cache"),
    noise=re.compile(r" ---> |Removing intermediate container |Successfully (?:built|tagged) "),
)
PODMAN = Dialect(
    step=re.compile(r"(?:\[(?P<stage>\d+/\d+)\] )?STEP (?P<at>\d+/\d+): (?P<what>.*)"),
    cached=re.compile(r"--> Using cache"),
    noise=re.compile(r"--> |(?:\[\d+/\d+\] )?COMMIT |Successfully (?:built|tagged) |[0-9a-f]{64}\s*$"),
)


class StepReader:
    """The builder's stream as events; ``step`` is the instruction it is at and ``lines`` what that one printed."""

    def __init__(self, emit: Emit, dialect: Dialect) -> None:
        self._emit = emit
        self._dialect = dialect
        self._cached = False
        self.step = ""
        self.lines: deque[str] = deque(maxlen=_KEPT_LINES)

    def read(self, lines: Iterable[Mapping[str, Any]]) -> str:
        """Read the stream to its end; returns the builder's error, empty where it went through."""
        error = next(filter(None, map(self.feed, lines)), "")
        if not error:
            self._end()
        return error

    def feed(self, line: Mapping[str, Any]) -> str:
        """Read one JSON object of the stream; returns the builder's error, empty while there is none."""
        text = str(line.get("stream") or "")
        red = _STDERR.fullmatch(text)
        text = red[1] if red else text
        begun = self._dialect.step.match(text)
        if begun:
            self._end()
            position = " ".join(filter(None, (begun.groupdict().get("stage"), begun["at"])))
            self.step, self._cached = f"[{position}] {begun['what'].strip()}", False
            self.lines.clear()
            self._emit(self._progress(done=False))
        elif self._dialect.cached.match(text):
            self._cached = True
        elif (text.strip() or self.lines) and not self._dialect.noise.match(text):
            self.lines.append(text)
            self._emit(Log(step="build", text=text, stream="stderr" if red else "stdout"))
        return str((line.get("errorDetail") or {}).get("message") or line.get("error") or "")

    def _end(self) -> None:
        if self.step:
            self._emit(self._progress(done=True))

    def _progress(self, *, done: bool) -> Progress:
        return Progress(step="build", item=self.step, label=self.step, done=done, cached=self._cached)
