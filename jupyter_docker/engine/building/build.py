"""A build context → an Image, with the builder that the engine has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from jupyter_docker.engine.building.buildkit import build_with_buildx
from jupyter_docker.engine.building.classic import build_with_classic
from jupyter_docker.engine.building.podman import build_with_podman
from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.images.store import find_image
from jupyter_docker.values.errors import MissingError
from jupyter_docker.values.events import Emit
from jupyter_docker.values.image import BuildContext, Image, Secret
from jupyter_docker.values.image_reference import ImageReference


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
    """Build ``context`` and return the image, which has all of ``tags`` (one at least).

    ``secrets`` are by their ids in the Dockerfile, ``build_contexts`` its stages' names to folders that replace
    them, ``proxies`` variables such as HTTPS_PROXY to values that neither the image nor a command line has. Raises
    BuildError, BaseImageError, DiskFullError or EngineLostError. On KeyboardInterrupt nothing goes on.

    Only buildx takes other contexts, and the classic builder no secrets either: those are not used there.
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
    return image
