"""The time that a call to the engine may take before the answer is that it does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from jupyter_docker.engine import Engine, connect
from jupyter_docker.values import EngineUnavailableError, load_defaults

SHORT, MEDIUM, LONG = 10, 60, 600  # seconds: a question, several, and work such as removing large images
Value = TypeVar("Value")


def open_engine(endpoint: str, *, timeout: int = SHORT) -> Engine:
    """Connect to ``endpoint``, the configured engine where it is empty; each request may take ``timeout`` seconds."""
    return connect(endpoint or load_defaults().engine or None, timeout=timeout)


async def within(seconds: int, call: Awaitable[Value]) -> Value:
    """Return what ``call`` comes to; raises EngineUnavailableError when ``seconds`` have passed.

    The call's own thread goes on until its request to the engine is given up.
    """
    try:
        return await asyncio.wait_for(call, seconds)
    except TimeoutError:
        raise EngineUnavailableError(
            f"The container engine has not answered for {seconds} seconds.",
            hint="It may be busy, as with a large build: try again. If that does not help, restart Docker Desktop, or "
            "the docker service.",
        ) from None
