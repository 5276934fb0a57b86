"""Clears up after the client of one kernel that was killed: ``python -m jupyter_docker.kernel.container.removal …``.

`watch.py` becomes this program. What the engine was asked for in the client's last moment may only be there some
seconds later, so it looks more than once.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from pathlib import Path

from jupyter_docker.engine import connect, remove_now
from jupyter_docker.kernel.container.folder import remove_folder
from jupyter_docker.values import EngineError

_LOOKS, _PAUSE = 12, 0.5


def main(endpoint: str, name: str, folder: str) -> None:
    """Remove the container (empty where it has results, which the next run saves) and the folder (or empty too)."""
    try:
        for _ in range(_LOOKS):
            if name:
                _remove(endpoint, name)
            time.sleep(_PAUSE)
            if folder:
                remove_folder(Path(folder))
    finally:
        if folder:
            remove_folder(Path(folder))


def _remove(endpoint: str, name: str) -> None:
    with suppress(EngineError), connect(endpoint) as engine:
        remove_now(engine, name)


if __name__ == "__main__":
    main(*sys.argv[1:])
