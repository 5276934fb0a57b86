"""Images that the engine has: find, list, tag, remove; and the base image, pulled where it is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.connection.identity import VERSION_LABEL, Scope
from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.engine.images.base_system import printed_by_python
from jupyter_docker.engine.images.ownership import hex_of, own_images
from jupyter_docker.engine.images.registry import add_tag, pull
from jupyter_docker.values import (
    BaseImageError,
    ContainerizeError,
    Emit,
    EngineError,
    Image,
    ImageReference,
    MissingError,
    step,
)

_ID = re.compile(r"(?:sha256:)?[0-9a-f]{12,64}")
UNTAGGED = ImageReference(repository="<none>")
_PRINT_VERSION = "import platform; print(platform.python_version())"


def find_image(engine: Engine, reference: str) -> Image | None:
    """Return the image of that reference or ID, None where the engine has none."""
    attributes = _inspect(engine, reference)
    if attributes is None:
        return None
    by_id = _is_id(reference, attributes)
    return _image(attributes, _references(attributes)[0] if by_id else ImageReference.parse(reference))


def list_images(engine: Engine, *, scope: Scope = "own") -> tuple[Image, ...]:
    """Return the images of ``scope``, newest first, once for each tag.

    The reference of one without a tag is UNTAGGED.
    """
    with translated("list the images"):
        found = engine.client.api.images(filters={} if scope == "all" else {"label": VERSION_LABEL})
    if scope == "own":
        own = own_images()
        found = [summary for summary in found if hex_of(summary["Id"]) in own]
    # One may have been removed since.
    inspected = [attributes for summary in found if (attributes := _inspect(engine, summary["Id"])) is not None]
    return tuple(_image(attributes, reference) for attributes in inspected for reference in _references(attributes))


def tag_image(engine: Engine, image: Image, tag: ImageReference) -> None:
    """Give the image another tag; another image may lose it.

    Args:
        engine: The engine.
        image: The image.
        tag: Its further reference; without a tag it means "latest".
    """
    with translated(f"tag the image '{image.reference}' as '{tag}'"):
        add_tag(engine, image.id, tag)


def remove_image(engine: Engine, reference: str, *, scope: Scope = "own") -> None:
    """Remove the tag, and the image when it was its last.

    Args:
        engine: The engine.
        reference: The image's reference or ID.
        scope: Which images it may be one of.

    Raises:
        UsageError: It is no reference.
        MissingError: There is no such image, or it is not of ``scope``.
        EngineError: A container uses it, or the engine failed.
    """
    name = reference if _ID.fullmatch(reference) else str(ImageReference.parse(reference))
    image = find_image(engine, name)
    if image is None:
        raise MissingError(f"There is no image '{reference}'.")
    if scope != "all" and VERSION_LABEL not in image.labels:
        raise MissingError(
            f"The image '{reference}' was not made by jupyter-containerize, so it is left alone.",
            hint="For an image of another program use `docker` itself.",
        )
    if scope == "own" and hex_of(image.id) not in own_images():
        raise MissingError(
            f"The image '{reference}' was made by another user of this engine, so it is left alone.",
            hint="If you mean it all the same, `jupyter containerize prune --any-owner` frees what nobody uses.",
        )
    try:
        with translated(f"remove the image '{reference}'"):
            engine.client.api.remove_image(name)
    except EngineError as error:
        if type(error) is not EngineError:
            raise
        hint = "Remove the containers that use it first (`jupyter containerize ps -a`), or name one of its tags."
        raise EngineError(error.message, hint=hint) from error


def ensure_base(engine: Engine, reference: ImageReference, *, platform: str = "", emit: Emit) -> Image:
    """Return the base image, pulled where the engine does not have it for that platform, with its Python version.

    Args:
        engine: The engine.
        reference: The base image's reference.
        platform: Its platform ("linux/arm64"); empty is the engine's own.
        emit: Called with each event.

    Raises:
        BaseImageError: It can't be had.
    """
    image = find_image(engine, str(reference))
    if image is None or (platform and not _same_platform(image.platform, platform)):
        image = _pull_base(engine, reference, platform, emit)
    return image if image.python_version else replace(image, python_version=base_python(engine, image))


def base_python(engine: Engine, image: Image) -> str:
    """Return the version of the image's ``python`` ("3.11.7"); raises BaseImageError where it has none to run."""
    if image.python_version:
        return image.python_version
    try:
        printed = printed_by_python(engine, image, _PRINT_VERSION, f"ask '{image.reference}' for its Python")
    except ContainerizeError as error:
        raise BaseImageError(
            f"The base image '{image.reference}' has no 'python' that runs.",
            hint="Choose one that has, such as python:3.11-slim, with --base.",
        ) from error
    return printed.strip()


def _inspect(engine: Engine, reference: str) -> dict[str, Any] | None:
    from docker.errors import NotFound

    with translated(f"look for the image '{reference}'"):
        try:
            return engine.client.images.get(reference).attrs
        except NotFound:
            return None


def _pull_base(engine: Engine, reference: ImageReference, platform: str, emit: Emit) -> Image:
    with step(emit, "pull", f"Pulling {reference}") as outcome:
        pull(engine, reference, platform=platform, emit=emit)
        image = find_image(engine, str(reference))
        if image is None:
            raise BaseImageError(f"The base image '{reference}' was removed while it was pulled.")
        outcome.summary = f"{image.size / 1e6:,.0f} MB"
    if platform and not _same_platform(image.platform, platform):
        raise BaseImageError(
            f"The base image '{reference}' does not exist for {platform}, only for {image.platform}.",
            hint="Leave --platform out, or choose another base image with --base.",
        )
    return image


def _same_platform(one: str, other: str) -> bool:
    """Compare operating system and architecture; "linux/arm64/v8" is "linux/arm64"."""
    return one.split("/")[:2] == other.split("/")[:2]


def _image(attributes: Mapping[str, Any], reference: ImageReference) -> Image:
    config = attributes.get("Config") or {}
    variables = dict(entry.partition("=")[::2] for entry in config.get("Env") or ())
    digests = [text.rpartition("@") for text in attributes.get("RepoDigests") or ()]
    return Image(
        id=attributes["Id"],
        reference=reference,
        size=attributes["Size"],
        platform="/".join(part for key in ("Os", "Architecture", "Variant") if (part := attributes.get(key))),
        labels=config.get("Labels") or {},
        digest=next((digest for name, _, digest in digests if name == reference.name), ""),
        created=attributes.get("Created") or "",
        python_version=variables.get("PYTHON_VERSION", ""),
    )


def _references(attributes: Mapping[str, Any]) -> list[ImageReference]:
    tags = [tag for tag in attributes.get("RepoTags") or () if not tag.startswith("<none>")]
    return [ImageReference.parse(tag) for tag in tags] or [UNTAGGED]


def _is_id(text: str, attributes: Mapping[str, Any]) -> bool:
    return bool(attributes["Id"].removeprefix("sha256:").startswith(text.removeprefix("sha256:")))


def image_entrypoint(engine: Engine, image: Image) -> list[str]:
    """Return the arguments that the image's containers begin with; none where it has no list of them."""
    entrypoint = _config(engine, image).get("Entrypoint")
    return [each for each in entrypoint if isinstance(each, str)] if isinstance(entrypoint, list) else []


def image_workdir(engine: Engine, image: Image) -> str:
    """Return the absolute path of the folder that the image's containers begin in; empty where it names none."""
    workdir = str(_config(engine, image).get("WorkingDir") or "")
    return workdir if workdir.startswith("/") and workdir.strip("/") else ""


def _config(engine: Engine, image: Image) -> dict[str, Any]:
    with translated(f"look at '{image.reference}'"):
        return engine.client.images.get(image.id).attrs.get("Config") or {}
