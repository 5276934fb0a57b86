"""The programs that run a script in its image, copied there as files; and what the host reads with them."""

from __future__ import annotations

from pathlib import Path

_FILES = ("run_task.py", "script_parameters.py", "task_record.py")


def runner_files(*, ipython: bool) -> dict[str, bytes]:
    """Return the name and content of each file that an image needs; ``ipython`` is whether IPython runs its script."""
    names = (*_FILES, *(("run_cells.py",) if ipython else ()))
    return {name: Path(__file__).with_name(name).read_bytes() for name in names}
