"""`watch.py` as its client sees it: started before there is anything to clear up, dismissed when all is clear."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from jupyter_docker.kernel import watch

if TYPE_CHECKING:
    from jupyter_docker.engine import Engine


def start_watch(engine: Engine, name: str, folder: Path | None) -> subprocess.Popen[bytes]:
    """Start `watch.py` for the container ``name`` and its folder, which need not be there yet; raises OSError."""
    place = engine.endpoint if engine.context == "default" else engine.context
    command = [sys.executable, "-I", "-S", watch.__file__, place, name, str(folder or "")]
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
        Thread(target=watching.wait, daemon=True, name="kernel removal").start()
