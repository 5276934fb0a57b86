"""What the runs of the tests leave on the engine is removed at their end."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from docker.errors import APIError

from jupyter_docker.engine.connection.engine import connect
from jupyter_docker.values.container_spec import CACHE_VOLUME_PREFIX
from jupyter_docker.values.errors import EngineError

_STARTED = datetime.now(tz=UTC).replace(microsecond=0)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remove the caches of notebooks that were in temporary folders: no later run would find one, a disk fills."""
    if hasattr(session.config, "workerinput"):
        return  # the other workers still use theirs
    with suppress(EngineError), connect() as engine:
        for volume in engine.client.volumes.list(filters={"name": CACHE_VOLUME_PREFIX}):
            if datetime.fromisoformat(volume.attrs["CreatedAt"]) >= _STARTED:
                with suppress(APIError):  # in use, or gone
                    volume.remove()
