"""JSON files and wheels in the user's cache folder: losing or damaging one costs time, nothing else."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeAlias

import platformdirs

from jupyter_docker.values.private import make_private_folder

Kind: TypeAlias = Literal["bases", "environments", "imports", "libraries", "locks", "undeclared", "wheels"]

_FORMAT = 1  # part of every key: raise it when what is stored changes its meaning
_MAX_FILES = 200


def digest(*parts: object) -> str:
    """Return a key (64 hex) of JSON values."""
    return hashlib.sha256(json.dumps([_FORMAT, *parts], sort_keys=True).encode()).hexdigest()


def changed(path: str | Path) -> int:
    """Return when the file was last written, in nanoseconds since 1970; 0 where there is none."""
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116
    except OSError:
        return 0


def load(kind: Kind, key: str) -> Any:
    """Return what `store` kept under ``key``, None where there is nothing that can be read."""
    try:
        return json.loads((_folder(kind) / f"{key}.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def store(kind: Kind, key: str, value: Any) -> None:
    """Keep a JSON value; a reader sees the old file or the new one, never a part. A full disk is no error."""
    folder = _folder(kind)
    with contextlib.suppress(OSError):
        make_private_folder(folder)
        with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
            json.dump(value, file)
        os.replace(file.name, folder / f"{key}.json")  # noqa: PTH105
        _forget_oldest(folder)


def kept_file(kind: Kind, key: str, name: str, write: Callable[[Path], None]) -> Path:
    """Return the file ``name`` kept under ``key``, written first where there is none."""

    def build(folder: Path) -> Path:
        write(folder / name)
        return folder / name

    return kept_build(kind, key, build)


def kept_build(kind: Kind, key: str, build: Callable[[Path], Path]) -> Path:
    """Return the one file kept under ``key``; where there is none ``build`` makes it in the folder that it is given."""
    entry = _folder(kind) / key
    kept = sorted(entry.iterdir()) if entry.is_dir() else []
    if len(kept) == 1:
        entry.touch()
        return kept[0]
    make_private_folder(entry.parent)
    with tempfile.TemporaryDirectory(dir=entry.parent) as folder:
        complete = Path(folder, "whole")
        complete.mkdir()
        built = build(complete)
        with contextlib.suppress(OSError):  # another process was first
            complete.rename(entry)
    _forget_oldest(entry.parent)
    return entry / built.name


def _folder(kind: Kind) -> Path:
    return platformdirs.user_cache_path("jupyter-containerize", appauthor=False) / kind


def _forget_oldest(folder: Path) -> None:
    files = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[_MAX_FILES:]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
