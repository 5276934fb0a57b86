"""The one way to a container: what was asked for it, the recipe and the image → its whole specification."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from jupyter_docker.freeze import requirements_text
from jupyter_docker.gate import Project, admit_data
from jupyter_docker.image import CACHE_FOLDER
from jupyter_docker.values import (
    CACHE_VOLUME_PREFIX,
    LABEL_PREFIX,
    BuildChoices,
    ImageReference,
    Mount,
    MountArguments,
    MountError,
    Recipe,
    RunSpec,
    check_inside,
)


def project_of(choices: BuildChoices) -> Project:
    """Return the project that the notebook may name files of."""
    return Project.of(choices.folder, named=choices.project)


def container_spec(
    asked: RunSpec,
    choices: BuildChoices,
    recipe: Recipe,
    image: ImageReference | None = None,
    *,
    data: Literal["auto", "none"] = "auto",
    cache: bool = False,
) -> RunSpec:
    """Return the container of a notebook: its label, the data that it reads and writes, and what it need not do again.

    Raises MountError where a mount is in none of the mount roots.

    Args:
        asked: What the person and the notebook ask of the container.
        choices: How the image was made; its notebook's folder and project are where the data is.
        recipe: What is in the image, and which data the notebook uses.
        image: The image; None where none is built.
        data: "none" mounts nothing but what ``asked`` has.
        cache: Whether compiled modules are kept for the next run.
    """
    labels = {**asked.labels, f"{LABEL_PREFIX}notebook": choices.notebook.name}
    spec = replace(asked, image=str(image) if image else asked.image, labels=labels)
    project, roots = project_of(choices), choices.mount_roots
    spec = with_data(spec, recipe, choices.folder, chosen=data, project=project, roots=roots)
    return with_run_cache(spec, recipe) if cache else spec


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

    A mount of the user's own wins over what it holds or is in. What is not of the project is never mounted, whoever
    proposed it. ``mount_arguments`` for more mounts are then of this folder. Raises MountError.

    Args:
        spec: The container, with the user's own mounts.
        recipe: What the notebook needs, data among it.
        folder: The notebook's.
        chosen: "none" adds nothing.
        project: The notebook's; found by ``folder`` where it is None.
        roots: Folders that every mount must be in, also one that ``spec`` has; none is no limit. The project's data is
            left out where it is in none.
    """
    bounds = project or Project.of(folder)
    proposed = list(admit_data(recipe.requirements.data, bounds)) if chosen == "auto" else []
    if spec.user:  # who may not write to what is made for somebody else
        proposed = [mount for mount in proposed if not mount.make]
    kept = [mount for mount in proposed if not any(_overlap(mount, own) for own in spec.mounts)]
    kept = [mount for mount in kept if mount.target.is_relative_to(bounds.workdir) or _may_be_mounted(mount, roots)]
    mounts = (*spec.mounts, *kept)
    check_inside(mounts, roots)
    return replace(
        spec, mounts=mounts, mount_arguments=replace(spec.mount_arguments, folder=folder, workdir=bounds.workdir)
    )


def _may_be_mounted(mount: Mount, roots: Sequence[Path]) -> bool:
    try:
        check_inside([mount], roots)
    except MountError:
        return False
    return True


def _overlap(one: Mount, other: Mount) -> bool:
    return one.target.is_relative_to(other.target) or other.target.is_relative_to(one.target)


def with_run_cache(spec: RunSpec, recipe: Recipe) -> RunSpec:
    """Return ``spec`` with a volume of what each run would compute anew: compiled modules, matplotlib's list of fonts.

    The image holds no ``.pyc`` files: they would make it larger and its build slower, and whoever runs it may not write
    beside the modules. So the first run compiles what it imports into this volume, and later ones find it there. Python
    checks each file against its source (PEP 3147, PYTHONPYCACHEPREFIX), so a stale one is compiled again. It is of
    these packages, this notebook and the user who runs it; no other notebook shares it: what one compiles, another
    would run.
    """
    user = spec.user or (str(os.getuid()) if hasattr(os, "getuid") else "user")
    notebook = recipe.script.source.absolute() if recipe.script.source else ""
    owner = f"{recipe.base}\n{requirements_text(recipe.requirements)}\n{notebook}\n{user}"
    name = CACHE_VOLUME_PREFIX + hashlib.sha256(owner.encode()).hexdigest()[:12]
    mount = Mount(kind="volume", source=name, target=CACHE_FOLDER)
    variables = {"PYTHONPYCACHEPREFIX": f"{CACHE_FOLDER}/pycache", "MPLCONFIGDIR": f"{CACHE_FOLDER}/matplotlib"}
    return replace(spec, mounts=(*spec.mounts, mount), env={**variables, **spec.env})


def describe_data(spec: RunSpec) -> str:
    """Return the folders and files that are mounted, as the notebook names them: " with ../data (read-only), out"."""
    mounts = [mount for mount in spec.mounts if mount.kind == "bind"]
    names = [f"{_name(mount, spec.mount_arguments)}{' (read-only)' if mount.read_only else ''}" for mount in mounts]
    return f" with {', '.join(names)}" if names else ""


def _name(mount: Mount, mount_arguments: MountArguments) -> str:
    """Return the way to it from the notebook's folder, where that leads to it in the container too."""
    if mount.target.is_relative_to(mount_arguments.workdir):
        return str(mount.target.relative_to(mount_arguments.workdir))
    way = os.path.relpath(os.path.realpath(mount.source), os.path.realpath(mount_arguments.folder))
    return way if mount_arguments.target(way) == mount.target else str(mount.target)


def outputs_of(spec: RunSpec) -> tuple[str, ...]:
    """Return the folders and files of this machine that the container can write to."""
    return tuple(mount.source for mount in spec.mounts if mount.kind == "bind" and not mount.read_only)
