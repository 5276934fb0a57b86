"""The Python environment that is frozen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


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
