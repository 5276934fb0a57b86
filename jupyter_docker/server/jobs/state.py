"""What a job's files and process say of it: its state is derived, so any server can tell it at any time."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from jupyter_docker.server.jobs.ending import how_it_ended
from jupyter_docker.server.jobs.events import EventLine, EventLines
from jupyter_docker.server.jobs.model import Job, JobState
from jupyter_docker.server.jobs.process import JobProcess
from jupyter_docker.server.jobs.store import JobFolder

_TOLD = {"StepStarted", "Finished", "Failed"}


class JobReader:
    """Reads one job again and again, of its events only the new ones."""

    def __init__(self, folder: JobFolder, contents_path: Callable[[str], str | None]) -> None:
        self.folder = folder
        self.asked = asked = folder.asked()
        self._contents_path = contents_path
        self._lines = EventLines(folder.events)
        self._process: JobProcess | None = None
        self._started = ""
        self._outputs: dict[str, None] = {}
        self._job = Job(
            id=folder.id,
            verb=asked.verb,
            notebook=asked.notebook,
            image=asked.image,
            options=asked.options,
            state="queued",
            created=asked.created,
            container=asked.container,
            secret_names=asked.secret_names,
        )

    @property
    def process(self) -> JobProcess | None:
        """Its process, None where it has none."""
        return self._process

    def read(self) -> Job:
        """Return the job as it is now."""
        if self._job.active:
            living = self._living()  # before the events, so that the last of one that ended are read
            job = replace(self._job, started=self._started, **self._told())
            job = replace(job, **how_it_ended(self.folder, job)) if living is None else replace(job, state=living)
            # The same object where nothing changed, which is found out faster by those who compare.
            self._job = self._job if job == self._job else job
        return self._job

    def _living(self) -> JobState | None:
        """Return the state of one that has not ended."""
        claim = self.folder.read("claim")
        if claim is None:
            waits = not self.asked.secret_names or JobProcess.parse(self.asked.server) is not None
            return "queued" if waits else None
        if claim["cancelled"]:
            return None
        begun = self.folder.read("process")
        if begun is None and JobProcess.parse(claim["server"]) is None:
            begun = self._adopt()
        if begun is not None:
            self._started = begun["started"]
            self._process = self._process or JobProcess.parse(begun["process"])
            if self._process is None or not self._process.alive:
                return None
        return "running" if self.folder.read("stop") is None else "stopping"

    def _adopt(self) -> dict[str, Any]:
        """Find the process of a server that was killed between starting it and writing that down."""
        found = JobProcess.find(self.folder.id)
        begun = {"process": str(found) if found else "", "started": self.folder.changed("claim.json")}
        self.folder.add("process", begun)
        return begun

    def _told(self) -> dict[str, Any]:
        """Return what the new events say."""
        fields: dict[str, Any] = {}
        while events := self._lines.read():
            for event in events:
                if event.type in _TOLD:
                    fields |= self._of(event)
            fields["seq"] = events[-1].seq
        return fields

    def _of(self, event: EventLine) -> dict[str, Any]:
        told = json.loads(event.text)
        if event.type == "StepStarted":
            self._outputs |= dict.fromkeys(filter(None, map(self._contents_path, told["outputs"])))
            return {"step": told["step"], "title": told["title"], "outputs": tuple(self._outputs)}
        return {
            "summary": told.get("summary") or told.get("message", ""),
            "facts": told["facts"],
            **{key: told.get(key) for key in ("exit_code", "cell", "line")},
            **{key: told.get(key, "") for key in ("hint", "error")},
        }
