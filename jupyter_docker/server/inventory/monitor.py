"""The monitor of an engine: while somebody watches, whether it answers, and whether its inventory may have changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

from jupyter_docker.server.inventory.limit import SHORT, within
from jupyter_docker.server.inventory.state import EngineState, look, unavailable
from jupyter_docker.server.pool import BlockingPool
from jupyter_docker.values import ContainerizeError

Callback: TypeAlias = Callable[[dict[str, Any]], None]
INTERVAL = 2.0  # seconds


class EngineMonitor:
    """Asks each engine that somebody watches, and nobody else, every ``interval`` seconds."""

    def __init__(self, pool: BlockingPool, *, interval: float = INTERVAL) -> None:
        self._pool = pool
        self._interval = interval
        self._watched: dict[str, _Watched] = {}

    def subscribe(self, engine: str, callback: Callback) -> Callable[[], None]:
        """Tell ``callback`` of the engine (empty is the server's own), on the event loop; returns what ends that.

        It is given ``{"type": "engine", "engine": …}`` once the state is known and whenever it changes, and
        ``{"type": "inventory"}`` when images or containers may have changed.
        """
        watched = self._watched.setdefault(engine, _Watched(engine, self._pool, self._interval))
        watched.add(callback)

        def unsubscribe() -> None:
            if watched.remove(callback) and self._watched.get(engine) is watched:
                del self._watched[engine]

        return unsubscribe

    def close(self) -> None:
        """Ask no more."""
        for watched in self._watched.values():
            watched.close()
        self._watched.clear()


class _Watched:
    """One engine, as it was last seen, and who is told."""

    def __init__(self, engine: str, pool: BlockingPool, interval: float) -> None:
        self._engine, self._pool, self._interval = engine, pool, interval
        self._callbacks: list[Callback] = []
        self._state: EngineState | None = None
        self._mark = 0
        self._polling: asyncio.Task[None] | None = None

    def add(self, callback: Callback) -> None:
        self._callbacks.append(callback)
        if self._polling is None:
            self._polling = asyncio.ensure_future(self._poll())
        elif self._state is not None:
            asyncio.get_running_loop().call_soon(self._tell, callback, _message(self._state))

    def remove(self, callback: Callback) -> bool:
        """Forget the callback; returns whether nobody is left."""
        if callback in self._callbacks:
            self._callbacks.remove(callback)
        if not self._callbacks:
            self.close()
        return not self._callbacks

    def close(self) -> None:
        if self._polling is not None:
            self._polling.cancel()

    async def _poll(self) -> None:
        while True:
            state, mark = await self._look()
            last, self._state = self._state, state
            if state != last:
                self._tell_all(_message(state))
            if last is not None and mark != self._mark:
                self._tell_all({"type": "inventory"})
            self._mark = mark
            await asyncio.sleep(self._interval)

    async def _look(self) -> tuple[EngineState, int]:
        try:
            return await within(SHORT, self._pool.run(partial(look, self._engine)))
        except ContainerizeError as error:
            return unavailable(error), 0

    def _tell_all(self, message: dict[str, Any]) -> None:
        for callback in [*self._callbacks]:
            self._tell(callback, message)

    def _tell(self, callback: Callback, message: dict[str, Any]) -> None:
        if callback in self._callbacks:
            callback(message)


def _message(state: EngineState) -> dict[str, Any]:
    return {"type": "engine", "engine": state.as_json()}
