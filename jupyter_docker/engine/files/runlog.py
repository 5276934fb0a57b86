"""The log file of a run: every byte that the container printed, in the order it came."""

from __future__ import annotations

from datetime import datetime
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self

from jupyter_docker.engine.containers.stream import TextDecoder
from jupyter_docker.values import Emit, Log, Stream, Warned, make_private_folder, open_new, write_all

_MAX_PER_NAME = 1000


class RunLog:
    """Keeps what it is given in a file, unbuffered, and emits it as Log events.

    The run matters more than its log: where the file can't be written, a Warned event says so once, and ``path`` is
    None if there never was one. ``files_folder`` is beside it, for files of the same run.
    """

    def __init__(self, folder: Path, name: str, emit: Emit) -> None:
        self._folder, self._name, self._emit = folder, name, emit
        self._text = TextDecoder()
        self._file: FileIO | None = None
        self.path: Path | None = None
        self.files_folder = folder / f"{name}-files"

    def open(self) -> None:
        """Make the file, and its folder."""
        try:
            make_private_folder(self._folder)
            self.path, self._file = _create(self._folder, self._name)
            self.files_folder = self._folder / f"{self.path.stem}-files"
        except OSError as error:
            self._give_up(self._folder, error)

    def add(self, stream: Stream, data: bytes) -> None:
        """Keep ``data`` and emit its text."""
        if self._file is not None:
            try:
                write_all(self._file, data)
            except OSError as error:
                self._give_up(Path(str(self.path)), error)
        if text := self._text.feed(stream, data):
            self._emit(Log(step="run", text=text, stream=stream))

    def close(self) -> None:
        """Emit what is left and close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
        for stream, text in self._text.close():
            self._emit(Log(step="run", text=text, stream=stream))

    def _give_up(self, where: Path, error: OSError) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        self._emit(
            Warned(
                step="run",
                message=f"The log can't be kept in '{where}': {error.strerror}. What is printed is only shown.",
                hint="Free some space there, or start Jupyter where you may write.",
            )
        )

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _create(folder: Path, name: str) -> tuple[Path, FileIO]:
    stem = f"{name}-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    for number in range(1, _MAX_PER_NAME):
        path = folder / (f"{stem}.log" if number == 1 else f"{stem}-{number}.log")
        try:
            return path, open_new(path)
        except FileExistsError:
            continue
    raise FileExistsError(f"{stem}.log")
