"""A reader for each job that is on disk."""

from __future__ import annotations

from collections.abc import Callable

from jupyter_docker.server.jobs.model import Job
from jupyter_docker.server.jobs.state import JobReader
from jupyter_docker.server.jobs.store import JobStore
from jupyter_docker.values.errors import MissingError


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
