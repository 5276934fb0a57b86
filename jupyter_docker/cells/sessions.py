"""The sessions of this process, by name, as they are listed and ended. They end with it."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from jupyter_docker.commands import CellRequest
from jupyter_docker.display import TableView
from jupyter_docker.engine import Engine
from jupyter_docker.kernel import Session
from jupyter_docker.values import ContainerizeError, Image, Recipe, RunSpec, UsageError


@dataclass(kw_only=True)
class OpenSession:
    """A session and what it was made of.

    ``request`` is the cell's that started it, ``spec`` is its container. ``folder`` is for the exchange of
    variables, ``inside`` its path in the container, None where the engine does not see it; ``overflow`` is where
    outputs go that are too much for a notebook. ``scope`` keeps the container's display ids apart, ``warned`` are the
    warnings that the user has seen in it. ``resources`` are closed at the end, after the container.
    """

    session: Session
    engine: Engine
    recipe: Recipe
    image: Image
    request: CellRequest
    spec: RunSpec
    folder: Path
    inside: PurePosixPath | None
    overflow: Path
    scope: str
    resources: ExitStack
    warned: set[str] = field(default_factory=set)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    def close(self) -> None:
        """End the container and all that was for it."""
        with self.resources:
            self.session.close()


class Sessions:
    """A mapping of name → OpenSession that forgets those whose container ended."""

    def __init__(self) -> None:
        self._open: dict[str, OpenSession] = {}
        self._owner = os.getpid()
        atexit.register(self.close)

    def get(self, name: str) -> OpenSession | None:
        """Return the session, None where it is not open."""
        found = self._open.get(name)
        if found is not None and not found.session.open:
            self.end(name)
            return None
        return found

    def add(self, name: str, opened: OpenSession) -> None:
        """Keep a session under a name that is free."""
        self._open[name] = opened

    def end(self, name: str) -> bool:
        """End the session; return whether there was one."""
        found = self._open.pop(name, None)
        if found is not None:
            found.close()
        return found is not None

    def close(self) -> None:
        """End all. A copy of the process, made by a fork, has no say in that."""
        if os.getpid() == self._owner:
            for name in list(self._open):
                with suppress(ContainerizeError, OSError):
                    self.end(name)

    def __iter__(self) -> Iterator[tuple[str, OpenSession]]:
        for name in sorted(self._open):
            if (found := self.get(name)) is not None:
                yield name, found


LIST, STOP = "sessions", "stop"


def list_sessions(sessions: Sessions) -> TableView:
    """Return a table of this notebook's sessions."""
    rows = [
        (
            name,
            opened.spec.name,
            opened.spec.image,
            f"{opened.started.astimezone():%H:%M}",
            "runs a cell" if opened.session.busy else "waits",
        )
        for name, opened in sessions
    ]
    empty = "No session is open. A cell that begins with %%containerize opens one."
    return TableView(columns=("session", "container", "image", "since", "state"), rows=rows, empty=empty)


def stop_sessions(sessions: Sessions, names: Sequence[str]) -> list[str]:
    """End the sessions of those names, all of them without any name; return the names that are no session's.

    Raises UsageError where there is nothing to stop.
    """
    if not names:
        names = [name for name, _ in sessions]
        if not names:
            raise UsageError("No session is open.", hint="Name a container to stop: `%containerize ps` lists them.")
    return [name for name in names if name.startswith("-") or not sessions.end(name)]
