"""Runs on this side, with the standard library alone: outlives the client of one container, and then sees to that.

    python -I -S watch.py MODULE ARGUMENT…

The client holds this program's stdin open. A byte means that it has cleared up itself; the end without one, that it was
killed, and then this becomes ``python -m MODULE ARGUMENT…``. It costs the client nothing but the start of a bare
Python: what it needs is loaded when it is needed.
"""

from __future__ import annotations

import os
import select
import signal
import sys

ALL_CLEAR = b"."

_SECONDS_TO_LOOK = 2.0


def main(argv: list[str]) -> None:
    """Wait for the end of the client."""
    # What ends the client's whole group or service must not end this first.
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    if was_killed(os.getppid()):
        # -P: a module that lies in the client's working directory is not what is meant.
        os.execv(sys.executable, [sys.executable, "-P", "-m", *argv])  # noqa: S606


def was_killed(client: int) -> bool:
    """Wait for a byte (False) or the end of stdin (True).

    A copy of the client, made by a bare fork, would hold stdin open as well; so its process id is looked at too.
    """
    while os.getppid() == client:
        readable, _, _ = select.select([0], [], [], _SECONDS_TO_LOOK)
        if readable:
            return not os.read(0, 1)
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
