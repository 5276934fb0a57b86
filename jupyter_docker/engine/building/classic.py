"""Build with the classic builder, through docker-py: for an engine without BuildKit, or a machine without buildx."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from jupyter_docker.engine.building.outcome import build_failed
from jupyter_docker.engine.building.steps import DOCKER, StepReader
from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.connection.responses import closed_afterwards
from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.values.events import Emit
from jupyter_docker.values.image import BuildContext
from jupyter_docker.values.image_reference import ImageReference


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
