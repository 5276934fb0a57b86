"""The command without its imports' time: a program that has them, and forks itself for each command that it reads."""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from typing import Any, NoReturn

_SECONDS = 120


def serve() -> None:
    """Read a command a line from stdin, run it as a process of its own, and write its name and status."""
    _import()
    for line in sys.stdin:
        command = json.loads(line)
        child = os.fork()
        if not child:
            _become(command)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{command['name']} {os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _import() -> None:

    import jupyter_docker.cli
    import jupyter_docker.commands.verbs.notebooks
    import jupyter_docker.commands.views  # noqa: F401


def _become(command: dict[str, Any]) -> NoReturn:
    from jupyter_docker.cli import main

    signal.alarm(_SECONDS)  # which ends it, with a status below 0
    os.chdir(command["folder"])
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, command["stdout"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, command["stderr"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        os.dup2(os.open(path, flags), number)
    status = 1
    try:
        status = main(command["words"])
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - as Python itself would say it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    serve()
