"""Folders beside the notebook, or in its project, that are missing and that its code makes to write its results to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import PurePosixPath

from jupyter_docker.freeze.data.uses import DataUse
from jupyter_docker.freeze.scan.imports import Scan
from jupyter_docker.gate.project import Project

_REMOVERS = frozenset({"rmdir", "rmtree"})  # which fail for what is mounted


class MadeFolders:
    """Which they are, and whether one can be there before the code runs without the code failing for it."""

    def __init__(self, scans: Sequence[Scan], project: Project) -> None:
        uses = [use for scan in scans for use in scan.data if use.is_folder]
        self._all = {made for use in uses for made in _made(PurePosixPath(use.path), project)}
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


def _made(path: PurePosixPath, project: Project) -> Iterable[PurePosixPath]:
    """Return what making ``path`` makes, also what is missing above it; nothing that the project may not have."""
    if path.is_absolute() or "\0" in str(path):
        return ()
    folder = project.folder
    made = list(takewhile(lambda each: not os.path.lexists(folder / each), (path, *path.parents)))
    above = folder / (made[-1].parent if made else path)
    may = not any(map(project.mount_refusal, (path, *made[-1:])))
    return made if may and above.is_dir() and os.access(above, os.W_OK) else ()
