"""The programs that run a script in its image, copied there as files; and what the host reads with them."""

from __future__ import annotations

from pathlib import Path

from jupyter_docker.task_runner.script_parameters import (
    INJECTED_TAG,
    PARAMETERS_TAG,
    Parameter,
    ParameterError,
    cell_parameters,
    checked,
    from_text,
    read_parameters,
    read_parts,
    read_values,
    split_value,
)

__all__ = [
    "INJECTED_TAG",
    "PARAMETERS_TAG",
    "Parameter",
    "ParameterError",
    "cell_parameters",
    "checked",
    "from_text",
    "read_parameters",
    "read_parts",
    "read_values",
    "runner_files",
    "split_value",
]

_FILES = ("run_task.py", "script_parameters.py")


def runner_files(*, ipython: bool) -> dict[str, bytes]:
    """Return the name and content of each file that an image needs; ``ipython`` is whether IPython runs its script."""
    names = (*_FILES, *(("run_cells.py",) if ipython else ()))
    return {name: Path(__file__).with_name(name).read_bytes() for name in names}
