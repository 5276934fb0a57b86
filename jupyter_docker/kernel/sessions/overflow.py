"""How much a cell may put into the notebook, and the file that the rest goes to."""

from __future__ import annotations

from datetime import datetime
from io import FileIO
from pathlib import Path

from jupyter_docker.values import make_private_folder, open_new, write_all

MOST_TEXT = 24 * 2**20  # characters printed by one cell: 100,000 long lines
MOST_RICH = 128 * 2**20  # characters of its pictures, tables and the like
MOST_OUTPUTS = 20_000
_LARGEST_FILE = 2**30


class Overflow:
    """Counts what one cell outputs; what is over the limits is kept in a file in ``folder``, itself of limited size."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._text = self._rich = self._outputs = self._kept = 0
        self._file: FileIO | None = None
        self.path: Path | None = None

    def admits_text(self, size: int) -> bool:
        """Count ``size`` characters of printed text; return whether the notebook takes them."""
        self._text += size
        return self._text <= MOST_TEXT

    def admits_output(self, size: int) -> bool:
        """Count one output of ``size`` characters; return whether the notebook takes it."""
        self._rich, self._outputs = self._rich + size, self._outputs + 1
        return self._rich <= MOST_RICH and self._outputs <= MOST_OUTPUTS

    def keep(self, text: str) -> None:
        """Write ``text`` to the file, which is made when first needed; OSError means that nothing more is kept."""
        if self._kept > _LARGEST_FILE:
            return
        if self._file is None:
            make_private_folder(self._folder)
            path = self._folder / f"{self._name}-{datetime.now().astimezone():%Y%m%d-%H%M%S-%f}.txt"
            self.path, self._file = path, open_new(path)
        data = text.encode("utf-8", "replace")
        self._kept += len(data)
        write_all(self._file, data)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
