"""Packages of the notebook's project that are installed as a link to their folder (``pip install -e .``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from jupyter_docker.freeze.local.files import read_source
from jupyter_docker.gate.project import Project

_COMPILED = frozenset({".c", ".cpp", ".pyd", ".pyx", ".rs", ".so"})


class LinkedPackages:
    """Those that look for data from their own place, ``__file__``: a wheel of them would look in the wrong one."""

    def __init__(self, links: Iterable[Path], project: Project) -> None:
        roots = [root for each in links if each.is_relative_to(project.root) for root in (each, each / "src")]
        self.roots = [root for root in roots if not root.is_relative_to(project.folder)]  # which has its place anyhow
        self._known: dict[str, Path | None] = {}

    def root_of(self, name: str) -> Path | None:
        """Return the folder that such a package is imported from; None for another, and for one that is compiled."""
        if name not in self._known:
            self._known[name] = next((root for root in self.roots if _looks_from_itself(root / name)), None)
        return self._known[name]


def _looks_from_itself(package: Path) -> bool:
    if not (package / "__init__.py").is_file():
        return False
    files = list(package.rglob("*"))
    return not any(file.suffix in _COMPILED for file in files) and any("__file__" in each for each in _sources(files))


def _sources(files: Iterable[Path]) -> Iterator[str]:
    return (read_source(file) or "" for file in files if file.suffix == ".py")
