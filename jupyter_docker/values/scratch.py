"""Temporary folders that say whose they are, so that what a killed process left is removed by the next command."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

PREFIX = "jupyter-containerize-"

_SAME_START = 2.0  # seconds, of which some places keep only whole ones


@contextmanager
def scratch_folder(base: Path | None = None) -> Iterator[Path]:
    """Yield a new folder that only this user can look into, and remove it; first those of processes that were killed.

    It is in ``base``, by default where temporary files are. Raises OSError where there can be none.
    """
    base = base or Path(tempfile.gettempdir())
    sweep_scratch(base)
    folder = base / f"{PREFIX}{own_process()}-{secrets.token_hex(8)}"
    folder.mkdir(mode=0o700)
    try:
        with _locked(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep_scratch(base: Path) -> tuple[Path, ...]:
    """Remove the folders in ``base`` of this user's processes that are gone; return them."""
    return tuple(folder for folder in base.glob(f"{PREFIX}*-*-*") if _is_abandoned(folder) and _removed(folder))


def own_process() -> str:
    """Return this process as ``PID-START``, which no later one is called."""
    pid = os.getpid()
    return f"{pid}-{process_start(pid):.0f}"


def process_start(pid: int) -> float | None:
    """Return a number that no other process of that ``pid`` had or will have; None where there is no such process.

    It is when the process began, in seconds: since 1970, but on Linux, where that would change whenever the clock is
    set, since the start of the machine, counted from a number of that start.
    """
    if sys.platform == "linux" and (start := _machine_start()) is not None:
        with suppress(OSError):
            return start + _ticks_of(pid) / os.sysconf("SC_CLK_TCK")
        return None
    import psutil

    try:
        return float(psutil.Process(pid).create_time())
    except psutil.Error:
        return None


@cache
def _machine_start() -> int | None:
    """Return a number of this start of the machine; None where the system has no name for it."""
    try:
        return zlib.crc32(Path("/proc/sys/kernel/random/boot_id").read_bytes())
    except OSError:
        return None


def _ticks_of(pid: int) -> int:
    """Return when the process began, in clock ticks since the start of the machine; raises OSError."""
    # The name, in parentheses, may have spaces; this is field 22, the state after it is field 3.
    return int(Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[19])


def is_running(pid: int, started: float) -> bool:
    """Whether the process ``pid`` that began at ``started`` runs still, and not another with its number."""
    alive = process_start(pid)
    return alive is not None and abs(alive - started) <= _SAME_START


def is_own_folder(folder: Path) -> bool:
    """Whether it is a folder of this user's, no link to one: anyone may put something into a common folder."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    mine = not hasattr(os, "getuid") or os.getuid() in (0, found.st_uid)  # root gives some to a container's user
    return stat.S_ISDIR(found.st_mode) and mine


def _is_abandoned(folder: Path) -> bool:
    try:
        pid, started, _ = folder.name.removeprefix(PREFIX).split("-")
        return is_own_folder(folder) and not is_running(int(pid), float(started))
    except ValueError:  # a name of somebody else's
        return False


def _removed(folder: Path) -> bool:
    """Remove it, unless a process in another container than this one has it: their numbers are not ours."""
    with suppress(OSError), _locked(folder):
        shutil.rmtree(folder, ignore_errors=True)
        return True
    return False


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a lock on the folder; raises BlockingIOError where another process does. It ends with the process."""
    if sys.platform == "win32":  # where a folder in use can't be removed anyway
        yield
        return
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
