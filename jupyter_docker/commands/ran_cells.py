"""The cells that this kernel ran, compared with those of the notebook's file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any


class RanCells:
    """The cells that this kernel ran, each with the time when it last did."""

    def __init__(self) -> None:
        self._times: dict[str, float] = {}

    def note(self, info: Any) -> None:
        """Take a cell that is about to run: IPython's ``pre_run_cell`` gives its ExecutionInfo."""
        if info.store_history:
            self._times[str(info.raw_cell).strip()] = time.time()

    def are_in(self, notebook: Path, *, running: str) -> bool:
        """Whether the file has the cell that is ``running``, and those that ran after it was written.

        One that is not there, and ran before, was changed or deleted since. Raises NotebookError.
        """
        from jupyter_docker.notebook import read_notebook

        written = notebook.stat().st_mtime
        saved = {cell["source"].strip() for cell in read_notebook(notebook).cells}
        ran = [text for text, when in self._times.items() if when > written]
        return saved.issuperset(text for text in [*ran, running.strip()] if text)
