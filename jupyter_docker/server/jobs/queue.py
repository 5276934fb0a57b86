"""The jobs that wait, in order: as many run at once as may, and none starts twice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from jupyter_docker.server.jobs.model import Job
from jupyter_docker.server.jobs.process import JobProcess
from jupyter_docker.server.jobs.request import with_values
from jupyter_docker.server.jobs.state import JobReader
from jupyter_docker.server.jobs.store import JobFolder, now
from jupyter_docker.values import ContainerizeError, Failed, to_json, write_private


class JobQueue:
    """Starts jobs whose turn it is, and stops them. ``secrets`` are the values of each one's variables."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._server = str(JobProcess.own())
        self.secrets: dict[str, Mapping[str, str]] = {}

    @property
    def server(self) -> str:
        """This process, as a job's ``server`` says it."""
        return self._server

    def start_due(self, jobs: Iterable[tuple[Job, JobReader]]) -> bool:
        """Start what may run of ``jobs``, which are in the order of their turns; return whether any was started."""
        known = list(jobs)
        free = self._most - sum(job.active and job.state != "queued" for job, _ in known)
        started = 0
        for job, reader in known:
            if started < free and job.state == "queued" and self._may_start(reader):
                started += self._start(reader)
        return bool(started)

    def _may_start(self, reader: JobReader) -> bool:
        return not reader.request.secret_names or reader.request.server == self._server

    def _start(self, reader: JobReader) -> bool:
        folder, request = reader.folder, reader.request
        if not folder.add("claim", {"server": self._server, "cancelled": False}):
            return False
        loaded = [f"--loaded={folder.loaded}"] if folder.loaded.exists() else []
        words = with_values(request.words, self.secrets.pop(folder.id, {}))
        try:
            process = JobProcess.start(
                folder.id, [*words, *loaded], folder=Path(request.folder), stdout=folder.events, stderr=folder.stderr
            )
        except OSError as error:
            self._refuse(reader, error)
            return False
        reader.began(process, started := now())
        with suppress(OSError):  # another server finds the process by its environment
            folder.add("process", {"process": str(process), "started": started})
        if folder.read("stop") is not None:  # by another server, which did not know the process yet
            process.interrupt()
        return True

    def _refuse(self, reader: JobReader, error: OSError) -> None:
        event = Failed(
            error=ContainerizeError.__name__,
            message=f"The job could not be started: {error}",
            hint="Check that the notebook's folder is still there, then run it again.",
            exit_code=ContainerizeError.exit_code,
            facts={},
        )
        reader.began(None, started := now())
        with suppress(OSError):
            write_private(reader.folder.events, f"{json.dumps(to_json(event, 1))}\n".encode())
            reader.folder.add("process", {"process": "", "started": started})

    def stop(self, reader: JobReader) -> None:
        """Stop a job: one that waits never starts; a second time kills its container, a third its process."""
        folder = reader.folder
        if folder.add("claim", {"server": self._server, "cancelled": True}):
            self.secrets.pop(folder.id, None)
            return
        third = _is_third_stop(folder)
        if reader.process is not None:
            (reader.process.kill if third else reader.process.interrupt)()


def _is_third_stop(folder: JobFolder) -> bool:
    """Note that the job was asked to stop, and return whether it had been twice before."""
    with suppress(OSError):  # a full disk must not keep it running
        return not (folder.add("stop", {"time": now()}) or folder.add("stop-again", {"time": now()}))
    return False
