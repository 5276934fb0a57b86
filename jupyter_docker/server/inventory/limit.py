"""The time that a call to the engine may take before the answer is that it does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from jupyter_docker.errors import EngineUnavailableError

SHORT, MEDIUM, LONG = 10, 30, 600  # seconds: one question, several, and work such as removing a large image
Value = TypeVar("Value")


async def within(seconds: int, call: Awaitable[Value]) -> Value:
    """Return what ``call`` comes to; raises EngineUnavailableError when ``seconds`` have passed.

    The call's own thread goes on until the engine's connection gives up.
    """
    try:
        return await asyncio.wait_for(call, seconds)
    except TimeoutError:
        raise EngineUnavailableError(
            f"The container engine has not answered for {seconds} seconds.",
            hint="It may be busy, as with a large build: try again. If that does not help, restart Docker Desktop, or "
            "the docker service.",
        ) from None
