"""The board of jobs rests while nothing can change."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from jupyter_docker.server.jobs.manager import JobManager
from jupyter_docker.server.jobs.queue import JobQueue
from jupyter_docker.server.jobs.store import JobStore


class CountingStore(JobStore):
    looks = 0

    def ids(self) -> list[str]:
        self.looks += 1
        return super().ids()


@pytest.mark.parametrize("watching", [False, True])
def test_it_looks_at_the_disk_only_while_someone_watches(tmp_path: Path, watching: bool) -> None:
    assert (asyncio.run(looks_in_a_second(CountingStore(tmp_path), watching)) > 2) is watching


async def looks_in_a_second(store: CountingStore, watching: bool) -> int:
    board = JobManager(store, JobQueue(1), kept=1, contents_path=str, log=logging.getLogger())
    board.start()
    if watching:
        async with board.watched():
            await asyncio.sleep(1)
    else:
        await asyncio.sleep(1)
    board.close()
    return store.looks
