"""Clears up after the client of one kernel that was killed: ``python -m jupyter_docker.kernel.removal …``.

`watch.py` becomes this program. What the engine was asked for in the client's last moment may only be there some
seconds later, so it looks more than once.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from jupyter_docker.engine import Engine, connect
from jupyter_docker.engine.translate import translated
from jupyter_docker.errors import EngineError, MissingError
from jupyter_docker.kernel.folder import remove_folder

_LOOKS, _PAUSE = 12, 0.5


def remove_container(engine: Engine, name: str, *, seconds: float = 10) -> bool:
    """Remove the container and wait until it is gone; False where there was none. Raises EngineError."""
    until, found = time.monotonic() + seconds, False
    while True:
        try:
            with translated(f"remove '{name}'"):
                engine.client.api.remove_container(name, force=True, v=True)
            found = True
        except MissingError:
            return found
        except EngineError as error:
            # A conflict: the engine removes it as well, since it has ended.
            if error.status != HTTPStatus.CONFLICT or time.monotonic() > until:
                raise
            time.sleep(0.02)


def main(endpoint: str, name: str, folder: str) -> None:
    """Remove the container and the folder (empty where there is none)."""
    try:
        for _ in range(_LOOKS):
            with suppress(EngineError), connect(endpoint) as engine:
                remove_container(engine, name)
            time.sleep(_PAUSE)
            if folder:
                remove_folder(Path(folder))
    finally:
        if folder:
            remove_folder(Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
