"""Files that the notebook reads and writes, as proposals of what to mount, folder by folder."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import Literal

from jupyter_docker.freeze.data.hints import DataHints
from jupyter_docker.freeze.data.uses import DataUse
from jupyter_docker.freeze.scan.imports import Scan
from jupyter_docker.gate import OUTSIDE, SPECIAL, Project
from jupyter_docker.values import DataPath, LocalFile, RootSign

_FILE_NAME = re.compile(r"[\w.-]+\.[A-Za-z]\w{0,9}")
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
        folder = path if use.is_folder or use.partial else path.parent
        return folder if use.access == "write" and folder in self._all else None

    def may_exist(self, folder: PurePosixPath) -> bool:
        """Whether the code takes it as it is where somebody has made it already."""
        return not self._removed and self._new.isdisjoint((folder, *folder.parents))


class MissingFiles:
    """Files that the code surely reads, and that nothing in the notebook can have made."""

    def __init__(self, scans: Sequence[Scan]) -> None:
        writes = [use for scan in scans for use in scan.data if use.access == "write"]
        self._made = {PurePosixPath(use.path) for use in writes}
        self._may_be_made = any(use.partial for use in writes) or any(
            program.name for scan in scans for program in scan.programs
        )

    def holds(self, use: DataUse) -> bool:
        """Whether ``use``, of a path where nothing is, is one."""
        if self._may_be_made or use.access != "read" or use.optional or use.partial or posixpath.isabs(use.path):
            return False
        path = PurePosixPath(use.path)
        return bool(_FILE_NAME.fullmatch(path.name)) and self._made.isdisjoint((path, *path.parents))


def _made(path: PurePosixPath, project: Project) -> Iterable[PurePosixPath]:
    """Return what making ``path`` makes, also what is missing above it; nothing that the project may not have."""
    if path.is_absolute() or "\0" in str(path):
        return ()
    folder = project.folder
    made = list(takewhile(lambda each: not os.path.lexists(folder / each), (path, *path.parents)))
    above = folder / (made[-1].parent if made else path)
    may = not any(map(project.mount_refusal, (path, *made[-1:])))
    return made if may and above.is_dir() and os.access(above, os.W_OK) else ()


_CODE = frozenset({".ipy", ".ipynb", ".py"})
_OF_THE_SYSTEM = ("/dev", "/etc", "/proc", "/sys", "/tmp", "/usr", "/var")  # noqa: S108  # of any container too


def find_data(
    scans: Sequence[Scan],
    folder: Path,
    *,
    project: Project | None = None,
    copied: Iterable[LocalFile] = (),
    mounted: Iterable[PurePosixPath] = (),
    hints: DataHints,
) -> tuple[DataPath, ...]:
    """Return what the code reads and writes in ``folder``, the notebook's, and in its project, by path.

    A folder that is not there counts where the code makes it to write to it, and takes it as it is. A file counts by
    its folder, one beside or above the notebook by itself. What is read and missing is a warning, as is what is there
    and elsewhere or hidden, which is never proposed: a notebook can come from anyone. Neither is said of what is below
    ``mounted``, the targets of the user's own mounts. ``copied`` are in the image already.
    """
    project = project or Project.of(folder)
    uses = [use for scan in scans for use in scan.data]
    known = {project.target(file.target) for file in copied}
    own = set(mounted)
    made_folders, missing = MadeFolders(scans, project), MissingFiles(scans)
    units: dict[PurePosixPath, list[DataUse]] = {}
    for use in (_found_above(use, project) for use in uses):
        if (target := project.target(use.path)) in known or not own.isdisjoint((target, *target.parents)):
            continue
        there = _there(use, folder)
        if made := made_folders.of(use):
            unit = _unit_to_make(use, made, made_folders, hints)
        elif problem := _problem(use, there, project):
            unit = None
            hints.left_out(use, problem)
        else:
            unit = _unit(use, there, folder)
        if unit is not None:
            units.setdefault(unit, []).append(use)
        elif there is None and missing.holds(use):
            hints.missing(use)
    for unit in _unkept(units, folder):
        hints.unkept(units.pop(unit)[0])
    return tuple(_proposals(units))


def _found_above(use: DataUse, project: Project) -> DataUse:
    """Return the use with the path where code that climbs finds it: in the lowest folder of the project that has it."""
    path = PurePosixPath(use.path)
    if not use.climbs or path.is_absolute() or os.pardir in path.parts or os.path.lexists(project.folder / path):
        return use
    wanted = path.parent if use.access == "write" else path
    for above in project.folder.parents:
        if not above.is_relative_to(project.root):
            break
        if wanted.parts and os.path.lexists(above / wanted):
            return replace(use, path=os.path.relpath(above / path, project.folder))
    return use


def find_signs(scans: Sequence[Scan], project: Project) -> tuple[RootSign, ...]:
    """Return what of the names that the code looks for on its way to a root is there, for the image to have as well."""
    signs = {sign for scan in scans for sign in scan.signs}
    folders = [each for each in (project.folder, *project.folder.parents) if each.is_relative_to(project.root)]
    return tuple(
        RootSign(target=project.target(os.path.relpath(folder / sign, project.folder)), is_folder=found.is_dir())
        for folder in folders
        for sign in sorted(signs)
        if (found := folder / sign).exists() and found.is_relative_to(project.root)
    )


def _unit_to_make(use: DataUse, made: PurePosixPath, folders: MadeFolders, hints: DataHints) -> PurePosixPath | None:
    """Return the folder to make and mount for it; None where the code would fail for that, which is said."""
    if folders.may_exist(made):
        return made
    if use.is_new:
        hints.made(use)
    return None


def _there(use: DataUse, folder: Path) -> str | None:
    """Return its path where that exists, the folder's of what is to be written; None where neither does."""
    if os.path.lexists(folder / use.path):
        return use.path
    above = posixpath.dirname(use.path)
    while use.is_folder and above and not os.path.lexists(folder / above):
        above = posixpath.dirname(above)
    return above if use.access == "write" and above and os.path.isdir(folder / above) else None  # noqa: PTH112


def _problem(use: DataUse, there: str | None, project: Project) -> str:
    """Return why what is there is not proposed; empty where it is."""
    if there is None or (use.path.startswith(_OF_THE_SYSTEM) and not use.path.startswith(f"{project.folder}/")):
        return ""
    folder = project.folder
    if use.access == "maybe" and not os.path.isfile(folder / there):  # noqa: PTH113  # it never fails
        return ""  # of an unknown call only a file is one
    if problem := project.refusal(there):
        return "" if problem == SPECIAL else problem
    unit, is_outside = _unit(use, there, folder), there.startswith(("..", "/"))
    # From above the notebook only a folder can be mounted to be written to.
    if is_outside and (unit is None or (use.access == "write" and not (folder / unit).is_dir())):
        return OUTSIDE
    return project.mount_refusal(unit) if unit is not None else ""


def _unit(use: DataUse, there: str | None, folder: Path) -> PurePosixPath | None:
    """Return what is mounted for it: its folder, or the file itself where that is the notebook's; None for neither."""
    if there is None:
        return None
    unit = PurePosixPath(there)
    if not os.path.isdir(folder / there):  # noqa: PTH112  # it never fails, whatever the code names
        if not os.path.isfile(folder / there) or (use.access == "maybe" and unit.suffix in _CODE):  # noqa: PTH113
            return None  # a socket gives more than data
        unit = unit if _holds(unit.parent, folder) else unit.parent
    elif use.access == "maybe" or _holds(unit, folder):
        return None  # a folder's name is too often a word of another meaning
    return None if unit.is_absolute() else unit


def _holds(unit: PurePosixPath, folder: Path) -> bool:
    """Whether it is ``folder`` or above it: too much to mount."""
    return Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(folder / unit))


def _unkept(units: Mapping[PurePosixPath, Sequence[DataUse]], folder: Path) -> list[PurePosixPath]:
    """Return the files that the code first writes, so that they need not be there: those are saved after a run."""
    return [unit for unit, uses in units.items() if uses[0].access == "write" and (folder / unit).is_file()]


def _proposals(units: Mapping[PurePosixPath, Sequence[DataUse]]) -> Iterator[DataPath]:
    """Yield the paths that are not inside one of the same access."""
    kept: dict[PurePosixPath, str] = {}
    for unit in sorted(units):
        uses = units[unit]
        writing = next((use for use in uses if use.access == "write"), None)
        access: Literal["read", "write"] = "write" if writing else "read"
        if next((kept[above] for above in unit.parents if above in kept), "") != access:
            kept[unit] = access
            use = writing or uses[0]
            why = f"{use.source} {'writes' if writing else 'reads'} it"
            yield DataPath(path=unit, access=access, why=why, starts_empty=uses[0].access == "write")
