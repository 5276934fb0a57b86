"""The process of a job: started in a session of its own, found again by a server that did not start it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Self

import psutil

from jupyter_docker.server.piped import MODULE, arguments, handed
from jupyter_docker.values import is_running, open_to_append, process_start

JOB_VARIABLE = "JUPYTER_CONTAINERIZE_JOB"


class JobProcess:
    """A process by its number and start time, since numbers are used again."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._started = process_start(process.pid) or 0.0

    @classmethod
    def own(cls) -> Self:
        """Return this process."""
        return cls(psutil.Process())

    @classmethod
    def start(cls, job: str, argv: Sequence[str], *, folder: Path, stdout: Path, stderr: Path) -> Self:
        """Start the command in ``folder``; its words go over a pipe, and are in no argument. Raises OSError."""
        with open_to_append(stdout) as out, open_to_append(stderr) as err:
            child = subprocess.Popen(
                [sys.executable, *arguments(argv)], cwd=folder, start_new_session=True,
                stdin=subprocess.PIPE, stdout=out, stderr=err, env={**os.environ, JOB_VARIABLE: job},
            )  # fmt: skip
        started = psutil.Process(child.pid)
        # Waited for, since one that ended stays in the system's table until then.
        whole = handed(argv, tied=False)
        Thread(target=child.communicate, args=(whole,), name=f"job-{child.pid}", daemon=True).start()
        return cls(started)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the process that ``str`` of one names; None where it has ended."""
        pid, _, started = text.partition(":")
        try:
            if is_running(int(pid), float(started)):
                return cls(psutil.Process(int(pid)))
        except (psutil.Error, ValueError):
            pass
        return None

    @classmethod
    def find(cls, job: str) -> Self | None:
        """Return the process of the job ``job`` where it runs, looked for among all of this user's."""
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                # What it starts has the variable too.
                if process.cmdline()[1:4] == [*MODULE] and process.environ().get(JOB_VARIABLE) == job:
                    return cls(process)
        return None

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        with suppress(psutil.Error):
            return self._process.is_running() and self._process.status() != psutil.STATUS_ZOMBIE
        return False

    def interrupt(self) -> None:
        """Ask it to end, as Ctrl-C does: SIGINT is ignored where the server was started in the background."""
        with suppress(psutil.Error):
            self._process.terminate()

    def kill(self) -> None:
        """End it."""
        with suppress(psutil.Error):
            self._process.kill()

    def __str__(self) -> str:
        return f"{self._process.pid}:{self._started:.2f}"
