"""Build with the classic builder, through docker-py: for an engine without BuildKit, or a machine without buildx."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from jupyter_docker.engine.connection import Engine
from jupyter_docker.engine.outcome import build_failed
from jupyter_docker.engine.responses import closed_afterwards
from jupyter_docker.engine.translate import translated
from jupyter_docker.events import Emit, Log, Progress
from jupyter_docker.models import BuildContext
from jupyter_docker.reference import ImageReference

_KEPT_LINES = 200
_STEP = re.compile(r"Step (\d+/\d+) : (.*)")
_CACHED = " ---> Using cache"
_NOISE = re.compile(r" ---> |Removing intermediate container |Successfully (?:built|tagged) ")


class StepReader:
    """The builder's stream as events; ``step`` is the instruction it is at and ``lines`` what that one printed."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._cached = False
        self.step = ""
        self.lines: deque[str] = deque(maxlen=_KEPT_LINES)

    def feed(self, line: Mapping[str, Any]) -> str:
        """Read one JSON object of the stream; returns the builder's error, empty while there is none."""
        text = str(line.get("stream") or "")
        begun = _STEP.match(text)
        if begun:
            self.end()
            self.step, self._cached = f"[{begun[1]}] {begun[2].strip()}", False
            self.lines.clear()
            self._emit(self._progress(done=False))
        elif text.startswith(_CACHED):
            self._cached = True
        elif text.strip() and not _NOISE.match(text):
            self.lines.append(text)
            self._emit(Log(step="build", text=text))
        return str((line.get("errorDetail") or {}).get("message") or line.get("error") or "")

    def end(self) -> None:
        """Say that the step is done."""
        if self.step:
            self._emit(self._progress(done=True))

    def _progress(self, *, done: bool) -> Progress:
        return Progress(step="build", item=self.step, label=self.step, done=done, cached=self._cached)


def build_with_classic(
    engine: Engine,
    context: BuildContext,
    *,
    tags: Sequence[ImageReference],
    proxies: Mapping[str, str],
    cache: bool,
    platform: str | None,
    target: str | None,
    emit: Emit,
) -> None:
    """Build and tag. Raises BuildError, BaseImageError, DiskFullError or EngineLostError."""
    reader = StepReader(emit)
    with translated("build the image"), closed_afterwards(engine):
        error = _build(
            engine, reader,
            path=str(context.root), dockerfile=str(context.dockerfile.relative_to(context.root)), tag=str(tags[0]),
            buildargs=dict(proxies), nocache=not cache, platform=platform, target=target,
        )  # fmt: skip
        if error:
            raise build_failed(step=reader.step, log="".join(reader.lines), reason=error)
        reader.end()
        for tag in tags[1:]:
            engine.client.api.tag(str(tags[0]), tag.name, tag.tag or "latest")


def _build(engine: Engine, reader: StepReader, **options: Any) -> str:
    """Build and return the builder's error, empty where it went through."""
    from docker.errors import APIError

    stream = engine.client.api.build(decode=True, rm=True, forcerm=True, **options)
    lines = cast("Iterator[dict[str, Any]]", stream)
    try:
        return next(filter(None, map(reader.feed, lines)), "")
    except APIError as error:  # the Dockerfile can't be read
        return str(error.explanation or error)
