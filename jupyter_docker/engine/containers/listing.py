"""Lists of containers: which are ours, their states, and the URLs of their ports."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jupyter_docker.engine.connection.identity import ROLE_LABEL, Scope, filters_of, is_own, owner_name
from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.values import MissingError

if TYPE_CHECKING:
    from docker.models.containers import Container

    from jupyter_docker.engine.connection.engine import Engine


@dataclass(frozen=True, kw_only=True)
class ContainerInfo:
    """A container in a list: ``state`` is the engine's word ("running"), ``status`` its phrase ("Up 3 minutes").

    ``created`` is ISO 8601; ``ports`` are like "127.0.0.1:8080->80/tcp"; ``ours`` says that this package
    made it, ``own`` that it did for this user; ``owner`` is the name of whom it did it for.
    """

    name: str
    id: str
    image: str
    state: str
    status: str
    created: str
    ports: tuple[str, ...]
    labels: Mapping[str, str]
    ours: bool
    own: bool
    owner: str
    image_id: str


def list_containers(engine: Engine, *, all: bool = False, scope: Scope = "own") -> tuple[ContainerInfo, ...]:  # noqa: A002 - Docker's word
    """Return the containers of ``scope``, newest first.

    Args:
        engine: The engine.
        all: Whether those that ended count too.
        scope: Whose containers count.

    Raises:
        EngineError: The engine failed.
    """
    with translated("list the containers"):
        found: list[dict[str, Any]] = engine.client.api.containers(all=all, filters=filters_of(scope))
    return tuple(_info(one) for one in found)


def find(engine: Engine, name: str, *, scope: Scope = "own") -> Container:
    """Return the container of that name or ID.

    Args:
        engine: The engine.
        name: The container's name or ID.
        scope: Whose containers count.

    Raises:
        MissingError: There is none, or it is not of ``scope``.
    """
    with translated(f"find the container '{name}'"):
        try:
            container = engine.client.containers.get(name)
        except _not_found() as error:
            raise MissingError(
                f"There is no container '{name}'.", hint="`jupyter containerize ps -a` lists the containers."
            ) from error
    if scope != "all" and ROLE_LABEL not in container.labels:
        raise MissingError(
            f"The container '{name}' was not made by jupyter-containerize, so it is left alone.",
            hint="For a container of another program use `docker` itself.",
        )
    if scope == "own" and not is_own(container.labels):
        raise MissingError(
            f"The container '{name}' is another user's ({owner_name(container.labels)}), so it is left alone.",
            hint="If you mean it all the same, say so: --any-owner",
        )
    return container


def _not_found() -> type[Exception]:
    from docker.errors import NotFound

    return NotFound


def _info(listed: Mapping[str, Any]) -> ContainerInfo:
    labels = listed.get("Labels") or {}
    return ContainerInfo(
        name=(listed.get("Names") or [""])[0].lstrip("/"),
        id=listed["Id"],
        image=listed["Image"],
        state=listed["State"],
        status=listed["Status"],
        created=_moment(listed["Created"]),
        ports=tuple(sorted({_port(port) for port in listed.get("Ports") or ()})),
        labels=labels,
        ours=ROLE_LABEL in labels,
        own=is_own(labels),
        owner=owner_name(labels),
        image_id=listed.get("ImageID") or "",
    )


def _moment(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (OverflowError, ValueError, OSError):
        return ""  # a clock that nobody set


def _port(port: Mapping[str, Any]) -> str:
    inside = f"{port['PrivatePort']}/{port['Type']}"
    return f"{port.get('IP') or ''}:{port['PublicPort']}->{inside}" if port.get("PublicPort") else inside


def inventory_mark(engine: Engine) -> int:
    """Return a number that is another when an image or a container has come, gone or changed its state."""
    with translated("list what the engine has"):
        containers = engine.client.api.containers(all=True)
        images = engine.client.api.images()
    held = {(one["Id"], one["State"], *(one.get("Names") or ())) for one in containers}
    tagged = {(one["Id"], *(one.get("RepoTags") or ())) for one in images}
    return hash((frozenset(held), frozenset(tagged)))


def container_events(engine: Engine, container: str, *, since: float) -> dict[str, str]:
    """Return what happened to a container since that time: action → exit status, empty where it has none.

    Args:
        engine: The engine.
        container: Its name or ID.
        since: A time, in seconds since the epoch.
    """
    filters = {"container": container, "type": "container"}
    times: dict[str, Any] = {"since": f"{since:.6f}", "until": f"{time.time():.6f}"}
    with translated("ask what happened to the kernel's container"):
        found: list[dict[str, Any]] = list(engine.client.api.events(**times, filters=filters, decode=True))
    return {one["Action"]: one["Actor"]["Attributes"].get("exitCode", "") for one in found}


_EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - read from the engine, not bound to


def urls_of(attrs: Mapping[str, Any]) -> dict[str, str]:
    """Return for each published port ("80/tcp") its URL on this machine, from what ``inspect`` says."""
    published = (attrs.get("NetworkSettings") or {}).get("Ports") or {}
    return {port: _url(port, bindings[0]) for port, bindings in published.items() if bindings}


def _url(port: str, binding: Mapping[str, str]) -> str:
    address = binding.get("HostIp", "")
    host = "localhost" if address in _EVERYWHERE else f"[{address}]" if ":" in address else address
    authority = f"{host}:{binding['HostPort']}"
    return f"http://{authority}" if port.endswith("/tcp") else f"udp://{authority}"
