"""The socket by which every browser shows the same: what changes of jobs, the engine, images and containers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from jupyter_docker.server.inventory.state import unavailable
from jupyter_docker.server.jobs.model import Job
from jupyter_docker.server.socket import ContainerizeSocket
from jupyter_docker.values import UsageError


class WatchSocket(ContainerizeSocket):
    """``/watch``: the jobs when it opens, then each that changes; and the same of the engine."""

    async def send(self) -> None:  # type: ignore[override]
        """Send until the client goes."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._send_jobs())
            group.create_task(self._send_engine())

    async def _send_jobs(self) -> None:
        manager = self.services.jobs
        async with manager.watched():
            seen = await manager.refresh()
            await self._write({"type": "jobs", "jobs": [job.as_json() for job in seen.values()]})
            while True:
                # All that changed while the last was written comes at once: a slow client misses no end, only between.
                jobs = await manager.change(seen)
                for message in _changes(seen, jobs):
                    await self._write(message)
                seen = jobs

    async def _send_engine(self) -> None:
        try:
            engine = self.engine_name
        except UsageError as error:  # jobs go on to be shown
            await self._write({"type": "engine", "engine": unavailable(error).as_json()})
            return
        waiting: dict[str, dict[str, Any]] = {}
        arrived = asyncio.Event()

        def take(message: dict[str, Any]) -> None:
            waiting[message["type"]] = message
            arrived.set()

        unsubscribe = self.services.monitor.subscribe(engine, take)
        try:
            while await arrived.wait():
                arrived.clear()
                for kind in [*waiting]:
                    await self._write(waiting.pop(kind))
        finally:
            unsubscribe()

    async def _write(self, message: Mapping[str, Any]) -> None:
        await self.write_message(dict(message))


def _changes(before: Mapping[str, Job], after: Mapping[str, Job]) -> list[dict[str, Any]]:
    changed = [job for identity, job in after.items() if before.get(identity) is not job]
    gone = [identity for identity in before if identity not in after]
    return [
        *({"type": "job", "job": job.as_json()} for job in reversed(changed)),
        *({"type": "gone", "id": identity} for identity in gone),
    ]
