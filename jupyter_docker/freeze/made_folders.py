"""Folders beside the notebook, or in its project, that are missing and that its code makes to write its results to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import Path, PurePosixPath

from jupyter_docker.freeze.data_uses import DataUse
from jupyter_docker.freeze.imports import Scan
from jupyter_docker.freeze.project_folder import is_of_project

_REMOVERS = frozenset({"rmdir", "rmtree"})  # which fail for what is mounted


class MadeFolders:
    """Which they are, and whether one can be there before the code runs without the code failing for it."""

    def __init__(self, scans: Sequence[Scan], folder: Path) -> None:
        uses = [use for scan in scans for use in scan.data if use.is_folder]
        self._all = {made for use in uses for made in _made(PurePosixPath(use.path), folder)}
        self._new = {PurePosixPath(use.path) for use in uses if use.is_new and not use.partial}
        self._removed = any(use.name.rpartition(".")[2] in _REMOVERS for scan in scans for use in scan.uses)

    def of(self, use: DataUse) -> PurePosixPath | None:
        """Return the one that ``use`` makes or writes to, None where there is none."""
        path = PurePosixPath(use.path)
        place = path if use.is_folder or use.partial else path.parent
        return place if use.access == "write" and place in self._all else None

    def may_exist(self, place: PurePosixPath) -> bool:
        """Whether the code takes it as it is where somebody has made it already."""
        return not self._removed and self._new.isdisjoint((place, *place.parents))


def _made(path: PurePosixPath, folder: Path) -> Iterable[PurePosixPath]:
    """Return what making ``path`` makes, also what is missing above it; nothing hidden, nor outside of the project."""
    if path.is_absolute() or "\0" in str(path) or any(part.startswith(".") and part != ".." for part in path.parts):
        return ()
    made = list(takewhile(lambda each: not os.path.lexists(folder / each), (path, *path.parents)))
    above = folder / (made[-1].parent if made else path)
    return made if _is_of_either(made[-1:], folder) and above.is_dir() and os.access(above, os.W_OK) else ()


def _is_of_either(made: Sequence[PurePosixPath], folder: Path) -> bool:
    """Whether it would be in ``folder``, the notebook's, or in its project."""
    home = Path(os.path.realpath(folder))
    real = [Path(os.path.realpath(folder / each)) for each in made]
    return all(
        at.is_relative_to(home) or is_of_project(at, str(each), home) for at, each in zip(real, made, strict=True)
    )
