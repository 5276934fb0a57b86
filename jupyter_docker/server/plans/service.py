"""The service of plans: of each notebook the latest that was asked for, and a few at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from tornado.web import HTTPError

Plan: TypeAlias = dict[str, Any]


@dataclass
class _Making:
    """One plan in the making, for ``waiting`` requests that ask the same."""

    request: str
    task: asyncio.Task[Plan]
    waiting: int = 0


class PlanService:
    """Makes plans, at most ``limit`` at once; one that nobody waits for any more is given up."""

    def __init__(self, limit: int) -> None:
        self._turns = asyncio.Semaphore(limit)
        self._making: dict[str, _Making] = {}

    async def plan(self, notebook: str, request: str, make: Callable[[], Awaitable[Plan]]) -> Plan:
        """Return the plan of ``notebook`` that ``make`` makes, or what another request with that ``request`` gets.

        Raises HTTPError 409 when another request on the notebook has come since.
        """
        making = self._making.get(notebook)
        if making is None or making.request != request:
            if making is not None:
                making.task.cancel()
            making = _Making(request=request, task=asyncio.ensure_future(self._take_turn(make)))
            self._making[notebook] = making
        return await self._await(notebook, making)

    async def _take_turn(self, make: Callable[[], Awaitable[Plan]]) -> Plan:
        async with self._turns:
            return await make()

    async def _await(self, notebook: str, making: _Making) -> Plan:
        making.waiting += 1
        try:
            return await asyncio.shield(making.task)
        except asyncio.CancelledError:
            if making.task.cancelled():
                raise HTTPError(409, "Another plan of this notebook was asked for since.") from None
            raise
        finally:
            making.waiting -= 1
            if not making.waiting:
                making.task.cancel()
                if self._making.get(notebook) is making:
                    del self._making[notebook]
