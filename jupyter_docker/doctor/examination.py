"""The checks of `doctor`: the engine and all that a build needs, each with what to do where it fails."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator
from functools import partial

from jupyter_docker.doctor.check import Check
from jupyter_docker.doctor.health import (
    check_architecture,
    check_builder,
    check_disk,
    check_limits,
    check_memory,
    check_version,
)
from jupyter_docker.engine import Engine, connect, find_image, registry_refusal
from jupyter_docker.freeze import (
    WHEELS_ONLY,
    IndexSettings,
    VersionMissingError,
    explain_failure,
    read_index_settings,
    run_uv,
)
from jupyter_docker.values import BaseImageError, ContainerizeError, Image, ImageReference, ProcessError, scratch_folder

# Any name would do: an index that does not have it has answered.
_ASKED_FOR = "packaging"
# An answer now, neither one from the cache nor one after a minute of retries.
_AT_ONCE = {"UV_NO_CACHE": "1", "UV_HTTP_RETRIES": "0", "UV_HTTP_TIMEOUT": "10"}

__all__ = ["Check", "examine"]


def examine(
    endpoint: str | None = None, *, base: ImageReference | None = None, python: str = "", timeout: int = 60
) -> tuple[Check, ...]:
    """Return every check, the engine's first; without an engine only those that need none.

    It never raises: a check that fails says what stopped it.

    Args:
        endpoint: The engine's URL or context; None is the one that the docker CLI uses.
        base: The base image to look for, by default python:X.Y-slim of ``python``.
        python: A Python version ("3.11"), by default this one's.
        timeout: The seconds that the engine may take for each request.
    """
    minor = python or _own_minor()
    wanted = base or wanted_base(python=minor)
    return (*_of_engine(endpoint, wanted, minor, timeout), _guarded("index", check_index))


def wanted_base(named: ImageReference | None = None, python: str = "") -> ImageReference:
    """Return the base image to look for: the one that is named, else python:X.Y-slim of ``python``, or of this one."""
    return named or ImageReference(repository="python", tag=f"{python or _own_minor()}-slim")


def _own_minor() -> str:
    return ".".join(platform.python_version_tuple()[:2])


def _of_engine(endpoint: str | None, base: ImageReference, python: str, timeout: int) -> Iterator[Check]:
    try:
        engine = connect(endpoint, timeout=timeout)
    except ContainerizeError as error:
        yield _problem("engine", error)
        return
    with engine:
        yield check_version(engine)
        yield _guarded("builder", partial(check_builder, engine))
        yield _guarded("disk", partial(check_disk, engine))
        yield _guarded("memory", partial(check_memory, engine))
        yield _guarded("limits", partial(check_limits, engine))
        yield _guarded("processor", partial(check_architecture, engine))
        yield _guarded("base image", partial(check_base, engine, base, python))


def _guarded(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except ContainerizeError as error:
        return _problem(name, error)
    except Exception as error:  # noqa: BLE001 - the other checks must still be made
        return Check(name=name, level="advice", detail=f"This could not be checked: {error}")


def _problem(name: str, error: ContainerizeError) -> Check:
    return Check(name=name, level="problem", detail=error.message, remedy=error.remedy)


def check_index() -> Check:
    """Ask the indexes that pip and uv use on this machine; credentials are in no word of the answer."""
    settings = read_index_settings()
    names = [settings.redact(url) for url in (settings.default or "the public package index", *settings.extra)]
    try:
        _ask(settings)
    except ProcessError as error:
        failure = explain_failure(settings.redact(error.output))
        if not isinstance(failure, VersionMissingError):
            return Check(name="index", level="problem", detail=failure.message.partition("\n")[0], remedy=failure.hint)
    return Check(name="index", detail=f"{' and '.join(names)} answer{'' if len(names) > 1 else 's'}")


def _ask(settings: IndexSettings) -> None:
    with scratch_folder() as folder:
        (folder / "requirements.in").write_text(f"{_ASKED_FOR}\n", encoding="utf-8")
        words = [*WHEELS_ONLY, "--no-deps", "--color", "never", "--python", sys.executable, "requirements.in"]
        run_uv(["pip", "compile", *words], settings, folder=folder, environment=_AT_ONCE)


def check_base(engine: Engine, reference: ImageReference, python: str) -> Check:
    """Look for the image on the engine, then ask its registry; ``python`` is the notebook's, "3.11"."""
    image = find_image(engine, str(reference))
    return _missing(engine, reference) if image is None else _present(engine, image, python)


def _present(engine: Engine, image: Image, python: str) -> Check:
    version = image.python_version
    of_python = f", Python {version}" if version else ""
    detail = f"{image.reference} is there: {image.size / 1e6:,.0f} MB, {image.platform}{of_python}"
    if image.platform.split("/")[1] != engine.architecture:
        slow = f"{detail}; the engine is {engine.architecture}, so it runs slowly if at all."
        return Check(name="base image", level="advice", detail=slow, repair="pull")
    if version and not f"{version}.".startswith(f"{python}."):
        other = f"{detail}, but Python {python} here."
        remedy = f"Choose the same: --base python:{python}-slim"
        return Check(name="base image", level="advice", detail=other, remedy=remedy)
    return Check(name="base image", detail=detail)


def _missing(engine: Engine, reference: ImageReference) -> Check:
    if engine.podman:  # it has no way to ask a registry without pulling
        later = f"{reference} is not there yet; the first build pulls it."
        return Check(name="base image", level="advice", detail=later, repair="pull")
    if refused := registry_refusal(engine, reference):
        message, hint = refused
        return Check(
            name="base image",
            level="problem",
            detail=f"{reference} is not there and can't be pulled: {message}.",
            remedy=hint or BaseImageError.default_hint,
        )
    return Check(name="base image", detail=f"{reference} is not there yet; the first build pulls it.", repair="pull")
