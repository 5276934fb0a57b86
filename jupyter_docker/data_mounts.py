"""What the notebook reads and writes beside it → bind mounts, where the user has not said otherwise."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from jupyter_docker.errors import MountError
from jupyter_docker.gate import Project, admit_data
from jupyter_docker.models import WORKDIR, Recipe
from jupyter_docker.mount_words import target_of
from jupyter_docker.runspec import Mount, RunSpec, check_inside


def with_data(
    spec: RunSpec,
    recipe: Recipe,
    folder: Path,
    *,
    chosen: Literal["auto", "none"] = "auto",
    project: Project | None = None,
    roots: Sequence[Path] = (),
) -> RunSpec:
    """Return ``spec`` with the data of ``folder``, the notebook's, and of its project; what is only read is read-only.

    A mount of the user's own wins over what it holds or is in. ``chosen`` "none" adds nothing. What is
    not of its ``project`` is never mounted, whoever proposed it. Raises MountError where
    a mount, also one that ``spec`` had, is in none of ``roots``; without any all may be mounted. The project's data is
    left out where it is in none. ``words`` for more mounts are then of this folder.
    """
    bounds = project or Project.of(folder)
    proposed = list(admit_data(recipe.requirements.data, bounds)) if chosen == "auto" else []
    if spec.user:  # who may not write to what is made for somebody else
        proposed = [mount for mount in proposed if not mount.make]
    kept = [mount for mount in proposed if not any(_overlap(mount, own) for own in spec.mounts)]
    kept = [mount for mount in kept if mount.target.is_relative_to(WORKDIR) or _may_be_mounted(mount, roots)]
    mounts = (*spec.mounts, *kept)
    check_inside(mounts, roots)
    return replace(spec, mounts=mounts, words=replace(spec.words, folder=folder))


def _may_be_mounted(mount: Mount, roots: Sequence[Path]) -> bool:
    try:
        check_inside([mount], roots)
    except MountError:
        return False
    return True


def describe_data(spec: RunSpec) -> str:
    """Return the folders and files that are mounted, as the notebook names them: " with ../data (read-only), out"."""
    mounts = [mount for mount in spec.mounts if mount.kind == "bind"]
    names = [f"{_name(mount, spec.words.folder)}{' (read-only)' if mount.read_only else ''}" for mount in mounts]
    return f" with {', '.join(names)}" if names else ""


def _name(mount: Mount, folder: Path) -> str:
    """Return the way to it from the notebook's folder, where that leads to it in the container too."""
    if mount.target.is_relative_to(WORKDIR):
        return str(mount.target.relative_to(WORKDIR))
    way = os.path.relpath(os.path.realpath(mount.source), os.path.realpath(folder))
    return way if target_of(way) == mount.target else str(mount.target)


def outputs_of(spec: RunSpec) -> tuple[str, ...]:
    """Return the folders and files of this machine that the container can write to."""
    return tuple(mount.source for mount in spec.mounts if mount.kind == "bind" and not mount.read_only)


def _overlap(one: Mount, other: Mount) -> bool:
    return one.target.is_relative_to(other.target) or other.target.is_relative_to(one.target)
