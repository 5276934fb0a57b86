"""Disk space that can be freed: ended containers, unused images, what runs have compiled, and the build cache."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.connection.identity import KEPT_SUFFIX, OWNER_LABEL, ROLE_LABEL, VERSION_LABEL, is_own
from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.engine.containers.lifecycle import remove
from jupyter_docker.engine.files.leftovers import is_attended
from jupyter_docker.engine.images.ownership import hex_of, own_images
from jupyter_docker.values import (
    CACHE_VOLUME_PREFIX,
    Emit,
    EngineError,
    EngineLostError,
    MissingError,
    Progress,
    UnsavedResultsError,
    Warned,
    step,
)

_SECONDS_TO_PRUNE = 3600  # the engine answers once all is gone, which takes minutes for a large cache on a slow disk
_ENDED = frozenset({"exited", "dead"})


@dataclass(frozen=True, kw_only=True)
class Freeable:
    """One container, image, volume or cache to remove: ``name`` is its name or tags, ``size`` what only it uses."""

    id: str
    name: str
    size: int
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PrunePlan:
    """What `prune` would remove; false where there is nothing. Containers go first, then images without a tag.

    ``caches`` are volumes of what a run can make again, never those that the user named; ``build_cache`` is what builds
    of anybody left in the engine to be quicker the next time, where that was asked for; ``bound`` says how ``size`` is
    meant.
    """

    containers: tuple[Freeable, ...]
    images: tuple[Freeable, ...]
    caches: tuple[Freeable, ...] = ()
    build_cache: tuple[Freeable, ...] = ()
    bound: Literal["at least", "up to"] = "at least"

    def __bool__(self) -> bool:
        return bool(self.items)

    @property
    def items(self) -> tuple[Freeable, ...]:
        """All of it, in the order in which it goes."""
        return (*self.containers, *self.images, *self.caches, *self.build_cache)

    @property
    def size(self) -> int:
        """The bytes freed: at the least, for layers that several of the images share are not counted."""
        return sum(one.size for one in self.items)

    def only(self, selected: Collection[tuple[str, str]]) -> PrunePlan:
        """Return what of it has one of these IDs with the name beside it: an image that was tagged since has not."""

        def among(ones: tuple[Freeable, ...]) -> tuple[Freeable, ...]:
            return tuple(one for one in ones if (one.id, one.name) in selected)

        return PrunePlan(
            containers=among(self.containers),
            images=among(self.images),
            caches=among(self.caches),
            build_cache=among(self.build_cache),
            bound=self.bound,
        )

    def describe(self) -> str:
        """Return the plan in words: "2 ended containers, 1 unused image: at least 120 MB"."""
        if not self:
            return "nothing to remove"
        kinds = {"ended container": self.containers, "unused image": self.images, "run cache": self.caches}
        counts = [f"{len(ones)} {what}{'' if len(ones) == 1 else 's'}" for what, ones in kinds.items() if ones]
        counts += [one.name for one in self.build_cache]
        return f"{', '.join(counts)}: {self.bound} {self.size / 1e6:,.0f} MB"


def disk_usage(engine: Engine) -> Mapping[str, Any]:
    """Return what the engine says its images, containers, volumes and build cache take."""
    with translated("ask how much disk is used"):
        usage: Mapping[str, Any] = engine.client.api.df()
    return usage


def build_cache_size(usage: Mapping[str, Any]) -> int:
    """Return how many bytes of the build cache can be freed, of what `disk_usage` gave: no build or image uses them."""
    records = usage.get("BuildCache") or ()
    return sum(each.get("Size") or 0 for each in records if not (each.get("InUse") or each.get("Shared")))


def plan_prune(
    engine: Engine, *, keep: Collection[str] = (), any_owner: bool = False, build_cache: bool = False
) -> PrunePlan:
    """Return what can be removed: never a container that runs, nor an image that another container uses.

    Args:
        engine: The engine.
        keep: References of images that are used by other means than a container.
        any_owner: Whether what every user made counts, not this one alone.
        build_cache: Whether the cache of all the engine's builds counts.
    """
    api = engine.client.api
    usage = disk_usage(engine)
    with translated("measure what can be freed"):
        # Podman's answer about usage has no labels.
        everyone: list[dict[str, Any]] = api.containers(all=True)
        images: list[dict[str, Any]] = api.images()
    sizes = {hex_of(one["Id"]): one for one in (*(usage.get("Images") or ()), *(usage.get("Containers") or ()))}
    ended = [one for one in everyone if _is_freeable(one, any_owner=any_owner)]
    used = {hex_of(one["ImageID"]) for one in everyone if one not in ended}
    own = own_images()
    ours = [one for one in images if VERSION_LABEL in (one.get("Labels") or {})]
    ours = [one for one in ours if any_owner or hex_of(one["Id"]) in own]
    unused = [one for one in ours if hex_of(one["Id"]) not in used and not {*keep} & {*(one.get("RepoTags") or ())}]
    return PrunePlan(
        containers=tuple(_container(one, sizes.get(hex_of(one["Id"]), {})) for one in ended),
        images=tuple(
            sorted(
                (_image(one, sizes.get(hex_of(one["Id"]), {})) for one in unused), key=lambda image: bool(image.tags)
            )
        ),
        caches=tuple(_cache(one) for one in usage.get("Volumes") or [] if _is_unused_cache(one, any_owner=any_owner)),
        build_cache=_build_cache(usage) if build_cache else (),
        # Containerd counts the packed layers, shared or not, for each image.
        bound="up to" if engine.containerd else "at least",
    )


def _is_freeable(container: Mapping[str, Any], *, any_owner: bool) -> bool:
    """Whether it has ended, and neither a person is to copy something out of it first nor its client does so now."""
    name = container["Names"][0].lstrip("/")
    ours = container["State"] in _ENDED and _is_ours(container, ROLE_LABEL, any_owner=any_owner)
    owner = container["Labels"].get(OWNER_LABEL) if ours else None
    return ours and not name.endswith(KEPT_SUFFIX) and not (owner and is_attended(name, owner))


def prune(engine: Engine, plan: PrunePlan, emit: Emit, *, log_folder: Path) -> None:
    """Remove what the plan says; what has come into use since stays, with a warning.

    Args:
        engine: The engine.
        plan: What to remove.
        emit: Called with each event.
        log_folder: The folder for files that runs wrote outside their mounts; where they can't be copied, their
            container stays.

    Raises:
        EngineLostError: The engine does not answer any more.
    """

    def remove_container(engine: Engine, one: Freeable) -> None:
        remove(engine, one.id, scope="made", log_folder=log_folder, emit=emit)

    with step(emit, "prune", f"Removing {plan.describe()}") as outcome:
        removed = sum(_removed(engine, one, remove_container, emit) for one in plan.containers)
        removed += sum(_removed(engine, one, _remove_image, emit) for one in plan.images)
        removed += sum(_removed(engine, one, _remove_volume, emit) for one in plan.caches)
        removed += sum(_removed(engine, one, _remove_build_cache, emit) for one in plan.build_cache)
        outcome.summary = f"{removed} removed"


def _container(container: Mapping[str, Any], size: Mapping[str, Any]) -> Freeable:
    return Freeable(
        id=container["Id"],
        name=(container.get("Names") or [container["Id"][:12]])[0].lstrip("/"),
        size=size.get("SizeRw") or 0,
    )


def _image(image: Mapping[str, Any], size: Mapping[str, Any]) -> Freeable:
    tags = tuple(tag for tag in image.get("RepoTags") or () if not tag.startswith("<none>"))
    own = image["Size"] - max(size.get("SharedSize") or 0, 0)  # -1 where it is not known
    return Freeable(id=image["Id"], name=", ".join(tags) or hex_of(image["Id"])[:12], size=max(own, 0), tags=tags)


def _is_ours(one: Mapping[str, Any], label: str, *, any_owner: bool) -> bool:
    labels = one.get("Labels") or {}
    return label in labels and (any_owner or is_own(labels))


def _is_unused_cache(volume: Mapping[str, Any], *, any_owner: bool) -> bool:
    ours = volume["Name"].startswith(CACHE_VOLUME_PREFIX) and _is_ours(volume, VERSION_LABEL, any_owner=any_owner)
    return ours and (volume.get("UsageData") or {}).get("RefCount") == 0


def _cache(volume: Mapping[str, Any]) -> Freeable:
    return Freeable(id=volume["Name"], name=volume["Name"], size=max(volume["UsageData"]["Size"], 0))


def _build_cache(usage: Mapping[str, Any]) -> tuple[Freeable, ...]:
    size = build_cache_size(usage)
    return (Freeable(id="build cache", name="the build cache", size=size),) if size else ()


def _remove_build_cache(engine: Engine, _one: Freeable) -> None:
    api = engine.client.api
    timeout, api.timeout = api.timeout, _SECONDS_TO_PRUNE
    try:
        api.prune_builds(all=True)
    finally:
        api.timeout = timeout


def _remove_volume(engine: Engine, one: Freeable) -> None:
    engine.client.api.remove_volume(one.id)


def _remove_image(engine: Engine, one: Freeable) -> None:
    """Remove the image by its tags: by its ID the engine wants force where there is more than one."""
    for name in one.tags or (one.id,):
        engine.client.api.remove_image(name)


def _removed(engine: Engine, one: Freeable, action: Callable[[Engine, Freeable], None], emit: Emit) -> bool:
    try:
        with suppress(MissingError), translated(f"remove '{one.name}'"):
            action(engine, one)
    except EngineLostError:
        raise
    except UnsavedResultsError:  # said by who could not save them
        return False
    except EngineError as error:
        emit(Warned(step="prune", message=error.message))
        return False
    emit(Progress(step="prune", item=one.id, label=one.name, done=True))
    return True
