"""What is said of data that is not mounted by itself, with what a person can do about it."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from jupyter_docker.events import Emit, Warned
from jupyter_docker.freeze.data_uses import DataUse
from jupyter_docker.mount_words import MountWords, target_of

_ELSEWHERE = "Keep it in a folder beside the notebook."


class DataHints:
    """Says each thing once."""

    def __init__(self, words: MountWords, emit: Emit) -> None:
        self._words, self._emit = words, emit
        self._said: set[str] = set()

    def left_out(self, use: DataUse, problem: str) -> None:
        """Say that what is there is not mounted, and by which words it would be where the code looks for it."""
        hint = self._to_write(use) if use.access == "write" else self._to_read(use)
        self._say(f"{use.place}: '{use.path}' {problem}, so it is not mounted by itself.", hint)

    def missing(self, use: DataUse) -> None:
        """Say that what is read is not there."""
        mount = f"-v {shlex.quote(f'./FILE:{target_of(use.path)}:ro')}"
        self._say(f"{use.place} reads '{use.path}', which does not exist.", f"Correct the path, or mount it: {mount}")

    def unkept(self, use: DataUse) -> None:
        """Say what becomes of a file beside the notebook that the code begins anew, or believes to go on with."""
        message = f"{use.place} writes '{use.path}', which is not mounted: a run begins without it, and saves a copy."
        mount = self._words.mount(use.path, read_only=False)
        hint = "The copy is kept with the run's log. To write the file itself"
        self._say(message, f"{hint}, put it into a folder beside the notebook, or add {mount}" if mount else _ELSEWHERE)

    def made(self, use: DataUse) -> None:
        """Say that a folder is not mounted since the code would fail where it is there already."""
        message = f"{use.place} makes '{use.path}' anew, so it is not mounted; after a run, what is in it is copied."
        hint = "To have it beside the notebook, make it by os.makedirs or Path.mkdir with exist_ok=True."
        self._say(message, f"{hint} Then it is mounted by itself.")

    def _to_read(self, use: DataUse) -> str:
        mount = self._words.mount(use.path, read_only=True)
        return f"If the code may have it, mount it: {mount}" if mount else _ELSEWHERE

    def _to_write(self, use: DataUse) -> str:
        """Return the mount of what is there or of a folder, which may have to be made; of a file in the last place."""
        path, mount = use.path, self._words.mount(use.path, read_only=False)
        if not self._exists(path) and (not use.is_folder or use.is_new):
            around, mount = self._words.mount_around(path, read_only=False)
            path = str(around)
        if not mount:
            return _ELSEWHERE
        if self._exists(path):
            return f"If the code may write there, mount it: {mount}"
        make = "mkdir -p" if use.is_folder or path != use.path else "touch"
        anew = "; the code needs exist_ok=True then" if use.is_new and path == use.path else ""
        source = shlex.quote(self._words.source(path))
        return f"If the code may write there, make it first (`{make} {source}`), and mount it: {mount}{anew}"

    def _exists(self, path: str) -> bool:
        return os.path.lexists(Path(self._words.folder, path))

    def _say(self, message: str, hint: str) -> None:
        if hint == _ELSEWHERE or hint not in self._said:
            self._said.add(hint)
            self._emit(Warned(step="freeze", message=message, hint=hint))
