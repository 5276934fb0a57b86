"""The state of a job, derived from its files and its process, so that any server can tell it at any time."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from jupyter_docker.server.jobs.events import EventLine, EventLines
from jupyter_docker.server.jobs.model import Job, JobState
from jupyter_docker.server.jobs.process import JobProcess
from jupyter_docker.server.jobs.store import JobFolder
from jupyter_docker.values import InterruptedRunError

_CUT_OFF = "It was cut off: its process went away before the end."
_FORGOTTEN = "It was waiting when the server ended, which alone had the values of its variables."
_MAKE_ROOM = "The disk that keeps the jobs' logs is full: free some space there. "
_FULL = 1024 * 1024  # bytes left
_ERROR = "error: "
_AGAIN = "Run it again. What its container left is removed then, or listed with the containers."


def how_it_ended(folder: JobFolder, job: Job) -> dict[str, Any]:
    """Return the fields of ``job`` that change with its end; its events have been read."""
    ended = {"finished": _last_sign(folder)}
    if job.error:
        return ended | {"state": "cancelled" if job.error == InterruptedRunError.__name__ else "failed"}
    if job.exit_code is not None:
        return ended | {"state": "succeeded"}
    claim = folder.read("claim")
    if folder.read("stop") is not None or (claim is not None and claim.get("cancelled")):
        return ended | {"state": "cancelled", "summary": "It was stopped."}
    summary = _FORGOTTEN if claim is None else f"{_CUT_OFF}{_last_words(folder)}"
    full = shutil.disk_usage(folder.path).free < _FULL
    return ended | {"state": "lost", "summary": summary, "hint": f"{_MAKE_ROOM if full else ''}{_AGAIN}"}


def _last_words(folder: JobFolder) -> str:
    """Return its last error on stderr, or else the last line there."""
    try:
        lines = folder.stderr.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except FileNotFoundError:
        return ""
    errors = [line.removeprefix(_ERROR) for line in lines if line.startswith(_ERROR)]
    return f" It said: {[*lines, *errors][-1]}" if lines else ""


def _last_sign(folder: JobFolder) -> str:
    return max(map(folder.changed, ("events.jsonl", "process.json", "claim.json", "asked.json")))


_KEPT = {"cancelled", "failed", "succeeded"}  # the others may turn out differently
_TOLD = {"StepStarted", "Finished", "Failed"}


class JobReader:
    """Reads one job again and again, of its events only the new ones."""

    def __init__(self, folder: JobFolder, contents_path: Callable[[str], str | None]) -> None:
        self.folder = folder
        self.request = request = folder.request()
        self._contents_path = contents_path
        self._lines = EventLines(folder.events)
        self._process: JobProcess | None = None
        self._begun = False
        self._started = ""
        self._outputs: dict[str, None] = {}
        self._job = self._ended() or Job(
            id=folder.id,
            verb=request.verb,
            notebook=request.notebook,
            image=request.image,
            options=request.options,
            state="queued",
            created=folder.created,
            container=request.container,
            secret_names=request.secret_names,
        )

    @property
    def process(self) -> JobProcess | None:
        """Its process, None where it has none."""
        return self._process

    def began(self, process: JobProcess | None, started: str) -> None:
        """Take that its process was started at ``started``, or could not be; a full disk may keep no word of it."""
        self._begun, self._process, self._started = True, process, started

    def read(self) -> Job:
        """Return the job as it is now."""
        if self._job.active:
            living = self._living()  # before the events, so that the last of one that ended are read
            job = replace(self._job, started=self._started, **self._told())
            job = replace(job, **how_it_ended(self.folder, job)) if living is None else replace(job, state=living)
            # The same object where nothing changed, which is found out faster by those who compare.
            self._job = self._job if job == self._job else job
            if self._job.state in _KEPT:
                with suppress(OSError):
                    self.folder.add("ended", self._job.as_json())
        return self._job

    def _ended(self) -> Job | None:
        """Return the job as an earlier server found it in the end, which spares reading all its events again."""
        fields = self.folder.read("ended")
        with suppress(KeyError, TypeError):  # another version's
            return Job.parse(fields) if fields else None
        return None

    def _living(self) -> JobState | None:
        """Return the state of one that has not ended."""
        claim = self.folder.read("claim")
        if claim is None:
            waits = not self.request.secret_names or JobProcess.parse(self.request.server) is not None
            return "queued" if waits else None
        if claim.get("cancelled"):
            return None
        if not self._begun:
            self._find_process(claim.get("server", ""))
        if self._begun and (self._process is None or not self._process.alive):
            return None
        return "running" if self.folder.read("stop") is None else "stopping"

    def _find_process(self, server: str) -> None:
        begun = self.folder.read("process")
        if begun is None and JobProcess.parse(server) is None:
            begun = self._adopt()
        if begun is not None:
            self.began(JobProcess.parse(begun.get("process", "")), begun.get("started", ""))

    def _adopt(self) -> dict[str, Any]:
        """Find the process of a server that was killed between starting it and writing that down."""
        found = JobProcess.find(self.folder.id)
        begun = {"process": str(found) if found else "", "started": self.folder.changed("claim.json")}
        with suppress(OSError):
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
        try:
            told = json.loads(event.text)
        except ValueError:  # damaged by a power cut
            return {}
        if event.type == "StepStarted":
            self._outputs |= dict.fromkeys(filter(None, map(self._contents_path, told["outputs"])))
            return {"step": told["step"], "title": told["title"], "outputs": tuple(self._outputs)}
        return {
            "summary": told.get("summary") or told.get("message", ""),
            "facts": told["facts"],
            "fixes": tuple(told.get("fixes", ())),
            **{key: told.get(key) for key in ("exit_code", "cell", "line")},
            **{key: told.get(key, "") for key in ("hint", "error")},
        }
