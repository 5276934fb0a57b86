"""Stops the container of a run whose client was killed: ``python -m … ENGINE NAME OWNER``.

`watch.py` becomes this program. Its files are saved by the next run, which removes it. What the engine was asked for in
the client's last moment may only be there some seconds later, so it looks more than once.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress

from jupyter_docker.engine.connection.engine import connect
from jupyter_docker.engine.connection.identity import OWNER_LABEL
from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.values import EngineError

_LOOKS, _PAUSE, _GRACE = 12, 0.5, 10


def main(endpoint: str, name: str, owner: str) -> None:
    """Stop it as soon as it runs; one of that name and another owner's is let alone."""
    for _ in range(_LOOKS):
        with suppress(EngineError), connect(endpoint) as engine, translated(f"stop '{name}'"):
            container = engine.client.containers.get(name)
            if container.labels.get(OWNER_LABEL) != owner:
                return
            if container.status != "created":
                container.stop(timeout=_GRACE)
                return
        time.sleep(_PAUSE)


if __name__ == "__main__":
    main(*sys.argv[1:])
