"""``python -m jupyter_docker.server.tied VERB …``: a command that ends when its stdin does, and so with the server."""

from __future__ import annotations

import os
import runpy
import signal
from threading import Thread


def _end_with_stdin() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    Thread(target=_end_with_stdin, daemon=True).start()
    runpy.run_module("jupyter_docker", run_name="__main__", alter_sys=True)
