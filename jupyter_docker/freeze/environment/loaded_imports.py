"""Imports in the source files of loaded modules: a file is read once as long as it stays as it is."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from jupyter_docker.freeze.scan.guards import walk
from jupyter_docker.freeze.scan.imports import parse
from jupyter_docker.values import disk_cache as cache

_NAMED = re.compile(r"\b(?:import|from)\s+(\w+)")


@dataclass(frozen=True, kw_only=True)
class FileImports:
    """Of one state of a file: the packages that its text names, and its ``imports``, None while no one needed them.

    An import has its full name, and whether the code can do without it at one of the places where it is.
    """

    modified: int
    size: int
    named: tuple[str, ...] = ()
    imports: Mapping[str, bool] | None = None


Kept: TypeAlias = dict[str, FileImports]


def read_imports(files: Iterable[str], packages: frozenset[str], *, owner: str) -> dict[str, Mapping[str, bool]]:
    """Return by file what those import absolutely that name one of ``packages`` (top-level names).

    What was read is kept in one cache entry for all files of ``owner``, the interpreter.
    """
    key = cache.digest("imports", owner)
    kept = _load(key)
    fresh = {file: _read(file, kept.get(file), packages) for file in files}
    if any(kept.get(file) is not each for file, each in fresh.items()):
        others = {file: each for file, each in kept.items() if file not in fresh and Path(file).is_file()}
        cache.store("imports", key, {file: asdict(each) for file, each in (others | fresh).items()})
    return {file: each.imports for file, each in fresh.items() if each.imports and packages.intersection(each.named)}


def _load(key: str) -> Kept:
    entry = cache.load("imports", key)
    try:
        return {file: _stored(each) for file, each in entry.items()}
    except (AttributeError, KeyError, TypeError):
        return {}  # nothing kept, or not as this version keeps it


def _stored(entry: dict[str, Any]) -> FileImports:
    return FileImports(**{**entry, "named": tuple(entry["named"])})


def _read(file: str, kept: FileImports | None, packages: frozenset[str]) -> FileImports:
    """Return ``kept`` where it still holds and says enough."""
    try:
        status = os.stat(file)  # noqa: PTH116
        state = FileImports(modified=status.st_mtime_ns, size=status.st_size)
        same = kept is not None and (kept.modified, kept.size) == (state.modified, state.size)
        if kept is not None and same and (kept.imports is not None or packages.isdisjoint(kept.named)):
            return kept
        text = Path(file).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return FileImports(modified=0, size=0)
    named = tuple(sorted(set(_NAMED.findall(text))))
    return replace(state, named=named, imports=None if packages.isdisjoint(named) else _imports(text))


def _imports(text: str) -> dict[str, bool]:
    found: dict[str, bool] = {}
    tree = parse(text)
    for node, optional, _ in walk(tree) if tree else ():
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for name in names:
            found[name] = found.get(name, False) or optional
    return found
