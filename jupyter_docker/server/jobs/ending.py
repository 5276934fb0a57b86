"""How a job ended whose process is gone."""

from __future__ import annotations

import shutil
from typing import Any

from jupyter_docker.server.jobs.model import Job
from jupyter_docker.server.jobs.store import JobFolder
from jupyter_docker.values.errors import InterruptedRunError

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
