"""The websockets of jobs: the events of one, and what changes of all."""

from __future__ import annotations

import re

from jupyter_docker.server.jobs.events import EventLines
from jupyter_docker.server.socket import ContainerizeSocket
from jupyter_docker.values.errors import UsageError

_NUMBER = re.compile(r"[0-9]{1,15}")


class EventsSocket(ContainerizeSocket):
    """``/jobs/ID/events``: the events after ``since``, then the new ones until the job has ended."""

    async def check(self, job: str) -> None:  # type: ignore[override]
        """Refuse a job that is not there, or a number that none of its events has."""
        text = self.get_query_argument("since", "0")
        known = self.extension.board.job(job).seq
        if not _NUMBER.fullmatch(text) or int(text) > known:
            hint = f"Give the 'seq' of the last event that is known, at most {known}."
            raise UsageError(f"'{text[:100]}' is the number of no event of this job.", hint=hint)
        self._since = int(text)

    async def send(self, job: str) -> None:  # type: ignore[override]
        """Send them, a piece of the file at a time."""
        extension = self.extension
        lines = EventLines(extension.board.store.folder(job).events, since=self._since)
        while True:
            jobs = extension.board.jobs  # before the events, so that no change is missed
            while events := await extension.files.run(lines.read):
                await self.write_message(b"[%b]" % b",".join(event.text for event in events), binary=False)
            if job not in jobs or not jobs[job].active:
                return
            await extension.board.change(jobs)
