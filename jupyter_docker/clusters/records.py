"""The records of tasks, which containers wrote: read as data, within bounds, and never through a link."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from jupyter_docker.task_runner import RECORD_VERSION
from jupyter_docker.values import CellPosition

MAX_RECORD = 4 << 20
"""The most bytes of a record: a thousand files with long names, and a row."""
MAX_TEXT, MAX_FILES, MAX_NUMBER = 2000, 1000, 1e12
_VALUES = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_DIGEST = 64


@dataclass(frozen=True, kw_only=True)
class TaskFile:
    """A file that a task left: its path in the container, its size in bytes, its digest (SHA-256)."""

    path: PurePosixPath
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a task came to; ``values`` is the name of the folder, in the task's own, with what it returned."""

    index: int
    status: Literal["ok", "failed"]
    error: str = ""
    message: str = ""
    position: CellPosition | None = None
    started: float = 0.0
    seconds: float = 0.0
    peak_memory: int = 0
    attempt: int = 1
    host: str = ""
    values: str = ""
    files: tuple[TaskFile, ...] = ()


def read_record(task: Path, index: int) -> Record | None:
    """Return the record in the task's folder; None where there is none that is one."""
    try:
        found = json.loads(_content(task / "record.json"))
        return _record(found, index)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return None


def _content(path: Path) -> bytes:
    """Return what a plain file holds; raises OSError for a link or another thing, ValueError where it is too long."""
    flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    descriptor = os.open(path, os.O_RDONLY | flags)
    with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_RECORD:
            raise ValueError("no record")
        return file.read(MAX_RECORD)


def _record(found: Mapping[str, Any], index: int) -> Record:
    """Return the record of this JSON; raises ValueError, KeyError or TypeError where it is none of task ``index``."""
    if found["version"] != RECORD_VERSION or found["index"] != index or found["status"] not in ("ok", "failed"):
        raise ValueError("another record")
    error = found["error"] or {}
    cell, line = error.get("cell"), error.get("line")
    return Record(
        index=index,
        status=found["status"],
        error=_text(error.get("type", "")),
        message=_text(error.get("message", "")),
        position=None if cell is None else CellPosition(cell=_whole(cell), line=None if line is None else _whole(line)),
        started=_number(found["started"]),
        seconds=_number(found["seconds"]),
        peak_memory=_whole(found["peak_memory"]),
        attempt=_whole(found["attempt"]),
        host=_text(found["host"]),
        values=_values(found["values"]),
        files=tuple(map(_file, found["files"][:MAX_FILES])),
    )


def _values(name: object) -> str:
    if name is None:
        return ""
    if not isinstance(name, str) or not name or not _VALUES.issuperset(name):
        raise ValueError("no name of a folder")
    return name


def _file(found: Mapping[str, Any]) -> TaskFile:
    digest = found["sha256"]
    path = PurePosixPath(_text(found["path"]))
    if not isinstance(digest, str) or len(digest) != _DIGEST or ".." in path.parts:
        raise ValueError("no file")
    return TaskFile(path=path, size=_whole(found["size"]), sha256=digest)


def _text(value: object) -> str:
    """Return a text of the container's within bounds, as one that can be shown anywhere."""
    if not isinstance(value, str):
        raise TypeError("no text")
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in value[:MAX_TEXT])


def _whole(value: object) -> int:
    if type(value) is not int or not 0 <= value < 1 << 63:
        raise ValueError("no whole number")
    return value


def _number(value: object) -> float:
    if type(value) not in (int, float) or not 0 <= value < MAX_NUMBER:  # type: ignore[operator]
        raise ValueError("no number")
    return float(value)  # type: ignore[arg-type]
