"""The routes of this part."""

from __future__ import annotations

import json
import re
from typing import get_args

from jupyter_server.auth.decorator import authorized
from tornado.web import RequestHandler, authenticated

from jupyter_docker.server.handler import ContainerizeHandler
from jupyter_docker.server.jobs.events import EventLines
from jupyter_docker.server.jobs.handlers import CancelHandler, JobHandler, JobsHandler, RerunHandler
from jupyter_docker.server.socket import ContainerizeSocket
from jupyter_docker.values import StepName, UsageError


class LogHandler(ContainerizeHandler):
    """``/jobs/ID/log``."""

    @authenticated
    @authorized
    async def get(self, job: str) -> None:
        """Write the text, a piece at a time."""
        step = self.get_query_argument("step", "")
        if step and step not in get_args(StepName):
            raise UsageError(f"There is no step '{step[:100]}'.", hint=f"Name one of {', '.join(get_args(StepName))}.")
        lines = EventLines(self.services.jobs.store.folder(job).events)
        self.set_header("Content-Type", "text/plain; charset=UTF-8")
        while (text := await self.services.files.run(lambda: _next_text(lines, step))) is not None:
            self.write(text)
            await self.flush()
        self.finish(set_content_type="text/plain; charset=UTF-8")


def _next_text(lines: EventLines, step: str) -> str | None:
    events = lines.read()
    if not events:
        return None
    logs = [json.loads(event.text) for event in events if event.type == "Log"]
    return "".join(log["text"] for log in logs if not step or log["step"] == step)


_NUMBER = re.compile(r"[0-9]{1,15}")


class EventsSocket(ContainerizeSocket):
    """``/jobs/ID/events``: the events after ``since``, then the new ones until the job has ended."""

    async def check(self, job: str) -> None:  # type: ignore[override]
        """Refuse a job that is not there, or a number that none of its events has."""
        text = self.get_query_argument("since", "0")
        known = self.services.jobs.job(job).seq
        if not _NUMBER.fullmatch(text) or int(text) > known:
            hint = f"Give the 'seq' of the last event that is known, at most {known}."
            raise UsageError(f"'{text[:100]}' is the number of no event of this job.", hint=hint)
        self._since = int(text)

    async def send(self, job: str) -> None:  # type: ignore[override]
        """Send them, a piece of the file at a time."""
        services = self.services
        lines = EventLines(services.jobs.store.folder(job).events, since=self._since)
        while True:
            jobs = services.jobs.jobs  # before the events, so that no change is missed
            while events := await services.files.run(lines.read):
                await self.write_message(b"[%b]" % b",".join(event.text for event in events), binary=False)
            if job not in jobs or not jobs[job].active:
                return
            await services.jobs.change(jobs)


ROUTES: tuple[tuple[str, type[RequestHandler]], ...] = (
    ("jobs", JobsHandler),
    ("jobs/([^/]+)", JobHandler),
    ("jobs/([^/]+)/cancel", CancelHandler),
    ("jobs/([^/]+)/rerun", RerunHandler),
    ("jobs/([^/]+)/log", LogHandler),
    ("jobs/([^/]+)/events", EventsSocket),
)
