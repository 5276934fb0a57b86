"""A container made from a RunSpec, and taken away again where it does not start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from jupyter_docker.advice import diagnose
from jupyter_docker.engine.connection.identity import Role, labels_of, name_of, uid_gid
from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.engine.containers.configuration import container_config
from jupyter_docker.engine.containers.users import name_user
from jupyter_docker.engine.containers.volumes import give, make_volume, missing_volumes, remove_volumes
from jupyter_docker.values import (
    ContainerizeError,
    Emit,
    EngineError,
    MissingError,
    Mount,
    MountError,
    NameTakenError,
    PortTakenError,
    RunSpec,
    Warned,
)

if TYPE_CHECKING:
    from docker.models.containers import Container

    from jupyter_docker.engine.connection.engine import Engine


def create(
    engine: Engine,
    spec: RunSpec,
    emit: Emit,
    *,
    role: Role = "detached",
    name: str = "",
    labels: Mapping[str, str] | None = None,
    tethered: bool = False,
) -> Container:
    """Make the container and start nothing; what the engine warns of is emitted.

    A ``tethered`` one has a stdin, which ends with the first connection to it. A kernel's goes with its end, for the
    engine itself removes it; all others stay until they are removed. Where it raises, nothing is left.

    Args:
        engine: The engine.
        spec: The container; its bind mounts whose source is gone, and that a run can go on without, are left out.
        emit: Called with a Warned event for each warning of the engine's.
        role: What it is for, which a label of it says.
        name: Its name, else one made of the specification's.
        labels: More labels.
        tethered: Whether it has a stdin.

    Raises:
        MountError: A mount's source is missing.
        MissingError: There is no such image.
        NameTakenError: Another container has the name.
        UsageError: The engine takes a word of the specification for none of its own.
        EngineError: The engine refuses it for any other reason.
    """
    spec = replace(spec, mounts=tuple(mount for mount in spec.mounts if _is_there(engine, mount)))
    name = name or name_of(spec)
    fresh: list[Mount] = []
    try:
        config = container_config(
            engine, spec, _image_config(engine, spec), tethered=tethered, auto_remove=role == "kernel"
        )
        config |= {"name": name, "labels": {**labels_of(spec, role), **(labels or {})}}
        for mount in missing_volumes(engine, spec):
            make_volume(engine, mount)
            fresh.append(mount)
        return _create(engine, emit, config, spec, fresh)
    except BaseException as error:
        remove_volumes(engine, fresh)
        if isinstance(error, ContainerizeError):
            raise explained(error, spec, name) from error
        raise


def start(container: Container, spec: RunSpec) -> None:
    """Start it; raises PortTakenError, MountError or EngineError, and then the container is removed."""
    name = str(container.name)
    try:
        with translated(f"start '{name}'"):
            container.start()
    except ContainerizeError as error:
        with suppress(EngineError):
            discard(container)
        raise explained(error, spec, name) from error


def discard(container: Container) -> None:
    """Remove the container and its anonymous volumes, running or not; no matter if it is gone already."""
    with suppress(MissingError), translated(f"remove '{container.name}'"):
        container.remove(force=True, v=True)


class Removal:
    """Removes a container at the end of a ``with`` block, however that ends, unless cancelled."""

    def __init__(self, container: Container, emit: Emit) -> None:
        self._container = container
        self._emit = emit
        self.wanted = True

    def cancel(self) -> None:
        """Leave the container."""
        self.wanted = False

    def allow(self) -> None:
        """Remove it after all."""
        self.wanted = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if not self.wanted:
            return
        try:
            discard(self._container)
        except EngineError as refusal:
            # After a lost engine this is no news, and the next run sweeps it up.
            if not isinstance(error, EngineError):
                self._emit(Warned(step="run", message=refusal.message, hint="The next run removes it."))


def _is_there(engine: Engine, mount: Mount) -> bool:
    """Whether it can be mounted, once its folder is made; raises MountError where something else is missing."""
    if not mount.make:
        mount.check()
        return True
    with suppress(OSError):
        if engine.shares_files:
            Path(mount.source).mkdir(parents=True, exist_ok=True)
            return True
    return False


def _image_config(engine: Engine, spec: RunSpec) -> Mapping[str, Any]:
    try:
        with translated(f"find the image '{spec.image}'"):
            return engine.client.images.get(spec.image).attrs.get("Config") or {}
    except MissingError as error:
        raise MissingError(
            f"The engine has no image '{spec.image}'.",
            hint="Build it first, or correct the name; `jupyter containerize images` lists what there is.",
        ) from error


def _create(engine: Engine, emit: Emit, config: dict[str, Any], spec: RunSpec, fresh: list[Mount]) -> Container:
    with translated(f"make the container '{config['name']}'"):
        made = engine.client.api.create_container(**config)
    try:
        for warning in made.get("Warnings") or ():
            emit(Warned(step="run", message=warning))
        with translated(f"find the container '{config['name']}'"):
            container = engine.client.containers.get(made["Id"])
        owner = uid_gid(config["user"])
        if owner is not None:
            give(container, fresh, owner)
            name_user(container, owner, spec.mounts)
    except BaseException:
        with suppress(EngineError), translated("remove the container"):
            engine.client.api.remove_container(made["Id"], force=True, v=True)
        raise
    return container


def explained(error: ContainerizeError, spec: RunSpec, name: str) -> ContainerizeError:
    """Return ``error`` with what the user can do about it; itself where the engine's words are all there is."""
    match error:
        case PortTakenError():
            return PortTakenError(f"{_taken(error.message, spec)} in use on this machine, so '{name}' was not started.")
        case NameTakenError():
            return NameTakenError(
                f"There is a container named '{name}' already.",
                hint=f"Choose another --name, or end and remove that one: jupyter containerize rm -f {name}",
            )
        case MountError():
            return MountError(error.message, hint="Create the folder or file first, or correct the path.")
        case MissingError() if spec.network and f"network {spec.network} not found" in error.message:
            return MissingError(
                f"There is no network '{spec.network}'.", hint=f"Make it: docker network create {spec.network}"
            )
        case EngineError():
            return _diagnosed(error, spec)
    return error


def _taken(message: str, spec: RunSpec) -> str:
    """Return which port it is; the engine does not always say."""
    fixed = [port.host for port in spec.ports if port.host]
    named = [port for port in fixed if re.search(rf":{port}\b", message)]
    if len(named or fixed) == 1:
        return f"Port {(named or fixed)[0]} is"
    return f"One of the ports {', '.join(map(str, fixed))} is" if fixed else "A port that the engine chose is"


def _diagnosed(error: EngineError, spec: RunSpec) -> EngineError:
    found = diagnose(error.message, "start")
    if not found or (found.kind == "gpu" and not spec.gpus):
        return error
    message = f"{found.message}: {error.message}" if found.message else error.message
    return EngineError(message, hint=found.advice.hint)
