"""Shipment: an image and how it runs, with nothing of this machine in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from jupyter_docker.values import RUNNER_FOLDER, ImageReference, Limits, Port, Recipe, RunSpec, slug

DEFAULT_USER = "1000:1000"


@dataclass(frozen=True, kw_only=True)
class ShippedMount:
    """Data that is mounted: ``source`` is relative to the folder that the files are used in, as ``./data``.

    ``name`` is unique in a shipment, for where a mount needs one.
    """

    name: str
    source: str
    target: PurePosixPath
    read_only: bool
    is_file: bool = False


@dataclass(frozen=True, kw_only=True)
class Shipment:
    """One image and how it runs elsewhere.

    ``variables`` have values; ``secrets`` are names alone, whose values the other place keeps. ``arguments`` go behind
    the image's own command. ``recipe`` is known where the image was just made from a notebook.
    """

    name: str
    image: ImageReference
    mounts: tuple[ShippedMount, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    gpus: str = ""
    ports: tuple[Port, ...] = ()
    arguments: tuple[str, ...] = ()
    user: str = DEFAULT_USER
    recipe: Recipe | None = None

    @property
    def user_ids(self) -> tuple[int, int]:
        """The uid and gid to run as."""
        uid, _, gid = self.user.partition(":")
        return int(uid), int(gid or uid)

    @property
    def writes(self) -> bool:
        """Whether it writes into something that is mounted."""
        return not all(mount.read_only for mount in self.mounts)


@dataclass(frozen=True, kw_only=True)
class Shipped:
    """Files by their path in the output folder, and what to do with them, a line a step."""

    files: Mapping[str, str]
    steps: tuple[str, ...]


Writer = Callable[[Shipment], Shipped]


def shipment_of(
    spec: RunSpec, image: ImageReference, folder: Path, *, secrets: Sequence[str] = (), recipe: Recipe | None = None
) -> Shipment:
    """Return how ``spec`` runs elsewhere.

    Args:
        spec: The container that would run here.
        image: The image as others can pull it.
        folder: The notebook's, which relative sources of data are written from; what is not below it is named alone.
        secrets: The variables whose values stay here.
        recipe: What the image was made from, where that is known.
    """
    numeric = all(part.isdigit() for part in (spec.user or DEFAULT_USER).split(":"))
    return Shipment(
        name=slug(image.repository.rpartition("/")[2]),
        image=image,
        mounts=tuple(_mounts(spec, folder)),
        variables={name: value for name, value in spec.env.items() if name not in secrets},
        secrets=tuple(secrets),
        limits=spec.limits,
        gpus=spec.gpus,
        ports=spec.ports,
        arguments=spec.command or (),
        user=(spec.user or DEFAULT_USER) if numeric else DEFAULT_USER,
        recipe=recipe,
    )


def _mounts(spec: RunSpec, folder: Path) -> Iterator[ShippedMount]:
    taken = set[str]()
    for mount in spec.mounts:
        if mount.source == str(mount.target):  # what an absolute link leads to on this machine alone
            continue
        relative = os.path.relpath(mount.source, os.path.realpath(folder)) if mount.kind == "bind" else mount.source
        inside = not relative.startswith(os.pardir) and not Path(relative).is_absolute()
        name = slug(mount.target.name, fallback="data")
        while name in taken:
            name += "-2"
        taken.add(name)
        yield ShippedMount(
            name=name,
            source=f"./{PurePosixPath(Path(relative)) if inside else name}",
            target=mount.target,
            read_only=mount.read_only,
            is_file=mount.kind == "bind" and Path(mount.source).is_file(),
        )


def entrypoint_of(shipment: Shipment) -> tuple[str, ...]:
    """Return the exec form of the image's command, for a runtime that does not take it from the image."""
    if shipment.recipe is not None:
        return tuple(shipment.recipe.entrypoint)
    return ("python", str(RUNNER_FOLDER / "run_task.py"))
