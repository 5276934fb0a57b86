"""Build with Podman's service: Docker's build request, and what Podman adds to it to have secrets.

https://docs.podman.io/en/latest/_static/api.html#tag/images-(compat)/operation/ImageBuild
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, cast

from jupyter_docker.engine.building.outcome import build_failed
from jupyter_docker.engine.building.steps import PODMAN, StepReader
from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.connection.responses import closed_afterwards
from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.values import BuildContext, Emit, ImageReference, Secret

if TYPE_CHECKING:
    from requests import Response

_SECRET_PREFIX = "podman-build-secret-"  # noqa: S105 - a file's name


def build_with_podman(
    engine: Engine,
    context: BuildContext,
    *,
    tags: Sequence[ImageReference],
    secrets: Mapping[str, Secret],
    proxies: Mapping[str, str],
    cache: bool,
    platform: str | None,
    target: str | None,
    emit: Emit,
) -> None:
    """Build and tag. Raises BuildError, BaseImageError, DiskFullError or EngineLostError."""
    reader = StepReader(emit, PODMAN)
    parameters = {
        "t": [str(tag) for tag in tags],
        "dockerfile": str(context.dockerfile.relative_to(context.root)),
        "secrets": json.dumps([f"id={name},src={_SECRET_PREFIX}{name}" for name in secrets]),
        "buildargs": json.dumps(dict(proxies)),
        "nocache": str(not cache).lower(),
        "rm": "true",
        "forcerm": "true",
        **({"platform": platform} if platform else {}),
        **({"target": target} if target else {}),
    }
    with translated("build the image"), closed_afterwards(engine), _archive(context, secrets) as archive:
        error = reader.read(_answers(_posted(engine, parameters, archive)))
    if error:
        raise build_failed(step=reader.step, log="".join(reader.lines), reason=error)


def _archive(context: BuildContext, secrets: Mapping[str, Secret]) -> IO[bytes]:
    """Return the context as a tar file; Podman takes the secrets out of it before it builds."""
    from docker.utils.build import create_archive

    files = [str(path) for path in context.files]
    texts = [(f"{_SECRET_PREFIX}{name}", _text(secret)) for name, secret in secrets.items()]
    nameless = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it; nothing is left of it by any end
    return cast("IO[bytes]", create_archive(str(context.root), files=files, extra_files=texts, fileobj=nameless))


def _text(secret: Secret) -> str:
    return secret if isinstance(secret, str) else secret.read_text(encoding="utf-8")


def _posted(engine: Engine, parameters: Mapping[str, Any], archive: IO[bytes]) -> Response:
    """Return the answer to the request, which docker-py's own method has no parameter for the secrets of."""
    from docker.errors import create_api_error_from_http_exception
    from requests import HTTPError

    api = engine.client.api
    url = f"{api.base_url}/v{api.api_version}/build"
    answer = api.post(
        url, params=parameters, data=archive, headers={"Content-Type": "application/x-tar"}, stream=True, timeout=None
    )
    try:
        answer.raise_for_status()
    except HTTPError as error:
        raise create_api_error_from_http_exception(error) from error
    return answer


def _answers(answer: Response) -> Iterator[Mapping[str, Any]]:
    for line in answer.iter_lines():
        if line:
            yield json.loads(line)
