"""Warnings of data that is not mounted by itself, with what a person can do about it."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from jupyter_docker.freeze.data.uses import DataUse
from jupyter_docker.values import Advice, Emit, Fix, MountArguments, Warned

_ELSEWHERE = Advice(hint="Keep it in a folder beside the notebook.")


class DataHints:
    """Says each thing once."""

    def __init__(self, mount_arguments: MountArguments, emit: Emit) -> None:
        self._mount_arguments, self._emit = mount_arguments, emit
        self._warned: set[str] = set()

    def left_out(self, use: DataUse, problem: str) -> None:
        """Say that what is there is not mounted, and by which words it would be where the code looks for it."""
        advice = self._to_write(use) if use.access == "write" else self._to_read(use)
        self._say(f"{use.location}: '{use.path}' {problem}, so it is not mounted by itself.", advice)

    def missing(self, use: DataUse) -> None:
        """Say that what is read is not there."""
        mount = f"-v {shlex.quote(f'./FILE:{self._mount_arguments.target(use.path)}:ro')}"
        advice = Advice(hint=f"Correct the path, or mount it: {mount}")
        self._say(f"{use.location} reads '{use.path}', which does not exist.", advice)

    def unkept(self, use: DataUse) -> None:
        """Say what becomes of a file beside the notebook that the code begins anew, or believes to go on with."""
        found = f"{use.location} writes '{use.path}'"
        message = f"{found}, which is not mounted: a run begins without it, and saves a copy."
        hint = "The copy is kept with the run's log. To write the file itself, put it into a folder beside the notebook"
        self._say(message, _mounted(f"{hint}, or add", self._mount_arguments.fix(use.path, read_only=False)))

    def made(self, use: DataUse) -> None:
        """Say that a folder is not mounted since the code would fail where it is there already."""
        message = f"{use.location} makes '{use.path}' anew, so it is not mounted; after a run, what is in it is copied."
        hint = "To have it beside the notebook, make it by os.makedirs or Path.mkdir with exist_ok=True."
        self._say(message, Advice(hint=f"{hint} Then it is mounted by itself."))

    def _to_read(self, use: DataUse) -> Advice:
        return _mounted("If the code may have it, mount it:", self._mount_arguments.fix(use.path, read_only=True))

    def _to_write(self, use: DataUse) -> Advice:
        """Return the mount of what is there or of a folder, which may have to be made; of a file in the last place."""
        path, fix = use.path, self._mount_arguments.fix(use.path, read_only=False)
        if not self._exists(path) and (not use.is_folder or use.is_new):
            around, fix = self._mount_arguments.fix_around(path, read_only=False)
            path = str(around)
        if fix is None or self._exists(path):
            return _mounted("If the code may write there, mount it:", fix)
        make = "mkdir -p" if use.is_folder or path != use.path else "touch"
        anew = "; the code needs exist_ok=True then" if use.is_new and path == use.path else ""
        source = shlex.quote(self._mount_arguments.source(path))
        first = f"make it first (`{make} {source}`)"
        return Advice(hint=f"If the code may write there, {first}, and mount it: {fix.arguments}{anew}")

    def _exists(self, path: str) -> bool:
        return os.path.lexists(Path(self._mount_arguments.folder, path))

    def _say(self, message: str, advice: Advice) -> None:
        if advice == _ELSEWHERE or advice.hint not in self._warned:
            self._warned.add(advice.hint)
            self._emit(Warned(step="freeze", message=message, hint=advice.hint, fixes=advice.fixes))


def _mounted(hint: str, fix: Fix | None) -> Advice:
    return Advice(hint=f"{hint} {fix.arguments}", fixes=(fix,)) if fix else _ELSEWHERE
