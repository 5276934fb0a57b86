"""``python -m jupyter_docker.server.piped``: a command whose words come by its stdin, where no other user sees them.

Any user may read the arguments of any process, and words hold values of variables. The arguments of this one are only
for people who look at a list of processes: those of its words that have no value.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import sys
from collections.abc import Sequence
from threading import Thread

MODULE = ("-P", "-m", "jupyter_docker.server.piped")  # -P: a module in the notebook's folder must not stand in for ours

_NO_WORDS = "error: The server ended before it had said what to do.\n"


def arguments(argv: Sequence[str]) -> list[str]:
    """Return the arguments of Python for a process that is handed ``argv``."""
    return [*MODULE, *(word for word in argv if "=" not in word)]


def handed(argv: Sequence[str], *, tied: bool) -> bytes:
    """Return what it is to read. One that is ``tied`` ends when its stdin does, and so with the server."""
    return json.dumps({"words": list(argv), "tied": tied}).encode() + b"\n"


def main() -> None:
    """Read the words and become that command."""
    line = sys.stdin.buffer.readline()
    if not line.endswith(b"\n"):
        sys.exit(_NO_WORDS)
    told = json.loads(line)
    if told["tied"]:
        Thread(target=_end_with_stdin, daemon=True).start()
    else:
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
    sys.argv[1:] = told["words"]
    runpy.run_module("jupyter_docker", run_name="__main__", alter_sys=True)


def _end_with_stdin() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
