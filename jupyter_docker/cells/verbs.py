"""What ``%containerize`` says and does about sessions: ``sessions``, and ``stop`` with a session's name."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_docker.cells.sessions import Sessions
from jupyter_docker.display import TableView
from jupyter_docker.values import UsageError

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
