"""The record of a task of a sweep: what its values came to, written last and whole, beside what it left.

It is copied into the image, so it needs the standard library of Python 3.9 alone. A process that is killed, or ends
itself by ``os._exit``, writes none; and the first record of a task wins, so a task may run twice and is recorded once.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import re
import socket
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_docker.task_runner import script_parameters
else:
    import script_parameters

MAX_FILES, MAX_MESSAGE = 1000, 2000
_READ = 1 << 20
_CELL = re.compile(r"<ipython-input-(\d+)-")


class TaskRecord:
    """What is known of a task so far; it is written when the process ends, after all else that runs then.

    Raises ParameterError where nothing says which task it is.
    """

    def __init__(self, script: str, text: str) -> None:
        self._script = script
        self._cells = [part for part in script_parameters.read_parts(text) if part.name.startswith("cell ")]
        self._began, self._pid = time.time(), os.getpid()
        self._index = script_parameters.task_index(os.environ)
        self._folder = os.path.join(os.environ[script_parameters.RECORDS_VARIABLE], str(self._index))
        self._error: dict[str, Any] | None = None
        self.parameters: Mapping[str, Any] = {}
        os.makedirs(self._folder, exist_ok=True)
        atexit.register(self._write)

    def failed(self, error: BaseException) -> None:
        """Note the error that ends the script; ``sys.exit(0)`` is none."""
        if isinstance(error, SystemExit) and error.code in (None, 0):
            return
        cell, line = self._position(error)
        message = str(error)[:MAX_MESSAGE]
        self._error = {"type": type(error).__name__, "message": message, "cell": cell, "line": line}

    def _position(self, error: BaseException) -> tuple[int | None, int | None]:
        """Return the cell and the line in it of the innermost line that is a cell's own."""
        frames = [(each.filename, each.lineno) for each in traceback.extract_tb(error.__traceback__)]
        if isinstance(error, SyntaxError):
            frames.append((error.filename or "", error.lineno))
        for name, line in reversed(frames):
            if line is None:
                continue
            cell = _CELL.match(name)
            for part in self._cells:
                number = int(part.name[5:])
                if cell and int(cell[1]) == number:
                    return number, script_parameters.source_line(part.source.split("\n"), line)
                if name == self._script and part.line <= line <= part.end:
                    return number, line - part.line + 1
        return None, None

    def _write(self) -> None:
        if os.getpid() != self._pid:  # a copy of the process, by a bare fork
            return
        seconds = time.time() - self._began
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        record = {
            "version": script_parameters.RECORD_VERSION,
            "index": self._index,
            "parameters": self.parameters,
            "status": "failed" if self._error else "ok",
            "error": self._error,
            "started": self._began,
            "seconds": seconds,
            "peak_memory": _peak_memory(),
            "attempt": _attempt(),
            "host": os.environ.get(script_parameters.HOST_VARIABLE) or socket.gethostname(),
            "values": None if self._error else self._values(),
            "files": list(_files()),
        }
        self._place(json.dumps(record, default=_plain).encode())

    def _values(self) -> str | None:
        """Write the variables to return into a new folder of the task's, and return its name."""
        names = [name for name in os.environ.get(script_parameters.NAMES_VARIABLE, "").split(",") if name]
        if not names:
            return None
        folder = f"values-{os.getpid()}-{time.time_ns():x}"
        os.mkdir(os.path.join(self._folder, folder))
        sys.path.insert(0, os.environ[script_parameters.EXCHANGE_VARIABLE])
        exchange = import_module(script_parameters.EXCHANGE_PACKAGE)
        exchange.dump(os.path.join(self._folder, folder), names, vars(sys.modules["__main__"]))
        return folder

    def _place(self, content: bytes) -> None:
        """Make it the task's record unless that has one: whole or not at all."""
        final = os.path.join(self._folder, "record.json")
        new = f"{final}.{socket.gethostname()}.{os.getpid()}"
        with open(new, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(new, final)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            if not os.path.exists(final):
                os.rename(new, final)
                return
        os.unlink(new)


def _peak_memory() -> int:
    """Return the most bytes that this process or one that it waited for has had in memory."""
    import resource

    return 1024 * max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _attempt() -> int:
    """Return which try it is, from 1; Slurm counts those after the first."""
    given = os.environ.get(script_parameters.ATTEMPT_VARIABLE, "")
    restarts = os.environ.get("SLURM_RESTART_COUNT", "")
    return int(given) if given.isdecimal() else 1 + (int(restarts) if restarts.isdecimal() else 0)


def _files() -> Iterator[dict[str, Any]]:
    """Yield the files of the task's own folders, each with its size and digest; links are none."""
    count = 0
    for root in filter(None, os.environ.get(script_parameters.FOLDERS_VARIABLE, "").split(":")):
        for folder, folders, names in os.walk(root):
            folders.sort()
            for name in sorted(names):
                path = os.path.join(folder, name)
                if os.path.isfile(path) and not os.path.islink(path) and count < MAX_FILES:
                    count += 1
                    yield {"path": path, "size": os.path.getsize(path), "sha256": _digest(path)}


def _digest(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(_READ):
            digest.update(piece)
    return digest.hexdigest()


def _plain(value: object) -> object:
    return list(value) if isinstance(value, (set, frozenset)) else str(value)
