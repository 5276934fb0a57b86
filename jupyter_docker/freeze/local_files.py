"""Files of the user's: where Python finds a module in a folder, and what belongs to a package's folder."""

from __future__ import annotations

import json
import os
import tokenize
from collections.abc import Iterator
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from jupyter_docker.freeze.magics import without_magics

LARGEST_DATA = 1_000_000  # bytes of a data file that is copied with its package
_NEVER_COPIED = frozenset({"__pycache__", "node_modules"})
_NEVER_COPIED_SUFFIXES = frozenset({".key", ".p12", ".pem", ".pfx", ".pyc"})
_SSH_KEYS = ("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519")  # the names that ssh-keygen gives


def find_module(root: Path, name: str) -> list[Path]:
    """Return the files that ``import name`` runs where it starts in ``root``, outermost first; none where it can't.

    Of a name that goes on below a module (an attribute), the files of the module.
    """
    files: list[Path] = []
    folder = root
    for part in name.split("."):
        init, module = folder / part / "__init__.py", _module_file(folder, part)
        if init.is_file():
            files.append(init)
        elif module is not None:
            return [*files, module]
        elif not (folder / part).is_dir():
            break
        folder /= part
    return files


def package_files(package: Path) -> Iterator[tuple[Path, bool]]:
    """Yield the package's files and whether each is small enough to copy: its code always, and its data.

    Left out: hidden files, caches, keys, and links that lead out of the package.
    """
    for folder, names, files in os.walk(package):
        names[:] = sorted(name for name in names if not name.startswith(".") and name not in _NEVER_COPIED)
        for path in (Path(folder, name) for name in sorted(files)):
            if (
                not path.name.startswith(".")
                and path.suffix not in _NEVER_COPIED_SUFFIXES
                and path.name not in _SSH_KEYS
                and is_inside(path, package)
                and path.is_file()
            ):
                yield path, path.suffix == ".py" or path.stat().st_size <= LARGEST_DATA


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


def _module_file(folder: Path, name: str) -> Path | None:
    candidates = (folder / f"{name}{suffix}" for suffix in (".py", *EXTENSION_SUFFIXES))
    return next((path for path in candidates if path.is_file()), None)
