"""The folder of an exchange: a variable is the files ``N.json`` and ``N.bin``, whose names the notebook's side gives.

Both sides may write there, so nothing is followed and nothing replaced: only plain files directly in the folder are
read, and only new ones are written.
"""

from __future__ import annotations

import json
import os
import stat
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Any

from .policy import ReadPolicy
from .problems import MalformedError

REPORT = "report.json"
_FLAGS = os.O_CLOEXEC | os.O_NOFOLLOW
# Bytes of memory that a byte of JSON may become: "[]," is a list of 56 bytes and a reference to it.
_JSON_GROWTH = 30


class ExchangeFolder:
    """An open folder, which can't be exchanged for another one while it is used."""

    def __init__(self, path: str | Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | _FLAGS)

    def __enter__(self) -> ExchangeFolder:  # noqa: PYI034 (Python 3.10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)

    def create(self, name: str) -> FileIO:
        """Return a new file to write; raises OSError where there is one of that name."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS
        return FileIO(os.open(name, flags, 0o600, dir_fd=self._descriptor), "w")

    def open(self, name: str) -> FileIO:
        """Return a plain file to read; raises MalformedError where it is something else, or not there."""
        try:
            # A FIFO would be waited for without O_NONBLOCK.
            file = FileIO(os.open(name, os.O_RDONLY | os.O_NONBLOCK | _FLAGS, dir_fd=self._descriptor), "r")
        except OSError as error:
            raise MalformedError(f"its file '{name}' can't be read: {error.strerror}") from None
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise MalformedError(f"its file '{name}' is no plain file")
        return file

    def write_json(self, name: str, content: Any) -> None:
        """Write a new JSON file."""
        with self.create(name) as file:
            file.write(json.dumps(content, separators=(",", ":")).encode())

    def read_json(self, name: str, policy: ReadPolicy) -> Any:
        """Return what a JSON file holds; raises MalformedError where it is none, or too large for the side's limit."""
        with self.open(name) as file:
            size = os.fstat(file.fileno()).st_size
            policy.allow(_JSON_GROWTH * size)
            content = file.read(size)
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            raise MalformedError(f"its file '{name}' is no JSON: {error}") from None
