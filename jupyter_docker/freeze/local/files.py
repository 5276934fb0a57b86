"""Files of the user's: where Python finds a module in a folder, and what of a folder is theirs at all."""

# os.path, which is several times faster: libraries have thousands of imports to look up.
# ruff: noqa: PTH112, PTH113, PTH118

from __future__ import annotations

import json
import os
import tokenize
from collections.abc import Iterator
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from jupyter_docker.freeze.scan.magics import without_magics

_NEVER_COPIED = frozenset({"__pycache__", "node_modules"})
_MODULES = (".py", *EXTENSION_SUFFIXES)
_OF_ENVIRONMENTS = ("conda-meta", "pyvenv.cfg")


def find_module(root: Path, name: str) -> list[Path]:
    """Return the files that ``import name`` runs where it starts in ``root``, outermost first; none where it can't.

    Of a name that goes on below a module (an attribute), the files of the module.
    """
    files: list[Path] = []
    path = os.fspath(root)
    for part in name.split("."):
        path = os.path.join(path, part)
        init = os.path.join(path, "__init__.py")
        if os.path.isfile(init):
            files.append(Path(init))
        elif module := next((file for suffix in _MODULES if os.path.isfile(file := path + suffix)), ""):
            return [*files, Path(module)]
        elif not os.path.isdir(path):
            break
    return files


def walk_folder(top: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """Walk as os.walk does, in order, past hidden folders, caches, packages of Node's, and Python environments."""
    for folder, names, files in os.walk(top):
        here = Path(folder)
        names[:] = sorted(name for name in names if not _is_left_out(here / name))
        yield here, names, sorted(files)


def _is_left_out(folder: Path) -> bool:
    if folder.name.startswith(".") or folder.name in _NEVER_COPIED:
        return True
    return any((folder / sign).exists() for sign in _OF_ENVIRONMENTS)


def is_inside(path: Path, folder: Path) -> bool:
    """Whether ``path`` is in ``folder`` after all links are followed."""
    return path.resolve().is_relative_to(folder.resolve())


def read_source(path: Path) -> str | None:
    """Return the Python of a module or of a notebook's code cells; None where it can't be read."""
    try:
        if path.suffix == ".ipynb":
            return _cells(json.loads(path.read_text(encoding="utf-8")))
        with tokenize.open(path) as file:
            source = file.read()
    except (OSError, ValueError, SyntaxError, LookupError, TypeError, AttributeError):
        return None
    return without_magics(source) if path.suffix == ".ipy" else source


def _cells(notebook: dict[str, list[dict[str, object]]]) -> str:
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    sources = ["".join(source) if isinstance(source := cell["source"], list) else str(source) for cell in cells]
    return "\n".join(without_magics(source) for source in sources if not source.startswith("%%"))
