"""Tags, and push to and pull from a registry with the credentials that `docker login` keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.connection.responses import closed_afterwards
from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.engine.images.ownership import record_own
from jupyter_docker.values import (
    BaseImageError,
    ContainerizeError,
    DiskFullError,
    Emit,
    ImageReference,
    Progress,
    PushError,
    UsageError,
)


def add_tag(engine: Engine, identity: str, tag: ImageReference) -> None:
    """Give the image of that ID (with or without "sha256:") another tag, "latest" where ``tag`` names none.

    Raises docker-py's errors.
    """
    # Podman 4 takes an ID that has its algorithm for a name, and refuses it.
    engine.client.api.tag(identity.removeprefix("sha256:"), tag.name, tag.tag or "latest")


_DONE = frozenset({"Pull complete", "Pushed", "Already exists", "Layer already exists", "Download complete"})
_CACHED = frozenset({"Already exists", "Layer already exists"})


class TransferError(Exception):
    """The transfer failed, in the engine's words."""


def follow(lines: Iterable[Mapping[str, Any]], step: Literal["pull", "push"], emit: Emit) -> dict[str, Any]:
    """Emit a Progress for each line about a layer; returns the ``aux`` object (``Tag``, ``Digest``, ``Size``).

    ``lines`` is the stream of the API's ``/images/create`` or ``/images/{name}/push``. Raises TransferError.
    """
    aux: dict[str, Any] = {}
    for line in lines:
        if "error" in line:
            raise TransferError((line.get("errorDetail") or {}).get("message") or line["error"])
        aux.update(line.get("aux") or {})
        # A line without progress and with an id names the tag ("Pulling from library/python").
        if "id" in line and "progressDetail" in line:
            emit(_progress(line, step))
    return aux


def _progress(line: Mapping[str, Any], step: Literal["pull", "push"]) -> Progress:
    status, detail = line["status"], line["progressDetail"] or {}
    # "Extracting" counts in seconds where the layers are unpacked by containerd.
    in_bytes = detail.get("units", "bytes") == "bytes" and "current" in detail
    return Progress(
        step=step,
        item=line["id"],
        label=f"{status} {line['id']}",
        current=detail.get("current"),
        total=detail.get("total"),
        unit="bytes" if in_bytes else "items",
        done=status in _DONE,
        cached=status in _CACHED,
    )


DEFAULT_REGISTRY = "docker.io"


@dataclass(frozen=True)
class _Refusal:
    """A refusal known by its words, whose named groups the text may name beside ``registry`` and ``repository``."""

    pattern: str
    message: str
    hint: str


_REFUSALS = (
    _Refusal(
        r"credentials entry error: (?P<detail>.*)",
        "{detail}",
        "Log in again, which writes that entry anew: docker login {registry}",
    ),
    _Refusal(
        r"credentials store error: (?:StoreError\(['\"])?(?P<detail>[^'\"]*)",
        "the program that keeps the credentials for '{registry}' failed ({detail})",
        "Install it, or take `credsStore` and `credHelpers` out of Docker's config.json: docker login {registry}",
    ),
    _Refusal(
        r"pull access denied|repository does not exist",
        "the registry '{registry}' has no '{repository}', or does not show it to this user",
        "Check the name; for a private image, log in first: docker login {registry}",
    ),
    _Refusal(
        r"no basic auth credentials|authentication required|\b401\b|incorrect username or password",
        "the registry '{registry}' does not accept the credentials, or has none of yours",
        "Log in first: docker login {registry}",
    ),
    _Refusal(
        r"denied|insufficient_scope|\b403\b|forbidden",
        "the registry '{registry}' does not let this user into '{repository}'",
        "Log in as a user who may (docker login {registry}), or choose another repository: -t {registry}/NAME:TAG",
    ),
    _Refusal(
        r"HTTP response to HTTPS client",
        "the registry '{registry}' speaks plain HTTP",
        "Give the registry a certificate, or list it under `insecure-registries` in the engine's settings.",
    ),
    _Refusal(
        r"x509|certificate",
        "the engine does not trust the certificate of the registry '{registry}'",
        "Put its CA into /etc/docker/certs.d/{registry}/ca.crt on the engine's machine.",
    ),
    _Refusal(
        r"connection refused|no such host|timeout|timed out|network is unreachable|no route to host|\bEOF\b",
        "the registry '{registry}' can't be reached",
        "Check its name and the network; the engine itself must reach it.",
    ),
    _Refusal(
        r"manifest unknown|not found|no matching manifest",
        "the registry '{registry}' has no such image",
        "Check the name and the tag; an image may also exist for other processors only.",
    ),
)


def push(engine: Engine, image: str, target: ImageReference, emit: Emit) -> str:
    """Tag ``image`` as ``target``, push it, and return the digest under which the registry has it.

    Where that fails the tag is as it was before.

    Args:
        engine: The engine.
        image: The reference or ID of an image that the engine has.
        target: The reference to push it under; without a tag it means "latest".
        emit: Called with each event.

    Raises:
        PushError: The registry refused it.
        MissingError: The engine has no such image.
        EngineLostError: The engine does not answer any more.
    """
    from docker.errors import DockerException

    if target.digest:
        raise UsageError(f"'{target}' names a digest, which nobody can choose.", hint="Push to NAME:TAG.")
    tag = target.tag or "latest"
    with _tagged(engine, image, target.tagged(tag)), translated(f"push '{target}'"), closed_afterwards(engine):
        try:
            aux = follow(engine.client.api.push(target.name, tag, stream=True, decode=True), "push", emit)
        except (TransferError, DockerException) as error:
            message, hint = refusal(error, target)
            if not hint and not isinstance(error, TransferError):
                raise
            raise PushError(f"Could not push '{target}': {message}.", hint=hint) from error
    return str(aux.get("Digest", ""))


def pull(engine: Engine, reference: ImageReference, *, platform: str = "", emit: Emit) -> None:
    """Pull an image.

    Args:
        engine: The engine.
        reference: The image's reference.
        platform: Its platform ("linux/arm64"); empty is the engine's own.
        emit: Called with each event.

    Raises:
        BaseImageError: The registry does not give it.
        DiskFullError: The engine's disk is full.
        EngineLostError: The engine does not answer any more.
    """
    from docker.errors import DockerException

    # By digest there is no tag; the API takes the digest in the tag's place.
    tag = reference.digest or reference.tag or "latest"
    with translated(f"pull '{reference}'"), closed_afterwards(engine):
        try:
            stream = engine.client.api.pull(reference.name, tag, stream=True, decode=True, platform=platform or None)
            follow(stream, "pull", emit)
            record_own(str(engine.client.images.get(str(reference)).id))
        except (TransferError, DockerException) as error:
            message, hint = refusal(error, reference)
            if "no space left on device" in str(error):
                raise DiskFullError(f"The engine's disk is full: '{reference}' could not be pulled.") from error
            if not hint and not isinstance(error, TransferError):
                raise
            raise BaseImageError(f"Could not pull '{reference}': {message}.", hint=hint) from error


@contextmanager
def _tagged(engine: Engine, image: str, target: ImageReference) -> Iterator[None]:
    """Tag ``image`` as ``target``; where the body fails, the tag is what it was."""
    from docker.errors import NotFound

    api, images = engine.client.api, engine.client.images
    with translated(f"tag the image '{image}' as '{target}'"):
        wanted = images.get(image)
        try:
            before = images.get(str(target)).id
        except NotFound:
            before = None
        add_tag(engine, str(wanted.id), target)
    try:
        yield
    except BaseException:
        with suppress(ContainerizeError), translated(f"untag '{target}'"):
            if before is not None:
                add_tag(engine, before, target)
            elif wanted.tags:  # the last tag would take the image with it
                api.remove_image(str(target))
        raise


def registry_refusal(engine: Engine, reference: ImageReference) -> tuple[str, str] | None:
    """Ask the registry for the image; return None where it has it, else what went wrong and what to do."""
    from docker.errors import APIError, DockerException

    try:
        engine.client.images.get_registry_data(str(reference))
    except (APIError, DockerException) as error:
        return refusal(error, reference)
    return None


def refusal(error: BaseException, reference: ImageReference) -> tuple[str, str]:
    """Return what went wrong and what to do, the engine's own words and no hint where they are not known."""
    explanation = str(getattr(error, "explanation", None) or error)
    registry = reference.registry or DEFAULT_REGISTRY
    for known in _REFUSALS:
        found = re.search(known.pattern, explanation, re.IGNORECASE)
        if found:
            facts = {"registry": registry, "repository": reference.repository, **found.groupdict()}
            return known.message.format(**facts), known.hint.format(**facts)
    return explanation.strip().rstrip("."), ""
