"""What every request handler here shares: the JSON form of values and errors, and authorisation."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from jupyter_server.base.handlers import APIHandler
from tornado.web import HTTPError

from jupyter_docker.errors import (
    ContainerizeError,
    EngineError,
    EngineUnavailableError,
    FreezeError,
    MissingError,
    MountError,
    NotebookError,
    UsageError,
)
from jupyter_docker.server.pool import BlockingPool

AUTH_RESOURCE = "containerize"
Value = TypeVar("Value")

# The first that fits counts, so the narrower ones come first.
_STATUS: Mapping[type[ContainerizeError], int] = {
    UsageError: 400,
    MountError: 403,
    MissingError: 404,
    NotebookError: 422,
    FreezeError: 422,
    EngineUnavailableError: 503,
    EngineError: 502,
}


def as_json(error: ContainerizeError) -> dict[str, Any]:
    """Return the error as the schema ``Error``."""
    position = error.position
    return {
        "message": error.message,
        "hint": error.hint,
        "error": type(error).__name__,
        "cell": position.cell if position else None,
        "line": position.line if position else None,
    }


class ContainerizeHandler(APIHandler):
    """A handler whose errors are the schema ``Error``."""

    auth_resource = AUTH_RESOURCE

    @property
    def pool(self) -> BlockingPool:
        """The threads for calls that wait."""
        pool: BlockingPool = self.settings["containerize"].pool
        return pool

    async def blocking(self, call: Callable[[], Value]) -> Value:
        """Return the value of a call that waits."""
        return await self.pool.run(call)

    def reply(self, value: Any, status: int = 200) -> None:
        """Answer with ``value`` as JSON."""
        self.set_status(status)
        self.finish(json.dumps(value))

    def body(self) -> dict[str, Any]:
        """Return the request's JSON object, empty where there is none; raises HTTPError 400 where it is another."""
        value = self.get_json_body() or {}
        if not isinstance(value, dict):
            raise HTTPError(400, "The body is not a JSON object.")
        return value

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with the error as JSON; ours say what to do."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, ContainerizeError):
            self.set_header("Content-Type", "application/json")
            self.set_status(next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500))
            self.finish(json.dumps(as_json(error)))
        else:
            super().write_error(status_code, **kwargs)
