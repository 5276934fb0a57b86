"""The user's choices for the image; those for the container are a RunSpec."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from jupyter_docker.values.environment import LoadedModule
from jupyter_docker.values.image_reference import ImageReference
from jupyter_docker.values.requirements import SystemPackage
from jupyter_docker.values.script import Declared


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What the notebook's running kernel said that it has loaded; ``problem`` is why it said nothing.

    ``python`` is the kernel's interpreter, ``libraries`` are shared ones by DT_SONAME.
    """

    python: Path = Path()
    modules: tuple[LoadedModule, ...] = ()
    libraries: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class BuildChoices:
    """How to make the image of ``notebook``.

    ``base`` None is the default for the Python version. The environment to freeze is the kernelspec ``kernel``, the
    interpreter ``python``, this process where ``live`` (a magic in the kernel), or the notebook's own kernelspec;
    ``loaded`` is what its kernel, which runs elsewhere, was asked.
    ``without_system`` are system packages that are never added by themselves. ``mounted`` are the targets of mounts
    that a run will have; all that it mounts is in one of ``mount_roots``, where there are any. Relative sources of
    mounts begin in ``start``. ``project`` is the folder of the notebook's project, where the person named it.
    ``allow_mismatch`` are distributions whose locked files may be others than those that are installed.
    ``allow_build`` are those that the image may build from source.
    ``content``, a notebook in format 4, is taken in place of what is in the file, which may then be missing.
    ``parameters`` are NAME=VALUE words that the image's script is given where its run has none.
    """

    notebook: Path
    content: Mapping[str, Any] | None = None
    base: ImageReference | None = None
    system: tuple[SystemPackage, ...] = ()
    without_system: tuple[str, ...] = ()
    mounted: tuple[PurePosixPath, ...] = ()
    mount_roots: tuple[Path, ...] = ()
    start: Path = Path()
    project: Path | None = None
    declared: tuple[Declared, ...] = ()
    kernel: str | None = None
    python: Path | None = None
    live: bool = False
    loaded: Loaded | None = None
    parameters: tuple[str, ...] = ()
    tags: tuple[ImageReference, ...] = ()
    cache: bool = True
    platform: str = ""
    allow_mismatch: tuple[str, ...] = ()
    allow_build: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """The notebook's folder."""
        return Path(os.path.abspath(self.notebook)).parent  # noqa: PTH100  # resolve() would follow a linked notebook
