"""The API's description, held against the routes and against what is answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from tornado.web import RequestHandler

from jupyter_docker.server.schema import document, validator

METHODS = ("get", "post", "put", "patch", "delete")
_PARAMETER = re.compile(r"\{\w+\}|\([^()]+\)")


def described() -> set[tuple[str, str]]:
    """Return the method and path of all that openapi.yaml describes, parameters as {}."""
    paths = document()["paths"]
    return {(method, _plain(path)) for path, item in paths.items() for method in item if method in METHODS}


def implemented(table: list[tuple[str, type[RequestHandler]]]) -> set[tuple[str, str]]:
    """Return the same of a routes table."""
    return {
        (method, _plain(path.removeprefix("/containerize"))) for path, handler in table for method in methods(handler)
    }


def methods(handler: type[RequestHandler]) -> Iterator[str]:
    """Yield the methods that a handler answers."""
    for method in METHODS:
        if getattr(handler, method) is not getattr(RequestHandler, method):
            yield method


def check_answer(method: str, path: tuple[str, ...], status: int, value: Any) -> None:
    """Fail where an answer is not as it is described."""
    template = next((one for one in document()["paths"] if _matches(one, path)), None)
    assert template is not None, f"{path} is not described"
    responses = document()["paths"][template][method.lower()]["responses"]
    assert str(status) in responses, f"{method} {template} answers with {status}"
    content = _resolved(responses[str(status)]).get("content", {}).get("application/json")
    if content is not None:
        schema = {**content["schema"], "components": document()["components"]}
        Draft202012Validator(schema).validate(value)


def check_message(path: tuple[str, ...], message: Any) -> None:
    """Fail where a message of a socket is not as it is described; of a batch of events the ends are looked at."""
    if path == ("watch",):
        validator("WatchMessage").validate(message)
    else:
        for event in (message[0], message[-1]):
            validator("Event").validate(event)


def _resolved(response: dict[str, Any]) -> dict[str, Any]:
    reference = response.get("$ref")
    named: dict[str, dict[str, Any]] = document()["components"]["responses"]
    return named[reference.rpartition("/")[2]] if reference else response


def filled(path: str) -> str:
    """Return a route's path with something in place of its parameters."""
    return _PARAMETER.sub("x", path)


def _plain(path: str) -> str:
    return _PARAMETER.sub("{}", path)


def _matches(template: str, path: tuple[str, ...]) -> bool:
    return re.fullmatch(_plain(template).replace("{}", "[^/]+"), "/" + "/".join(path)) is not None
