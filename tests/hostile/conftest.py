"""One world for all cases of a process; each case has a folder of its own in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.conftest import base, engine
from tests.hostile.world import World, make_world

__all__ = ["base", "engine"]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A home with decoys, an index that listens, and a server."""
    with make_world(tmp_path_factory.mktemp("world")) as made:
        yield made
