"""The sweeps on disk: a folder each, its owner's alone, with its handle, its rows, and what its tasks leave."""

from __future__ import annotations

import errno
import json
import re
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from io import FileIO
from pathlib import Path
from typing import Any

from platformdirs import user_state_path

from jupyter_docker.clusters.sweep import EXCHANGE, ROWS, Sweep
from jupyter_docker.exchange import write_bundle
from jupyter_docker.values import (
    APPLICATION,
    ActiveJobError,
    MissingError,
    make_private_folder,
    open_to_append,
    write_private,
)

_ID = re.compile(r"[a-z0-9][a-z0-9._-]*-[0-9a-f]{8}")
_TAKEN = {errno.EEXIST, errno.ENOTEMPTY}
HANDLE, JOURNAL, WORKER, LOG, JOBS = "sweep.json", "journal.jsonl", "worker.json", "worker.log", "jobs.json"
_LOCK, _SECONDS_TO_HOLD, _PAUSE = "lock", 1.0, 0.05


class SweepFolder:
    """What is kept of one sweep: ``input`` is what its tasks read, ``tasks`` has a folder of each that has begun.

    ``lock`` is that of `held`, where its maker has it.
    """

    def __init__(self, path: Path, *, lock: FileIO | None = None) -> None:
        self.path = path
        self._lock = lock
        self.id = path.name
        self.input = path / "input"
        self.journal = path / JOURNAL
        self.worker = path / WORKER
        self.log = path / LOG

    @cached_property
    def sweep(self) -> Sweep:
        """The sweep; raises MissingError where its handle can't be read."""
        try:
            return Sweep.from_json(json.loads((self.path / HANDLE).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            hint = f"Remove it, and sweep again: jupyter containerize rm {self.id}"
            raise MissingError(f"The sweep '{self.id}' can't be read: {error}.", hint=hint) from None

    def keep(self, sweep: Sweep) -> None:
        """Write the handle."""
        self.sweep = sweep
        write_private(self.path / HANDLE, json.dumps(sweep.as_json()).encode())

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the sweep while it is being started, so that nobody takes it for ended; it ends with the process.

        Raises ActiveJobError where another one starts it.
        """
        until = time.monotonic() + _SECONDS_TO_HOLD  # one that only looks has it for a moment
        while self._lock is None:
            self._lock = _locked(self.path / _LOCK)
            if self._lock is None and time.monotonic() > until:
                raise ActiveJobError(f"The sweep '{self.id}' is being started.", hint="Wait until it has begun.")
            time.sleep(0 if self._lock else _PAUSE)
        try:
            yield
        finally:
            self._lock.close()
            self._lock = None

    def is_held(self) -> bool:
        """Whether another process starts it now."""
        if self._lock is not None or not (self.path / _LOCK).exists():
            return False
        lock = _locked(self.path / _LOCK, shared=True)
        if lock is not None:
            lock.close()
        return lock is None

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows, as they were given."""
        lines = (self.input / ROWS).read_bytes().split(b"\n")
        return [json.loads(line) for line in lines if line]

    def task(self, index: int) -> Path:
        """Return the folder of a task, which is there once it has begun."""
        return self.path / "tasks" / str(index)

    def put_aside(self, index: int) -> None:
        """Rename the task's record, so that it can have another: the first one counts."""
        record = self.task(index) / "record.json"
        with suppress(FileNotFoundError):
            record.rename(record.with_name(f"record-{secrets.token_hex(4)}.old.json"))

    def remove(self) -> None:
        """Remove it with all that its tasks left."""
        gone = self.path.with_name(f".{self.id}.{secrets.token_hex(4)}")
        with suppress(FileNotFoundError):
            self.path.rename(gone)
            shutil.rmtree(gone)


class SweepStore:
    """The sweeps of this user, on this machine or the file system that it shares with a cluster."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or user_state_path(APPLICATION) / "sweeps"

    def all(self) -> Iterator[SweepFolder]:
        """Yield the sweeps, newest first."""
        found = [path for path in _entries(self.folder) if _ID.fullmatch(path.name) and (path / HANDLE).is_file()]
        yield from map(SweepFolder, sorted(found, key=lambda path: path.stat().st_mtime, reverse=True))

    def has(self, name: str) -> bool:
        """Whether there is a sweep of that name."""
        return bool(_ID.fullmatch(name)) and (self.folder / name / HANDLE).is_file()

    def find(self, name: str) -> SweepFolder:
        """Return the sweep of that name; raises MissingError."""
        if not self.has(name):
            raise MissingError(f"There is no sweep '{name}'.", hint="`jupyter containerize sweeps` lists them.")
        return SweepFolder(self.folder / name)

    def create(self, sweep: Sweep, rows: str) -> tuple[SweepFolder, bool]:
        """Return the sweep's folder, and whether it is new: there is one of a name. Raises OSError, leaves nothing.

        A new one is held until it is started.
        """
        path = self.folder / sweep.id
        if self.has(sweep.id):
            return SweepFolder(path), False
        make_private_folder(self.folder)
        new, lock = SweepFolder(self.folder / f".{sweep.id}.{secrets.token_hex(4)}"), None
        try:
            make_private_folder(new.input)
            make_private_folder(new.path / "tasks")
            (new.input / ROWS).write_text(rows, encoding="utf-8", newline="\n")
            write_bundle(new.input).rename(new.input / EXCHANGE)
            new.keep(sweep)
            lock = _locked(new.path / _LOCK)
            new.path.rename(path)
        except OSError as error:
            if lock is not None:
                lock.close()
            shutil.rmtree(new.path, ignore_errors=True)
            if error.errno not in _TAKEN:
                raise
            return SweepFolder(path), False
        return SweepFolder(path, lock=lock), True


def _locked(path: Path, *, shared: bool = False) -> FileIO | None:
    """Return the file, opened and locked; None where another one has it."""
    file = open_to_append(path)
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        except OSError:  # a file system without locks
            pass
    return file


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []
