"""What is wrong with the engine and with what a build needs, and what to do about each."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from functools import partial

from jupyter_docker.doctor.base_check import check_base
from jupyter_docker.doctor.check import Check
from jupyter_docker.doctor.health import (
    check_architecture,
    check_builder,
    check_disk,
    check_limits,
    check_memory,
    check_version,
)
from jupyter_docker.doctor.index_check import check_index
from jupyter_docker.engine.connection.engine import connect
from jupyter_docker.values.errors import ContainerizeError
from jupyter_docker.values.image_reference import ImageReference

__all__ = ["Check", "examine"]


def examine(
    endpoint: str | None = None, *, base: ImageReference | None = None, python: str = "", timeout: int = 60
) -> tuple[Check, ...]:
    """Return every check, the engine's first; without an engine only those that need none.

    ``base`` is the base image to look for, by default python:X.Y-slim of ``python`` ("3.11", by default this one). The
    engine may take ``timeout`` seconds for each request. It never raises: a check that fails says what stopped it.
    """
    minor = python or ".".join(platform.python_version_tuple()[:2])
    wanted = base or ImageReference(repository="python", tag=f"{minor}-slim")
    return (*_of_engine(endpoint, wanted, minor, timeout), _guarded("index", check_index))


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
