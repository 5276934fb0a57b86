"""A build context → an Image, with the builder that the engine has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from jupyter_docker.engine.building.buildkit import build_with_buildx
from jupyter_docker.engine.building.outcome import build_failed
from jupyter_docker.engine.building.podman import build_with_podman
from jupyter_docker.engine.building.steps import DOCKER, StepReader
from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.connection.responses import closed_afterwards
from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.engine.images.ownership import record_own
from jupyter_docker.engine.images.store import find_image
from jupyter_docker.values import BuildContext, Emit, Image, ImageReference, MissingError, Secret


def build(
    engine: Engine,
    context: BuildContext,
    *,
    tags: Sequence[ImageReference],
    secrets: Mapping[str, Secret],
    build_contexts: Mapping[str, Path] | None = None,
    proxies: Mapping[str, str] | None = None,
    cache: bool = True,
    platform: str | None = None,
    target: str | None = None,
    emit: Emit,
) -> Image:
    """Build ``context`` and return the image.

    On KeyboardInterrupt nothing goes on. Only buildx takes other contexts, and the classic builder no secrets either:
    those are not used there.

    Args:
        engine: The engine.
        context: The staged build context.
        tags: The references that the image gets, one at least.
        secrets: Secrets by their ids in the Dockerfile.
        build_contexts: Folders that replace stages of the Dockerfile, by the stages' names.
        proxies: Variables such as HTTPS_PROXY, with values that neither the image nor a command line has.
        cache: Whether layers of earlier builds are used.
        platform: The image's platform ("linux/arm64"); None is the engine's own.
        target: The stage to build; None is the last.
        emit: Called with each event.

    Raises:
        BuildError: A step failed.
        BaseImageError: The base image can't be had.
        DiskFullError: The engine's disk is full.
        EngineLostError: The engine does not answer any more.
    """
    if engine.buildx_program is not None:
        build_with_buildx(
            engine, engine.buildx_program, context, tags=tags, secrets=secrets, build_contexts=build_contexts or {},
            proxies=proxies or {}, cache=cache, platform=platform, target=target, emit=emit,
        )  # fmt: skip
    elif engine.has_build_mounts:
        build_with_podman(
            engine, context, tags=tags, secrets=secrets, proxies=proxies or {}, cache=cache, platform=platform,
            target=target, emit=emit,
        )  # fmt: skip
    else:
        build_with_classic(
            engine, context, tags=tags, proxies=proxies or {}, cache=cache, platform=platform, target=target, emit=emit
        )
    image = find_image(engine, str(tags[0]))
    if image is None:
        raise MissingError(f"The image '{tags[0]}' was removed while it was built.", hint="Run the command again.")
    record_own(image.id)
    return image


def build_with_classic(
    engine: Engine,
    context: BuildContext,
    *,
    tags: Sequence[ImageReference],
    proxies: Mapping[str, str],
    cache: bool,
    platform: str | None,
    target: str | None,
    emit: Emit,
) -> None:
    """Build and tag. Raises BuildError, BaseImageError, DiskFullError or EngineLostError."""
    reader = StepReader(emit, DOCKER)
    with translated("build the image"), closed_afterwards(engine):
        error = _build(
            engine, reader,
            path=str(context.root), dockerfile=str(context.dockerfile.relative_to(context.root)), tag=str(tags[0]),
            buildargs=dict(proxies), nocache=not cache, platform=platform, target=target,
        )  # fmt: skip
        if error:
            raise build_failed(step=reader.step, log="".join(reader.lines), reason=error)
        for tag in tags[1:]:
            engine.client.api.tag(str(tags[0]), tag.name, tag.tag or "latest")


def _build(engine: Engine, reader: StepReader, **options: Any) -> str:
    """Build and return the builder's error, empty where it went through."""
    from docker.errors import APIError

    stream = engine.client.api.build(decode=True, rm=True, forcerm=True, **options)
    try:
        return reader.read(cast("Iterator[dict[str, Any]]", stream))
    except APIError as error:  # the Dockerfile can't be read
        return str(error.explanation or error)
