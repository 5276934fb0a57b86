"""The jobs on disk: a folder each, readable by its owner alone."""

from __future__ import annotations

import errno
import json
import os
import re
import secrets
import shutil
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from platformdirs import user_state_path

from jupyter_docker.server.jobs.model import JobRequest
from jupyter_docker.values import APPLICATION, MissingError, make_private_folder, open_new, write_all, write_private

_NO_LINKS = {errno.ENOSYS, errno.ENOTSUP, errno.EPERM}
_CREATED = "%Y%m%d-%H%M%S-%f"  # the beginning of an id, so that they sort by time
_ID = re.compile(r"\d{8}-\d{6}-\d{6}-[0-9a-f]{6}")


def now() -> str:
    """Return the time, ISO 8601; two of them sort as the moments do."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


class JobFolder:
    """What is kept of one job. Each file is written once, whole, but for the two that its process writes to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.id = path.name
        self.events = path / "events.jsonl"
        self.stderr = path / "stderr.txt"
        self.loaded = path / "loaded.json"

    @property
    def created(self) -> str:
        """When it was written, ISO 8601: as its id has it, so that both sort alike."""
        moment = datetime.strptime(self.id.rpartition("-")[0], _CREATED).replace(tzinfo=UTC)
        return moment.isoformat(timespec="microseconds")

    def request(self) -> JobRequest:
        """Return what was asked for; raises OSError or ValueError where that can't be read."""
        fields = self.read("asked")
        if not fields:
            raise ValueError("no job is in it")
        fields |= {key: tuple(fields[key]) for key in ("secret_names", "words")}
        return JobRequest(**fields)

    def read(self, name: str) -> dict[str, Any] | None:
        """Return what `add` wrote; None where it did not, nothing where a power cut or a full disk damaged it."""
        try:
            value = json.loads((self.path / f"{name}.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    def add(self, name: str, value: dict[str, Any]) -> bool:
        """Write ``value`` unless the file is there, of which two servers can do it only once; return whether it was.

        Raises OSError, and leaves nothing.
        """
        target = self.path / f"{name}.json"
        if target.exists():
            return False
        new = self.path / f".{name}.{secrets.token_hex(4)}"
        try:
            _write(new, value)
            _place(new, target)
        except FileExistsError:
            return False
        finally:
            new.unlink(missing_ok=True)
        return True

    def changed(self, name: str) -> str:
        """Return when a file of it was last written, ISO 8601; empty where it is not there."""
        try:
            return datetime.fromtimestamp((self.path / name).stat().st_mtime, UTC).isoformat()
        except FileNotFoundError:
            return ""


def _write(path: Path, value: dict[str, Any]) -> None:
    with open_new(path) as file:
        write_all(file, json.dumps(value).encode())
        os.fsync(file.fileno())


def _place(new: Path, target: Path) -> None:
    """Make ``target`` of ``new``: whole or not at all, but for a file system without hard links, such as SMB."""
    try:
        target.hardlink_to(new)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        with open_new(target) as file:
            write_all(file, new.read_bytes())


class JobStore:
    """The jobs of one server folder."""

    def __init__(self, root: Path) -> None:
        digest = sha256(str(root).encode()).hexdigest()[:16]
        self._folder = user_state_path(APPLICATION) / "jobs" / digest

    def ids(self) -> list[str]:
        """Return the ids, newest first."""
        with suppress(FileNotFoundError):
            return sorted((path.name for path in self._folder.iterdir() if _ID.fullmatch(path.name)), reverse=True)
        return []

    def folder(self, job: str) -> JobFolder:
        """Return the folder of a job; raises MissingError where there is none."""
        path = self._folder / job
        if not _ID.fullmatch(job) or not path.is_dir():
            raise MissingError(f"There is no job '{job[:100]}'.", hint="It was deleted, or was of another server.")
        return JobFolder(path)

    def create(self, request: JobRequest, loaded: dict[str, Any] | None) -> JobFolder:
        """Write a new job, which is there whole or not at all; raises OSError."""
        job = f"{datetime.now(UTC):{_CREATED}}-{secrets.token_hex(3)}"
        make_private_folder(self._folder)
        new = JobFolder(self._folder / f".{job}")
        make_private_folder(new.path)
        try:
            new.add("asked", asdict(request))
            if loaded is not None:
                write_private(new.loaded, json.dumps(loaded).encode())
            return JobFolder(new.path.rename(self._folder / job))
        except BaseException:
            shutil.rmtree(new.path, ignore_errors=True)
            raise

    def delete(self, job: str) -> None:
        """Remove a job."""
        gone = self._folder / f".{job}.gone"
        with suppress(FileNotFoundError):
            self.folder(job).path.rename(gone)
            shutil.rmtree(gone)
