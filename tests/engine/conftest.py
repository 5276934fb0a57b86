"""The real engine that the tests run on, and spare ones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from jupyter_docker.engine.connection.engine import Engine, connect
from jupyter_docker.engine.images.store import find_image
from jupyter_docker.values.errors import EngineError
from tests.engine.spare import BASE, SpareEngine, SpareEngineFactory, absent, copy_image, spare


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """The engine that this user has, with the base image."""
    try:
        found = connect()
    except EngineError as error:
        absent(f"no engine: {error}")
        raise
    with found:
        if find_image(found, BASE) is None:
            absent(f"the engine has no {BASE}: make engine")
        yield found


@pytest.fixture(scope="session")
def base(engine: Engine) -> str:
    """The reference of the base image, which the engine has."""
    return BASE


@pytest.fixture(scope="session")
def caller(engine: Engine) -> int:
    """The user ID that a container has which runs as its caller: in a rootless engine, root's is the caller's."""
    return 0 if engine.rootless else os.getuid()


@pytest.fixture
def spare_engine(engine: Engine) -> Iterator[SpareEngineFactory]:
    """Start private engines: ``spare_engine(size="200m", images=[BASE])``; all are killed and removed at the end."""
    if os.geteuid() != 0:
        absent("a spare engine needs root")
    with ExitStack() as stack:

        def start(*options: str, size: str = "2g", images: tuple[str, ...] = ()) -> SpareEngine:
            private = stack.enter_context(spare(size, *options))
            for image in images:
                copy_image(image, engine, private.engine)
            return private

        yield start
