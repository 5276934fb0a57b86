"""The manager of the jobs: those of the server's folder as they are now, looked at while something may change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from jupyter_docker.server.jobs.model import Job, JobRequest
from jupyter_docker.server.jobs.queue import JobQueue
from jupyter_docker.server.jobs.state import JobReader
from jupyter_docker.server.jobs.store import JobStore
from jupyter_docker.server.pool import BlockingPool
from jupyter_docker.values import ActiveJobError, MissingError


class JobReaders:
    """Reads all jobs again and again, of each only what is new."""

    def __init__(self, store: JobStore, contents_path: Callable[[str], str | None]) -> None:
        self._store = store
        self._contents_path = contents_path
        self._readers: dict[str, JobReader] = {}

    def read(self) -> dict[str, Job]:
        """Return the jobs, newest first."""
        self._readers = {identity: reader for identity in self._store.ids() if (reader := self._reader(identity))}
        return {identity: reader.read() for identity, reader in self._readers.items()}

    def __getitem__(self, job: str) -> JobReader:
        return self._readers[job]

    def _reader(self, identity: str) -> JobReader | None:
        try:
            return self._readers.get(identity) or JobReader(self._store.folder(identity), self._contents_path)
        except (OSError, ValueError, TypeError, MissingError):
            return None  # deleted by another server just now, or written by a version to come


_SECONDS = 0.2  # between two looks
Value = TypeVar("Value")


class JobManager:
    """Knows every job, starts those whose turn it is, and wakes who waits for a change.

    All that touches the disk is done in one thread, one thing after the other; ``jobs`` is replaced, never changed.
    """

    def __init__(
        self, store: JobStore, queue: JobQueue, *, kept: int, contents_path: Callable[[str], str | None],
        log: logging.Logger,
    ) -> None:  # fmt: skip
        self.jobs: Mapping[str, Job] = {}
        self.store = store
        self._queue = queue
        self._kept = kept
        self._log = log
        self._thread = BlockingPool(1)
        self._readers = JobReaders(store, contents_path)
        self._changed = asyncio.Condition()
        self._needed = asyncio.Event()
        self._watchers = 0
        self._warned = ""
        self._looking: asyncio.Task[None] | None = None

    @property
    def server(self) -> str:
        """This process, as a job's ``server`` says it."""
        return self._queue.server

    def start(self) -> None:
        """Begin to look, on the running loop; jobs that an earlier server left waiting are started."""
        self._needed.set()
        self._looking = asyncio.ensure_future(self._look())

    def close(self) -> None:
        """Stop looking; jobs go on."""
        if self._looking is not None:
            self._looking.cancel()
        self._thread.close()

    def job(self, job: str) -> Job:
        """Return one job; raises MissingError where there is none."""
        if job not in self.jobs:
            raise MissingError(f"There is no job '{job[:100]}'.", hint="It was deleted, or is of another server.")
        return self.jobs[job]

    def request(self, job: str) -> JobRequest:
        """Return what a job was asked to do; raises MissingError where there is none."""
        self.job(job)
        return self._readers[job].request

    async def refresh(self) -> Mapping[str, Job]:
        """Look now, and return the jobs."""
        await self._do(lambda: None)
        return self.jobs

    async def add(self, request: JobRequest, secrets: Mapping[str, str], loaded: dict[str, Any] | None) -> Job:
        """Write a new job, start it where it may run, and return it; raises OSError."""

        def add() -> str:
            folder = self.store.create(request, loaded)
            if secrets:
                self._queue.secrets[folder.id] = secrets
            return folder.id

        return self.job(await self._do(add))

    async def stop(self, job: str) -> Job:
        """Stop a job that has not ended, and return it."""
        if self.job(job).active:
            await self._do(lambda: self._queue.stop(self._readers[job]))
        return self.job(job)

    async def delete(self, job: str) -> None:
        """Forget a job; raises ActiveJobError where it has not ended."""
        if self.job(job).active:
            raise ActiveJobError(f"The job '{job}' has not ended.")
        await self._do(lambda: self.store.delete(job))

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Look on while the body lasts, though no job runs: another server, or another program, may change them."""
        self._watchers += 1
        self._needed.set()
        try:
            yield
        finally:
            self._watchers -= 1

    async def change(self, seen: Mapping[str, Job]) -> Mapping[str, Job]:
        """Return the jobs once they are others than ``seen``, an earlier value of ``jobs``."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.jobs is not seen)
        return self.jobs

    async def _look(self) -> None:
        while True:
            await self._needed.wait()
            self._needed.clear()
            try:
                await self._renew(lambda: None)
            except Exception as error:  # noqa: BLE001 - nothing else looks, and the next look may succeed
                self._warn(error)
            if self._watchers or any(job.active for job in self.jobs.values()):
                self._needed.set()
                await asyncio.sleep(_SECONDS)

    def _warn(self, error: Exception) -> None:
        """Log what went wrong, once where it goes wrong again and again."""
        if str(error) != self._warned:
            self._warned = str(error)
            self._log.error("The jobs can't be kept up to date", exc_info=error)

    async def _do(self, action: Callable[[], Value]) -> Value:
        """Do something to the jobs, and look on from there, since one may run now."""
        value = await self._renew(action)
        self._needed.set()
        return value

    async def _renew(self, action: Callable[[], Value]) -> Value:
        """Do something to the jobs, read them anew, and tell who waits for a change."""
        value, jobs = await self._thread.run(lambda: (action(), self._read()))
        async with self._changed:
            if jobs != self.jobs:
                self.jobs = jobs
                self._changed.notify_all()
        return value

    def _read(self) -> dict[str, Job]:
        jobs = self._readers.read()
        try:
            if self._queue.start_due((job, self._readers[job.id]) for job in reversed(jobs.values())):
                jobs = self._readers.read()
        except OSError as error:  # those that run must be shown all the same
            self._warn(error)
        ended = [job.id for job in jobs.values() if not job.active]
        for identity in ended[self._kept :]:
            self.store.delete(identity)
            del jobs[identity]
        return jobs
