"""All that a job printed, as text."""

from __future__ import annotations

import json
from typing import get_args

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_docker.server.handler import ContainerizeHandler
from jupyter_docker.server.jobs.events import EventLines
from jupyter_docker.values.errors import UsageError
from jupyter_docker.values.events import StepName


class LogHandler(ContainerizeHandler):
    """``/jobs/ID/log``."""

    @authenticated
    @authorized
    async def get(self, job: str) -> None:
        """Write the text, a piece at a time."""
        step = self.get_query_argument("step", "")
        if step and step not in get_args(StepName):
            raise UsageError(f"There is no step '{step[:100]}'.", hint=f"Name one of {', '.join(get_args(StepName))}.")
        lines = EventLines(self.extension.board.store.folder(job).events)
        self.set_header("Content-Type", "text/plain; charset=UTF-8")
        while (text := await self.extension.files.run(lambda: _next_text(lines, step))) is not None:
            self.write(text)
            await self.flush()
        self.finish(set_content_type="text/plain; charset=UTF-8")


def _next_text(lines: EventLines, step: str) -> str | None:
    events = lines.read()
    if not events:
        return None
    logs = [json.loads(event.text) for event in events if event.type == "Log"]
    return "".join(log["text"] for log in logs if not step or log["step"] == step)
