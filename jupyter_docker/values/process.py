"""Run another program: list arguments, its output line by line, and nothing left of it when it is interrupted."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO

_KEPT_LINES = 200
_SECONDS_TO_STOP = 10

NEUTRAL_FOLDER = Path(os.path.abspath(os.sep))  # noqa: PTH100
"""Where a program runs that must not take anything for its own from the folder that this process is in."""


class ProcessError(Exception):
    """A program ended with another status than 0.

    ``command`` is as one would type it, ``output`` the last lines it printed.
    """

    def __init__(self, command: str, *, status: int, output: str) -> None:
        super().__init__(f"`{command}` ended with status {status}")
        self.command = command
        self.status = status
        self.output = output


def quoted(command: Sequence[str]) -> str:
    """Return the command as one would type it in a shell."""
    return shlex.join(command)


def absolute_folders(path: str) -> list[str]:
    """Return the folders of ``path``, as PATH has them, less those that mean another one in each working folder."""
    return [folder for folder in path.split(os.pathsep) if Path(folder).is_absolute()]


def program_path() -> str:
    """Return PATH without what is relative: a program beside a notebook must not stand in for one of the system's."""
    return os.pathsep.join(absolute_folders(os.environ.get("PATH", os.defpath)))


def find_program(name: str) -> str | None:
    """Return the program's path as `shutil.which` does, but never one of the folder that this process is in."""
    found = shutil.which(name, path=program_path())
    return found if found and Path(found).is_absolute() else None


def run_program(
    command: Sequence[str],
    *,
    on_line: Callable[[str], None],
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
    stdin: str = "",
) -> None:
    """Run ``command`` to its end.

    Whatever is raised meanwhile, KeyboardInterrupt above all, first ends the program and everything that it started.

    Args:
        command: The program and its arguments.
        on_line: Called with each line that it prints on stdout or stderr, without the newline.
        env: All its variables; None is this process's own.
        folder: Its working folder; None is `NEUTRAL_FOLDER`, for this process's own may be a stranger's.
        stdin: What it can read, before the end: nothing waits for an answer.

    Raises:
        ProcessError: Its status is not 0.
        FileNotFoundError: There is no such program.
    """
    last: deque[str] = deque(maxlen=_KEPT_LINES)
    # In a session of its own, so that a Ctrl-C in the terminal reaches only this process, which then decides.
    process = subprocess.Popen(
        list(command), stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env, cwd=folder or NEUTRAL_FOLDER, start_new_session=True,
        encoding="utf-8", errors="replace",
    )  # fmt: skip
    with process:
        try:
            _hand_over(process, stdin)
            for line in process.stdout or ():
                last.append(line)
                on_line(line.rstrip("\n"))
            status = process.wait()
        except BaseException:
            _end(process)
            raise
    if status:
        raise ProcessError(quoted(command), status=status, output="".join(last))


def _hand_over(process: subprocess.Popen[str], text: str) -> None:
    """Give it ``text`` to read, whether it does or not."""
    pipe, process.stdin = process.stdin, None

    if pipe is not None:
        # A thread, since a pipe may hold less, and the program may first want to be heard.
        Thread(target=_write, args=(pipe, text), daemon=True).start()


def _write(pipe: IO[str], text: str) -> None:
    with suppress(BrokenPipeError), pipe:
        pipe.write(text)


def _end(process: subprocess.Popen[str]) -> None:
    """Interrupt the whole group, and kill it where that takes too long or is interrupted again."""
    try:
        _signal(process, signal.SIGINT)
        process.communicate(timeout=_SECONDS_TO_STOP)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        pass
    finally:
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
