"""Whether the base image is there or can be pulled, and whether its Python is the notebook's."""

from __future__ import annotations

from jupyter_docker.doctor.check import Check
from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.images.registry import asked_of_registry
from jupyter_docker.engine.images.store import find_image
from jupyter_docker.values.errors import BaseImageError
from jupyter_docker.values.image import Image
from jupyter_docker.values.image_reference import ImageReference


def check_base(engine: Engine, reference: ImageReference, python: str) -> Check:
    """Look for the image on the engine, then ask its registry; ``python`` is the notebook's, "3.11"."""
    image = find_image(engine, str(reference))
    return _missing(engine, reference) if image is None else _present(engine, image, python)


def _present(engine: Engine, image: Image, python: str) -> Check:
    version = image.python_version
    of_python = f", Python {version}" if version else ""
    detail = f"{image.reference} is there: {image.size / 1e6:,.0f} MB, {image.platform}{of_python}"
    if image.platform.split("/")[1] != engine.architecture:
        return _advice(f"{detail}; the engine is {engine.architecture}, so it runs slowly if at all.")
    if version and not f"{version}.".startswith(f"{python}."):
        return _advice(f"{detail}, but Python {python} here.", f"Choose the same: --base python:{python}-slim")
    return Check(name="base image", detail=detail)


def _missing(engine: Engine, reference: ImageReference) -> Check:
    if engine.podman:  # it has no way to ask a registry without pulling
        return _advice(f"{reference} is not there yet; the first build pulls it.")
    if refused := asked_of_registry(engine, reference):
        message, hint = refused
        return Check(
            name="base image",
            level="problem",
            detail=f"{reference} is not there and can't be pulled: {message}.",
            remedy=hint or BaseImageError.default_hint,
        )
    return Check(name="base image", detail=f"{reference} is not there yet; the first build pulls it.")


def _advice(detail: str, remedy: str = "") -> Check:
    return Check(name="base image", level="advice", detail=detail, remedy=remedy)
