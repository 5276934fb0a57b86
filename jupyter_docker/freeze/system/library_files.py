"""The shared libraries that distributions brought, and what those need: read once for each version of each."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from jupyter_docker.freeze.system.elf import Linkage, read_linkage
from jupyter_docker.values import PythonEnvironment
from jupyter_docker.values import disk_cache as cache

_LIBRARY = re.compile(r'"?([^",]*\.so(?:\.[\d.]+)?)"?,')


@dataclass(frozen=True, kw_only=True)
class LibraryFile:
    """One file of a distribution: ``path`` is relative to the folder it is installed in, with slashes."""

    path: str
    linkage: Linkage

    @property
    def names(self) -> tuple[str, ...]:
        """What others can need it by."""
        return (self.path.rpartition("/")[2], *filter(None, [self.linkage.name]))


def library_files(environment: PythonEnvironment, names: Iterable[str]) -> dict[str, tuple[LibraryFile, ...]]:
    """Return the libraries of each of the distributions ``names`` (normalized) that is installed."""
    wanted = set(names)
    found: dict[str, tuple[LibraryFile, ...]] = {}
    for folder in environment.path:
        records = {name: record for name, record in _records(folder) if name in wanted and name not in found}
        if records:
            found |= _in_folder(folder, records)
    return found


def _records(folder: Path) -> Iterator[tuple[str, Path]]:
    try:
        children = sorted(os.listdir(folder))  # noqa: PTH208  # several times faster, and folders are large
    except OSError:
        return
    for child in children:
        if child.endswith(".dist-info"):
            yield canonicalize_name(child.removesuffix(".dist-info").rpartition("-")[0]), folder / child / "RECORD"


def _in_folder(folder: Path, records: dict[str, Path]) -> dict[str, tuple[LibraryFile, ...]]:
    key = cache.digest("libraries", str(folder))
    kept: dict[str, Any] = cache.load("libraries", key) or {}
    known = {name: _cached(kept.get(name), _stamp(record)) for name, record in records.items()}
    fresh = {name: tuple(_read(folder, records[name])) for name, files in known.items() if files is None}
    if fresh:
        entries = {name: [_stamp(records[name]), *map(_as_json, files)] for name, files in fresh.items()}
        cache.store("libraries", key, {**kept, **entries})
    return {name: files for name, files in known.items() if files is not None} | fresh


def _read(folder: Path, record: Path) -> Iterator[LibraryFile]:
    try:
        lines = record.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        match = _LIBRARY.match(line)
        linkage = read_linkage(folder / match[1]) if match else None
        if match and linkage:
            yield LibraryFile(path=match[1], linkage=linkage)


def _stamp(record: Path) -> list[Any]:
    try:
        status = record.stat()
    except OSError:
        return [str(record), 0, 0]
    return [str(record), status.st_mtime_ns, status.st_size]


def _as_json(file: LibraryFile) -> list[Any]:
    return [file.path, file.linkage.name, list(file.linkage.needed)]


def _cached(entry: Sequence[Any] | None, stamp: list[Any]) -> tuple[LibraryFile, ...] | None:
    if not entry or entry[0] != stamp:
        return None
    return tuple(
        LibraryFile(path=path, linkage=Linkage(name=name, needed=tuple(needed))) for path, name, needed in entry[1:]
    )
