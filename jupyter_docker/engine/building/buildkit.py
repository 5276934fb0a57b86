"""Build through BuildKit: ``buildx build`` with its progress as events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from jupyter_docker.engine.building.outcome import build_cut_off, build_failed
from jupyter_docker.engine.building.rawjson import ProgressReader
from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.values import (
    BuildContext,
    Emit,
    EngineError,
    ImageReference,
    ProcessError,
    Secret,
    UsageError,
    run_program,
)

# What buildx would look up or write beside the build, and nobody reads.
_QUIET = {
    "BUILDX_GIT_INFO": "false",
    "BUILDX_METADATA_PROVENANCE": "disabled",
    "BUILDX_NO_DEFAULT_ATTESTATIONS": "1",
    "DOCKER_CLI_HINTS": "false",
}


def build_with_buildx(
    engine: Engine,
    program: Path,
    context: BuildContext,
    *,
    tags: Sequence[ImageReference],
    secrets: Mapping[str, Secret],
    build_contexts: Mapping[str, Path],
    proxies: Mapping[str, str],
    cache: bool,
    platform: str | None,
    target: str | None,
    emit: Emit,
) -> None:
    """Build and tag. Raises BuildError, BaseImageError, DiskFullError or EngineLostError."""
    reader = ProgressReader(emit)
    command = [
        str(program), "build", "--builder", engine.context, "--progress", "rawjson", "--load", "--provenance=false",
        "--file", str(context.dockerfile),
        *_each("--tag", map(str, tags)),
        *_each("--secret", (_secret(name, secret) for name, secret in secrets.items())),
        *_each("--build-context", (f"{name}={path}" for name, path in build_contexts.items())),
        # Without a value buildx takes it from its environment: an address may hold a password.
        *_each("--build-arg", proxies),
        *([] if cache else ["--no-cache"]),
        *(["--platform", platform] if platform else []),
        *(["--target", target] if target else []),
        str(context.root),
    ]  # fmt: skip
    texts = {_variable(name): secret for name, secret in secrets.items() if isinstance(secret, str)}
    try:
        run_program(command, on_line=reader.feed, env={**engine.cli_environment(), **_QUIET, **proxies, **texts})
    except ProcessError as error:
        raise _failure(reader, error) from error


def _each(option: str, values: Iterable[str]) -> list[str]:
    return [word for value in values for word in (option, value)]


def _secret(name: str, secret: Secret) -> str:
    if isinstance(secret, str):
        return f"id={name},env={_variable(name)}"
    # buildx reads the value as a line of CSV.
    if "\n" in str(secret):
        raise UsageError(f"The secret's file {str(secret)!r} has a line break in its name.", hint="Rename it.")
    return f'id={name},"src={str(secret).replace(chr(34), chr(34) * 2)}"'


def _variable(name: str) -> str:
    """Return the variable that buildx alone has the text of the secret in: only its user can look there."""
    return f"CONTAINERIZE_SECRET_{name.upper()}"


def _failure(reader: ProgressReader, error: ProcessError) -> EngineError:
    failed = reader.failed
    if error.status < 0:
        return build_cut_off("buildx", -error.status)
    reason = reader.error or next((line for line in reversed(reader.plain) if line.strip()), "it said nothing")
    return build_failed(step=failed.name if failed else "", log=failed.log if failed else "", reason=reason)
