"""Small JSON files in the user's cache folder: losing or damaging one costs time, nothing else."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any, Literal, TypeAlias

import platformdirs

Kind: TypeAlias = Literal["environments", "locks"]

_FORMAT = 1  # part of every key: raise it when what is stored changes its meaning
_MOST_FILES = 200


def digest(*parts: object) -> str:
    """Return a key (64 hex) of JSON values."""
    return hashlib.sha256(json.dumps([_FORMAT, *parts], sort_keys=True).encode()).hexdigest()


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
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
            json.dump(value, file)
        os.replace(file.name, folder / f"{key}.json")  # noqa: PTH105
        _forget_oldest(folder)


def _folder(kind: Kind) -> Path:
    return platformdirs.user_cache_path("jupyter-containerize", appauthor=False) / kind


def _forget_oldest(folder: Path) -> None:
    files = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[_MOST_FILES:]:
        path.unlink(missing_ok=True)
