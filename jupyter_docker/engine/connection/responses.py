"""The end of streamed answers: docker-py has no way to stop reading one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import TYPE_CHECKING, Any

from jupyter_docker.engine.connection.engine import Engine

if TYPE_CHECKING:
    from requests import Response


@contextmanager
def closed_afterwards(engine: Engine) -> Iterator[None]:
    """Close every answer that the body asked for, read to its end or not.

    The engine gives up a build, push or pull when the connection closes.
    """
    thread, answers = get_ident(), list["Response"]()

    def keep(response: Response, *_: Any, **__: Any) -> None:
        if get_ident() == thread:  # the client is used by other threads too
            answers.append(response)

    hooks = engine.client.api.hooks["response"]
    hooks.append(keep)
    try:
        yield
    finally:
        hooks.remove(keep)
        for response in answers:
            response.close()
