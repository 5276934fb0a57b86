"""The base of the request handlers: the JSON form of values and errors, and authorisation."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from http import HTTPStatus
from http.client import responses
from pathlib import Path
from typing import Any, TypeVar

from jupyter_server.base.handlers import APIHandler, JupyterHandler
from tornado.web import HTTPError, RequestHandler

from jupyter_docker.server.services import SETTING, Services
from jupyter_docker.values import (
    ActiveJobError,
    ContainerizeError,
    EngineError,
    EngineLostError,
    EngineUnavailableError,
    FreezeError,
    MissingError,
    MountError,
    NotebookError,
    UsageError,
)

AUTH_RESOURCE = "containerize"
Value = TypeVar("Value")

# The first that fits counts, so the narrower ones come first.
_STATUS: Mapping[type[ContainerizeError], int] = {
    UsageError: 400,
    MountError: 403,
    MissingError: 404,
    ActiveJobError: 409,
    NotebookError: 422,
    FreezeError: 422,
    EngineUnavailableError: 503,
    EngineLostError: 503,
    EngineError: 502,
}
_HINTS: Mapping[int, str] = {
    403: "Reload the page and log in again; if that does not help, ask who runs this server for access to it.",
    404: "Reload the page: what it shows may be out of date.",
    409: "The notebook is planned with other choices in another tab or browser; refresh the plan here.",
    500: "The server's own log says more.",
}


_MAKE_ROOM = "Free some space there, or make it writable for the user that the server runs as; then try again."


def _storage(error: OSError) -> str:
    where = f" in '{Path(error.filename).parent}'" if isinstance(error.filename, str) else ""
    return f"The server can't keep its files{where}: {error.strerror or error}."


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):  # NaN, or 1e999: neither is JSON elsewhere
        raise ValueError(f"{text[:100]} is not a number")
    return number


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; two readers of JSON could take different ones of a key that comes twice."""
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a key comes twice in an object")
    return value


def _methods(handler: type[RequestHandler]) -> Iterator[str]:
    """Yield those that the handler answers, which an answer of 405 must name."""
    for method in RequestHandler.SUPPORTED_METHODS:
        if getattr(handler, method.lower()) is not getattr(RequestHandler, method.lower()):
            yield method


def as_json(error: ContainerizeError) -> dict[str, Any]:
    """Return the error as the schema ``Error``."""
    position = error.position
    return {
        "message": error.message,
        "hint": error.hint,
        "fixes": [asdict(fix) for fix in error.fixes],
        "error": type(error).__name__,
        "cell": position.cell if position else None,
        "line": position.line if position else None,
    }


def _plain(message: str, hint: str, error: str) -> dict[str, Any]:
    return {"message": message, "hint": hint, "fixes": [], "error": error, "cell": None, "line": None}


class ContainerizeMixin(JupyterHandler):
    """What requests and sockets share: the extension's services, and errors in the schema ``Error``."""

    auth_resource = AUTH_RESOURCE

    @property
    def services(self) -> Services:
        """The services of the extension that this belongs to."""
        services: Services = self.settings[SETTING]
        return services

    @property
    def engine_name(self) -> str:
        """The engine that the request names; empty is the server's own. Raises UsageError for an unknown one."""
        return self.services.engine(self.get_query_argument("engine", ""))

    async def blocking(self, call: Callable[[], Value]) -> Value:
        """Return the value of a call to the engine."""
        return await self.services.pool.run(call)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with the error as JSON; ours say what to do."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, ContainerizeError):
            status_code = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
            reply = as_json(error)
        elif isinstance(error, OSError):
            status_code = 507  # Insufficient Storage, RFC 4918
            reply = _plain(_storage(error), _MAKE_ROOM, "OSError")
        else:
            said = error.log_message if isinstance(error, HTTPError) else None
            message = said or responses.get(status_code, "The server failed")
            reply = _plain(message, _HINTS.get(status_code, ""), "HTTPError")
        self.set_status(status_code)
        if status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            self.set_header("Allow", ", ".join(_methods(type(self))))
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(reply))

    def log_exception(self, *exception: Any) -> None:
        """Log what is a defect of ours; the others are answers."""
        error = exception[1]
        if not (
            isinstance(error, ContainerizeError)
            or (isinstance(error, HTTPError) and error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR)
        ):
            super().log_exception(*exception)


class ContainerizeHandler(ContainerizeMixin, APIHandler):
    """A handler of requests in JSON."""

    def reply(self, value: Any, status: int = 200) -> None:
        """Answer with ``value`` as JSON."""
        self.set_status(status)
        self.finish(json.dumps(value))

    def body(self) -> dict[str, Any]:
        """Return the request's JSON object, empty where there is none; raises UsageError where it is another."""
        try:
            value = json.loads(
                self.request.body.strip() or b"{}",
                parse_constant=_finite,
                parse_float=_finite,
                object_pairs_hook=_object,
            )
        except (ValueError, RecursionError) as error:
            raise UsageError(f"The request is not JSON: {error}", hint="Send a JSON object.") from None
        if not isinstance(value, dict):
            raise UsageError("The request is not a JSON object.", hint="Send a JSON object.")
        return value


class UnknownHandler(ContainerizeHandler):
    """What is at no route: an API answers that in JSON too."""

    async def prepare(self) -> None:  # type: ignore[override]
        """Refuse it, whatever the method is, once it is known who asks."""
        await super().prepare()
        raise HTTPError(404, f"There is no '{self.request.path[:100]}'.")
