"""Requirements of a script beside the base image, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from jupyter_docker.values.errors import CellPosition


@dataclass(frozen=True, kw_only=True)
class Pin:
    """One distribution at one version. ``why`` names the cell or the distribution that needs it.

    ``wheel`` is a file to install it from, for what no package index has; ``origin`` says where that came from.
    ``direct`` is what the code or the user needs, and not only another distribution; ``cells`` are which cells do.
    ``from_source`` is what the image builds itself, as a person allowed.
    """

    name: str
    version: str
    extras: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    origin: str = ""
    wheel: Path | None = None
    why: tuple[str, ...] = ()
    cells: tuple[int, ...] = ()
    direct: bool = False
    from_source: bool = False


@dataclass(frozen=True, kw_only=True)
class SystemPackage:
    """A Debian package that the base image lacks."""

    name: str
    why: str


@dataclass(frozen=True, kw_only=True)
class LocalFile:
    """A file of the user's that the code imports.

    ``target`` is relative to the notebook's folder in the image, or absolute where the file is not in that folder.
    """

    source: Path
    target: PurePosixPath
    why: str


@dataclass(frozen=True, kw_only=True)
class Unresolved:
    """A name that nothing provides and that the code can do without (imported in a ``try:``)."""

    name: str
    position: CellPosition | None
    where: str


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A distribution that the running kernel loaded, and that is not known to be needed."""

    name: str
    version: str


@dataclass(frozen=True, kw_only=True)
class DataPath:
    """A file or folder that the code reads or also writes: ``path`` is relative to the notebook's folder.

    ``starts_empty`` is whether the code first writes there, so that it needs nothing of what there is.
    """

    path: PurePosixPath
    access: Literal["read", "write"]
    why: str
    starts_empty: bool = False


@dataclass(frozen=True, kw_only=True)
class RootSign:
    """What shows code that climbs where its project's root is, such as ``.git``: the image has it empty."""

    target: PurePosixPath
    is_folder: bool


@dataclass(frozen=True, kw_only=True)
class Requirements:
    """All that the script needs beside the base image; ``python`` is "3.11".

    ``paths`` are the folders of the image, beside the notebook's, that the local modules are imported from.
    ``candidates`` are not in the image; a run that fails without one tells that it is needed.
    """

    python: str
    pins: tuple[Pin, ...] = ()
    system: tuple[SystemPackage, ...] = ()
    local: tuple[LocalFile, ...] = ()
    paths: tuple[PurePosixPath, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    data: tuple[DataPath, ...] = ()
    signs: tuple[RootSign, ...] = ()
    candidates: tuple[Candidate, ...] = ()
