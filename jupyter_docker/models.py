"""The values that flow forward from notebook to image: Script, Requirements, Recipe, BuildContext, Image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal, TypeAlias

from jupyter_docker.errors import CellPosition
from jupyter_docker.reference import ImageReference
from jupyter_docker.task_runner import Parameter

Origin: TypeAlias = Literal["notebook", "project", "person"]

LABEL_PREFIX = "jupyter-containerize."
WORKDIR = PurePosixPath("/app")
Secret: TypeAlias = str | Path
"""What a build may read and an image never has: a file of the host's, or the text itself, which is in no file."""

RUNNER_FOLDER = PurePosixPath("/opt/containerize")  # of the programs that run the script
IMPORT_FOLDER = PurePosixPath("/opt/containerize/modules")  # of the user's modules from outside the notebook's folder


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A code cell in the script.

    ``number`` is what Jupyter shows in brackets after "Run All" (empty cells have none), ``index`` its place among all
    cells from 0; ``first_line`` is the script's line of the cell's first line, from 1; ``source`` is the text as in the
    notebook, ``code`` the same as plain Python (IPython syntax turned into calls), for reading with ``ast``.
    """

    number: int
    index: int
    first_line: int
    source: str
    code: str

    @property
    def line_count(self) -> int:
        """How many lines of the script are the cell's."""
        return self.source.count("\n") + 1


@dataclass(frozen=True, kw_only=True)
class Declared:
    """A requirement the user wrote: on an install line of ``cell``, in a file, or on the command line.

    ``conda`` is whether its name is one of conda's, where the package index may have something else of that name.
    ``origin`` is who declared it: the notebook, the files of its project, or the person. ``in_file`` is whether a file
    says it, whose lines no message repeats.
    """

    requirement: str
    why: str
    cell: int | None = None
    conda: bool = False
    origin: Origin = "notebook"
    in_file: bool = False


@dataclass(frozen=True, kw_only=True)
class Script:
    """A notebook or cell as a script: plain Python, or text for IPython where it uses IPython's syntax.

    ``name`` is the file's name inside the image; ``source`` the notebook it came from, None for a lone cell.
    ``project`` is what requirements.txt and pyproject.toml declare, for the whole project.
    """

    name: str
    text: str
    source: Path | None
    cells: tuple[Cell, ...]
    parameters: tuple[Parameter, ...] = ()
    declared: tuple[Declared, ...] = ()
    project: tuple[Declared, ...] = ()
    interpreter: Literal["python", "ipython"] = "python"

    def locate(self, line: int) -> CellPosition | None:
        """Return the cell and the line in it of the script's line ``line`` (from 1), None between cells."""
        for cell in self.cells:
            if cell.first_line <= line < cell.first_line + cell.line_count:
                return CellPosition(cell=cell.number, line=line - cell.first_line + 1)
        return None

    def line_of(self, position: CellPosition) -> str:
        """Return the text of that line of that cell, stripped; empty where there is none."""
        for cell in self.cells:
            if cell.number == position.cell and position.line is not None:
                lines = cell.source.split("\n")
                return lines[position.line - 1].strip() if position.line <= len(lines) else ""
        return ""


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """What pip installed: ``modules`` are the importable names, dotted where a namespace is shared with others.

    ``requires`` are the Requires-Dist lines; ``origin`` is the direct URL (PEP 610) of what came from no index, and
    ``editable`` the folder of an editable install. ``scripts`` are its programs, ``plugins`` its entry points of known
    groups, as "group:name".
    """

    name: str
    version: str
    modules: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    origin: str = ""
    editable: Path | None = None
    scripts: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LoadedModule:
    """A module of a running kernel, and the file that it came from."""

    name: str
    file: str


@dataclass(frozen=True, kw_only=True)
class PythonEnvironment:
    """The Python that runs the notebook: version "3.11.7", implementation "cpython", and what is installed.

    ``stdlib`` and ``distributions`` say who provides a name; ``path`` is its ``sys.path``. ``loaded`` and
    ``libraries`` (shared ones, by DT_SONAME) are what a running kernel has loaded; empty where none was asked.
    """

    python_version: str
    implementation: str
    platform: str
    executable: Path
    distributions: tuple[Distribution, ...]
    stdlib: frozenset[str]
    path: tuple[Path, ...]
    loaded: tuple[LoadedModule, ...] = ()
    libraries: tuple[str, ...] = ()

    @property
    def minor(self) -> str:
        """The version as base images are tagged: "3.11"."""
        return ".".join(self.python_version.split(".")[:2])


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
class BaseSystem:
    """What a base image has beside Python: ``release`` is Debian's or Ubuntu's name for it, such as "bookworm".

    ``libraries`` are the names that the dynamic linker finds them by, ``programs`` those on PATH.
    """

    release: str = ""
    libraries: frozenset[str] = frozenset()
    programs: frozenset[str] = frozenset()
    has_apt: bool = True


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
    """A file or folder that the code reads or also writes: ``path`` is relative to the notebook's folder."""

    path: PurePosixPath
    access: Literal["read", "write"]
    why: str


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
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides the image's content.

    With ``kernel``, the pins of ipykernel and what it needs beside ``requirements``, the image is a Jupyter kernel: it
    has the code's packages and local modules, but not the script. ``arguments`` are what its script is given where its
    run has none.
    """

    base: ImageReference
    script: Script
    requirements: Requirements
    kernel: tuple[Pin, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    user: str = "1000:1000"
    workdir: PurePosixPath = WORKDIR

    @property
    def entrypoint(self) -> Sequence[str]:
        """The exec form of what the container runs; it works in any working directory."""
        return ("python", str(RUNNER_FOLDER / "run_task.py"), str(self.workdir / self.script.name))


@dataclass(frozen=True, kw_only=True)
class BuildContext:
    """The folder that ``docker build`` is given; ``digest`` (64 hex) is of the paths and bytes of ``files``."""

    root: Path
    dockerfile: Path
    files: tuple[PurePosixPath, ...]
    digest: str


@dataclass(frozen=True, kw_only=True)
class Image:
    """An image that the engine has. ``size`` is in bytes; ``digest`` is the manifest's where the engine knows one.

    ``python_version`` is the "3.11.7" that official Python images declare; empty where the image does not say.
    """

    id: str
    reference: ImageReference
    size: int
    platform: str
    labels: Mapping[str, str]
    digest: str = ""
    created: str = ""
    python_version: str = ""
