"""A project's folder, as far as a wheel of it can need it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from jupyter_docker.freeze.local.files import walk_folder
from jupyter_docker.values import Emit, LockError, Warned

_MADE = frozenset({"build", "dist"})  # by earlier builds, at the top of the project
_MAX_FILE, _MAX_TOTAL = 20_000_000, 500_000_000  # bytes of one file, and of all: what is larger is data
_MEGABYTE = 10**6


@dataclass(frozen=True, kw_only=True)
class ProjectSource:
    """The files to make a wheel of, and those that are too ``large`` for it, with their status."""

    folder: Path
    files: Mapping[Path, os.stat_result]
    large: Mapping[Path, os.stat_result]

    def state(self) -> list[list[object]]:
        """Return what changes when a file does."""
        return [[str(path), status.st_size, status.st_mtime_ns] for path, status in self.files.items()]

    def only(self, paths: Iterable[Path]) -> ProjectSource:
        """Return those of the files that are ``paths``, or below them."""
        kept = tuple(paths)

        def below(files: Mapping[Path, os.stat_result]) -> dict[Path, os.stat_result]:
            return {path: each for path, each in files.items() if any(path.is_relative_to(one) for one in kept)}

        return replace(self, files=below(self.files), large=below(self.large))

    def check(self, name: str, emit: Emit) -> None:
        """Say what a wheel of ``name`` goes without; raises LockError where what it would hold is too much."""
        if _size(self.files) > _MAX_TOTAL:
            raise self._too_much(name)
        if self.large:
            largest = max(self.large, key=lambda path: self.large[path].st_size).relative_to(self.folder)
            size = f"{_size(self.large) / _MEGABYTE:,.0f} MB"
            what = f"'{largest}'" if len(self.large) == 1 else f"{len(self.large):,} files such as '{largest}'"
            message = f"'{name}' is installed from its source folder, and its wheel is made without {what} ({size})."
            hint = "Mount what it reads of them, with -v, or install a wheel of it that has them."
            emit(Warned(step="freeze", message=message, hint=hint))

    def _too_much(self, name: str) -> LockError:
        folders: Counter[str] = Counter()
        for path, status in self.files.items():
            folders[path.relative_to(self.folder).parts[0]] += status.st_size
        ((largest, size),) = folders.most_common(1)
        return LockError(
            f"'{name}' is installed from its source folder, which has {_size(self.files) / _MEGABYTE:,.0f} MB: too "
            f"much to make a wheel of. '{largest}' has {size / _MEGABYTE:,.0f} MB of it.",
            hint=f"Move its data out of '{self.folder}', or install a release of it: %pip install {name}",
        )


def read_project(project: Path) -> ProjectSource:
    """Return the files of the folder, in order: not those of hidden folders, caches, environments or earlier builds."""
    files: dict[Path, os.stat_result] = {}
    for folder, names, found in walk_folder(project):
        names[:] = [each for each in names if not each.endswith(".egg-info")]
        names[:] = [each for each in names if folder != project or each not in _MADE]
        files |= {path: path.stat() for name in found if _is_own(path := folder / name, project)}
    large = {path: status for path, status in files.items() if status.st_size > _MAX_FILE}
    kept = {path: status for path, status in files.items() if path not in large}
    return ProjectSource(folder=project, files=kept, large=large)


def _is_own(path: Path, project: Path) -> bool:
    """Whether it is a file of the project's, and no link to one elsewhere."""
    if path.suffix == ".pyc" or not path.is_file():
        return False
    return not path.is_symlink() or path.resolve().is_relative_to(project.resolve())


def _size(files: Mapping[Path, os.stat_result]) -> int:
    return sum(status.st_size for status in files.values())
