"""`watch.py` as its client sees it: started before there is anything to clear up, dismissed when all is clear."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from jupyter_docker.engine.containers import watch

if TYPE_CHECKING:
    from jupyter_docker.engine.connection.engine import Engine
    from jupyter_docker.engine.containers.creation import Removal


def start_watch(engine: Engine, module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start `watch.py`, which runs ``module`` with the engine's address and ``arguments`` if this process is killed.

    What the arguments name need not be there yet. Raises OSError.
    """
    endpoint = engine.endpoint if engine.context == "default" else engine.context
    command = [sys.executable, "-I", "-S", watch.__file__, module, endpoint, *arguments]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def dismiss(watching: subprocess.Popen[bytes], *, is_clear: bool) -> None:
    """End the watch, or where something may be left leave that to it."""
    if is_clear:
        watching.communicate(watch.ALL_CLEAR)
    elif watching.stdin is not None:
        watching.stdin.close()
        Thread(target=watching.wait, daemon=True, name="container watch").start()


@contextmanager
def watched(engine: Engine, name: str, owner: str) -> Iterator[list[Removal]]:
    """See to it that ``owner``'s container ``name`` is stopped should this process be killed in the body.

    The body puts the container's removal into the list: where it is not wanted in the end, something may run still.
    """
    removals: list[Removal] = []
    try:
        watching = start_watch(engine, "jupyter_docker.engine.containers.orphan", name, owner)
    except OSError:  # no more processes: the next run looks for it
        yield removals
        return
    try:
        yield removals
    finally:
        dismiss(watching, is_clear=all(each.wanted for each in removals))
