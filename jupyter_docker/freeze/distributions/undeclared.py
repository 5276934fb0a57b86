"""Undeclared dependencies: imports of installed code that its metadata lacks, read from the text of its sources."""

from __future__ import annotations

import ast
import re
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

from packaging.utils import canonicalize_name

from jupyter_docker.freeze.distributions.providers import Providers
from jupyter_docker.freeze.distributions.resolve import Root, installed_root
from jupyter_docker.freeze.local.files import find_module
from jupyter_docker.freeze.scan.guards import walk
from jupyter_docker.freeze.scan.imports import Import, parse
from jupyter_docker.values import PythonEnvironment

# Imports at the margin: those that are indented are in a function, a ``try:`` or under a condition. That it begins with
# a character, and not with any start of a line, makes the search several times faster.
_IMPORT = re.compile(r"\n(?:import +([\w., ]+)|from +([.\w]+) +import +(\([^)]*\)|[^\n#]+))")
_WORD = re.compile(r"\w+")
_MAX_FILES = 40  # of one package; what a large library lacks is noticed by those who keep it
_WITHOUT_OTHERS = frozenset({"setuptools"})  # it has copies of its own of what it imports


def undeclared_roots(
    imports: Iterable[Import],
    reached: Collection[str],
    providers: Providers,
    environment: PythonEnvironment,
    seen: set[Path],
) -> Iterator[Root]:
    """Yield what the imported modules of ``reached`` (normalized names) import, and is installed, but not in it.

    ``seen`` takes the files that were read for it.
    """
    pending = deque((each, Path()) for each in imports if each.module and not each.optional)
    known, count = set(pending), Counter[str]()
    homes = cache(lambda top: [each for each in environment.path if find_module(each, top) or (each / top).is_dir()])
    while pending:
        found, by = pending.popleft()
        enough = count[found.top] >= _MAX_FILES
        if enough or found.top in environment.stdlib or not _is_of(found, reached, providers):
            continue
        for file, folder in _files(found, by, homes(found.top)):
            if file in seen:
                continue
            seen.add(file)
            count[found.top] += 1
            text = _text(file)
            for each in _imports(text, file.relative_to(folder).parent.parts):
                if each.top == found.top:
                    follow = (each, file if file.stem == "__init__" else Path())
                    pending += [follow] if follow not in known else []
                    known.add(follow)
                else:
                    yield from _undeclared(each, file.relative_to(folder), text, reached, providers)


def _is_of(found: Import, reached: Collection[str], providers: Providers) -> bool:
    names = {canonicalize_name(each.name) for each in providers.of(found) or ()} - _WITHOUT_OTHERS
    return not names.isdisjoint(reached)


def _files(found: Import, by: Path, path: Iterable[Path]) -> list[tuple[Path, Path]]:
    """Return the files that an import in the file ``by`` runs, each with the folder that its package is in."""
    for folder in path:
        files = find_module(folder, found.module)
        if files:
            if files[-1].name == "__init__.py":
                files += _members(found, by, files[-1], folder)
            return [(file, folder) for file in dict.fromkeys(files) if file.suffix == ".py"]
    return []


def _members(found: Import, by: Path, init: Path, folder: Path) -> list[Path]:
    """Return the modules among the members of a package; what it names itself is none, or is found from there."""
    files = {name: find_module(folder, f"{found.module}.{name}")[-1] for name in found.members}
    modules = {name: file for name, file in files.items() if file != init}
    names = set(_WORD.findall(_text(init))) if modules and init != by else ()
    return [file for name, file in modules.items() if name not in names]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _imports(text: str, package: tuple[str, ...]) -> Iterator[Import]:
    for modules, source, members in _IMPORT.findall(f"\n{text}"):
        for each in modules.split(","):
            yield from (Import(module=name) for name in each.split()[:1])
        level = len(source) - len(source.lstrip("."))
        if source and level <= len(package):
            above = [*package[: len(package) - level + 1], source[level:]] if level else [source]
            names = tuple(each.split()[0] for each in members.strip("() ").split(",") if each.strip() not in ("", "*"))
            yield Import(module=".".join(filter(None, above)), members=names)


def _undeclared(found: Import, file: Path, text: str, reached: Collection[str], providers: Providers) -> Iterator[Root]:
    owners = providers.of(found) or providers.of(Import(module=found.module)) or []
    names = {canonicalize_name(each.name) for each in owners}
    if names and names.isdisjoint(reached) and _imports_surely(text, found.module):
        yield from (installed_root(each, why=f"{file.as_posix()} imports it, undeclared") for each in owners)


def _imports_surely(text: str, module: str) -> bool:
    """Whether it is an import indeed, and not a line of a docstring."""
    tree = parse(text)
    for node, optional, deferred in walk(tree) if tree else ():
        named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            named = [node.module or ""]
        if module in named and not optional and not deferred:
            return True
    return False
