"""Modules that an installed package does not have, by its files, though the code imports them: most are misspelled."""

# os.path, which is several times faster: there can be many modules to look at.
# ruff: noqa: PTH112, PTH113, PTH118, PTH208

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path

from jupyter_docker.freeze.scan.imports import Import
from jupyter_docker.values import Emit, Warned

_MODULE = re.compile(r"([^\W\d]\w*)(?:\.py|(?:\.[\w-]+)*\.(?:so|pyd))")


def warn_of_misspelled(imports: Iterable[Import], path: Sequence[Path], emit: Emit) -> None:
    """Say of each module that is like another one of its package, and not there, what may be meant.

    Never more than a warning, and nothing where the package's own text names it: a package can make modules as it runs.
    """
    for each in imports:
        parts = each.module.split(".")
        for depth in range(1, len(parts) if not each.optional else 0):
            home = next((home for folder in path if _is_package(home := os.path.join(folder, *parts[:depth]))), "")
            modules = _modules(home) if home else set()
            if not home or (parts[depth] not in modules and _names(home, parts[depth])):
                break
            if parts[depth] not in modules:
                _warn(each, ".".join(parts[:depth]), parts[depth], modules, emit)
                break


def _warn(found: Import, package: str, name: str, modules: Iterable[str], emit: Emit) -> None:
    if close := get_close_matches(name, modules, n=1):
        message = f"{found.location}: '{package}' has no module '{name}'; did you mean '{close[0]}'?"
        emit(
            Warned(
                step="freeze", message=message, hint="Correct the import, if that is so: it would fail when it runs."
            )
        )


def _is_package(folder: str) -> bool:
    return os.path.isfile(os.path.join(folder, "__init__.py"))


def _modules(package: str) -> set[str]:
    """Return the names of the modules and folders of a package."""
    names = os.listdir(package)
    files = {match[1] for name in names if (match := _MODULE.fullmatch(name))}
    return files | {name for name in names if os.path.isdir(os.path.join(package, name))} - {"__pycache__"}


def _names(package: str, name: str) -> bool:
    """Whether the text of the package has the word."""
    try:
        text = Path(package, "__init__.py").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True
    return bool(re.search(rf"\b{re.escape(name)}\b|__path__", text))
