"""Files that the notebook reads and writes, as proposals of what to mount, folder by folder."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Literal

from jupyter_docker.events import Emit, Warned
from jupyter_docker.freeze.data_uses import DataUse
from jupyter_docker.freeze.imports import Scan
from jupyter_docker.freeze.project_folder import SYSTEM_FOLDERS, project_folder
from jupyter_docker.models import WORKDIR, DataPath, LocalFile

_FILE_NAME = re.compile(r"[\w.-]+\.[A-Za-z]\w{0,9}")
_CODE = frozenset({".ipy", ".ipynb", ".py"})
_OF_THE_SYSTEM = ("/dev", "/etc", "/proc", "/sys", "/tmp", "/usr", "/var")  # noqa: S108  # of any container too


def find_data(
    scans: Sequence[Scan],
    folder: Path,
    *,
    copied: Iterable[LocalFile] = (),
    mounted: Iterable[PurePosixPath] = (),
    emit: Emit,
) -> tuple[DataPath, ...]:
    """Return what the code reads and writes in ``folder``, the notebook's, and reads in its project, by path.

    A file counts by its folder, one beside or above the notebook by itself. What is read and missing is a warning, as
    is what is there and elsewhere or hidden, which is never proposed: a notebook can come from anyone. Neither is said
    of what is below ``mounted``, the user's own (relative) mounts. ``copied`` are in the image already.
    """
    uses = [use for scan in scans for use in scan.data]
    known = {str(file.target) for file in copied}
    units: dict[PurePosixPath, list[DataUse]] = {}
    for use in uses:
        if use.path in known or any(PurePosixPath(use.path).is_relative_to(each) for each in mounted):
            continue
        there = _there(use, folder)
        problem = "" if there is None else _problem(use, there, folder)
        if problem:
            _warn(use, there or use.path, problem, folder, emit)
        elif there is not None:
            unit = _unit(use, there, folder)
            if unit is not None:
                units.setdefault(unit, []).append(use)
        elif _is_missing(use, uses, scans):
            _warn_missing(use, emit)
    return tuple(_proposals(units, folder))


def _there(use: DataUse, folder: Path) -> str | None:
    """Return its path where that exists, the folder's of a file that is to be written; None where neither does."""
    if os.path.lexists(folder / use.path):
        return use.path
    parent = posixpath.dirname(use.path)
    return parent if use.access == "write" and parent and os.path.isdir(folder / parent) else None  # noqa: PTH112


def _problem(use: DataUse, there: str, folder: Path) -> str:
    """Return why what is there is not proposed; empty where it is."""
    if use.path.startswith(_OF_THE_SYSTEM) and not use.path.startswith(f"{folder}/"):
        return ""
    # realpath() and not resolve(), which fails for links in a circle.
    real, home = Path(os.path.realpath(folder / there)), Path(os.path.realpath(folder))
    if posixpath.isabs(there) or not real.is_relative_to(home):
        if use.access == "write" or posixpath.isabs(there) or not _is_of_project(real, there, home):
            return "" if use.access == "maybe" else "is outside the notebook's folder"
        return ""
    return "is hidden" if any(part.startswith(".") for part in PurePosixPath(there).parts) else ""


def _is_of_project(real: Path, there: str, folder: Path) -> bool:
    """Whether it may be mounted though it is outside ``folder``: a project's own file, where the image has no other."""
    project = project_folder(folder)
    inside = real.relative_to(project).parts if real.is_relative_to(project) else ()
    target = posixpath.normpath(WORKDIR / there).split("/")
    free = not there.startswith("..") or target[1] not in SYSTEM_FOLDERS
    return bool(inside) and free and not any(part.startswith(".") for part in inside)


def _unit(use: DataUse, there: str, folder: Path) -> PurePosixPath | None:
    """Return what is mounted for it: its folder, or the file itself where that is the notebook's; None for neither."""
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


def _proposals(units: Mapping[PurePosixPath, Sequence[DataUse]], folder: Path) -> Iterator[DataPath]:
    """Yield the paths that are not inside one of the same access."""
    kept: dict[PurePosixPath, str] = {}
    for unit in sorted(units):
        uses = units[unit]
        if uses[0].access == "write" and (folder / unit).is_file():
            continue  # the code makes it anew; files that no mount keeps are saved after the run
        writing = next((use for use in uses if use.access == "write"), None)
        access: Literal["read", "write"] = "write" if writing else "read"
        if next((kept[above] for above in unit.parents if above in kept), "") != access:
            kept[unit] = access
            use = writing or uses[0]
            yield DataPath(path=unit, access=access, why=f"{use.source} {'writes' if writing else 'reads'} it")


def _is_missing(use: DataUse, uses: Sequence[DataUse], scans: Sequence[Scan]) -> bool:
    """Whether the code surely reads it and nothing in the notebook can have made it."""
    if use.access != "read" or use.optional or use.partial or posixpath.isabs(use.path):
        return False
    made = any(
        each.access == "write" and (PurePosixPath(use.path).is_relative_to(each.path) or each.partial) for each in uses
    )
    programs = any(program.name for scan in scans for program in scan.programs)
    named = _FILE_NAME.fullmatch(PurePosixPath(use.path).name)
    return bool(named) and not made and not programs


def _warn(use: DataUse, there: str, problem: str, folder: Path, emit: Emit) -> None:
    message = f"{use.place}: '{use.path}' {problem}, so it is not mounted by itself."
    path, mode = (there, "") if use.access == "write" else (use.path, ":ro")
    source = path if posixpath.isabs(path) or path.startswith("..") else f"./{path}"
    hint = f"If the code may have it, mount it: -v {source}:{posixpath.normpath(WORKDIR / path)}{mode}"
    if use.access == "write" and _holds(PurePosixPath(path), folder):
        hint = "Let the code write in the notebook's folder, or in a folder of its own."
    emit(Warned(step="freeze", message=message, hint=hint))


def _warn_missing(use: DataUse, emit: Emit) -> None:
    message = f"{use.place} reads '{use.path}', which does not exist."
    hint = f"Correct the path, or mount what it is: -v ./FILE:{use.path}:ro"
    emit(Warned(step="freeze", message=message, hint=hint))
