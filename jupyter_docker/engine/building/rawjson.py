"""The lines of ``buildx build --progress=rawjson`` as events, and what they say of a failure.

Each line is one JSON object of BuildKit's ``client.SolveStatus``: ``vertexes`` (the steps), ``statuses`` (transfers
inside a step), ``logs`` and ``warnings``. A failed build ends in lines of plain text, the last one ``ERROR: …``.
"""

from __future__ import annotations

import base64
import codecs
import json
import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from jupyter_docker.values import Emit, Log, Progress, Warned

_KEPT_LINES = 200
_ERROR_PREFIX = re.compile(r"ERROR: (?:failed to build: )?(?:failed to solve: )?")
_FLAGS = re.compile(r"^(\[[^\]]*\] )?(RUN|COPY|ADD) (?:--\S+ )+")
_STAGE = re.compile(r"^\[(?:internal\] |(?:stage-\d+ )?(?=\d+/\d+\]))")
_STDERR = 2


@dataclass
class Vertex:
    """A step of the build as known so far; ``lines`` are the last ones it printed."""

    name: str = ""
    error: str = ""
    lines: deque[str] = field(default_factory=lambda: deque([""], maxlen=_KEPT_LINES))

    @property
    def log(self) -> str:
        """The last lines it printed, without carriage-returned ones."""
        return "\n".join(line.rpartition("\r")[2] for line in (line.rstrip("\r") for line in self.lines)).strip("\n")

    def add(self, text: str) -> None:
        """Add what it printed, which may end within a line."""
        first, *rest = text.split("\n")
        self.lines[-1] += first
        self.lines.extend(rest)


class ProgressReader:
    """Feed it the lines; it emits Progress, Log and Warned, and keeps what a failure's report needs."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._vertices: dict[str, Vertex] = {}
        self._decoders: dict[tuple[str, int], codecs.IncrementalDecoder] = {}
        self.plain: deque[str] = deque(maxlen=_KEPT_LINES)

    def feed(self, line: str) -> None:
        """Read one line; what is not a status is kept as plain text."""
        try:
            status = json.loads(line)
        except ValueError:
            status = None
        if not isinstance(status, dict):
            self.plain.append(line)
            return
        for key, read in (
            ("vertexes", self._read_vertex),
            ("statuses", self._read_status),
            ("logs", self._read_log),
            ("warnings", self._read_warning),
        ):
            for one in _objects(status.get(key)):
                read(one)

    @property
    def failed(self) -> Vertex | None:
        """The step that failed first: those that ran beside it end as cancelled."""
        wrong = [vertex for vertex in self._vertices.values() if vertex.error]
        return next((vertex for vertex in wrong if "context canceled" not in vertex.error), wrong[0] if wrong else None)

    @property
    def error(self) -> str:
        """The reason in the last ``ERROR:`` line, else the failed step's; empty where there is neither."""
        errors = [line for line in self.plain if line.startswith("ERROR: ")]
        if errors:
            return _ERROR_PREFIX.sub("", errors[-1], count=1)
        return self.failed.error if self.failed else ""

    def _read_vertex(self, data: dict[str, Any]) -> None:
        digest = _text(data, "digest")
        vertex = self._vertices.setdefault(digest, Vertex())
        vertex.name = label(_text(data, "name")) or vertex.name
        vertex.error = _text(data, "error") or vertex.error
        if data.get("started"):
            done, cached = bool(data.get("completed")), bool(data.get("cached"))
            self._emit(Progress(step="build", item=digest, label=vertex.name, done=done, cached=cached))

    def _read_status(self, data: dict[str, Any]) -> None:
        current, total = _count(data, "current"), _count(data, "total")
        name, item = _text(data, "name"), _text(data, "id")
        self._emit(
            Progress(
                step="build",
                item=f"{_text(data, 'vertex')} {item}",
                label=_short_digest(item if not name or item.startswith(name) else f"{name} {item}"),
                current=current,
                total=total,
                unit="bytes" if current or total else "items",
                done=bool(data.get("completed")),
            )
        )

    def _read_log(self, data: dict[str, Any]) -> None:
        stream = _count(data, "stream") or 1
        key = (_text(data, "vertex"), stream)
        decoder = self._decoders.setdefault(key, codecs.getincrementaldecoder("utf-8")("replace"))
        # A chunk may end within a character.
        text = decoder.decode(_decoded(data.get("data")))
        if text:
            self._vertices.setdefault(key[0], Vertex()).add(text)
            self._emit(Log(step="build", text=text, stream="stderr" if stream == _STDERR else "stdout"))

    def _read_warning(self, data: dict[str, Any]) -> None:
        short = _decoded(data.get("short")).decode("utf-8", "replace")
        details = data.get("detail")
        texts = [_decoded(text).decode("utf-8", "replace") for text in (details if isinstance(details, list) else ())]
        self._emit(Warned(step="build", message=short, hint=" ".join([*texts, _text(data, "url")]).strip()))


def label(name: str) -> str:
    """Return a step's name for people: without the flags of RUN and COPY, and without ``internal`` and ``stage-N``."""
    return _STAGE.sub(lambda found: "" if "internal" in found[0] else "[", _FLAGS.sub(r"\1\2 ", name))


def _short_digest(text: str) -> str:
    return re.sub(r"sha256:([0-9a-f]{12})[0-9a-f]{52}", r"\1", text).rstrip(":")


def _objects(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _count(data: dict[str, Any], key: str) -> int | None:
    """Return a number above zero, which is all that says anything."""
    value = data.get(key)
    return value if isinstance(value, int) and value > 0 else None


def _decoded(value: object) -> bytes:
    try:
        return base64.b64decode(value) if isinstance(value, str) else b""
    except ValueError:  # not base64, or not even ASCII
        return b""
