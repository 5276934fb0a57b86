"""Which Python runs a notebook: the one the user names, or the one its kernelspec starts."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from itertools import takewhile
from pathlib import Path
from string import Template

from jupyter_docker.values.errors import EnvironmentUnavailableError
from jupyter_docker.values.process import find_program


def find_interpreter(python: Path) -> Path:
    """Return the interpreter that ``python`` is or has: a file, a name on PATH, or a virtual environment's folder."""
    path = python.expanduser()
    # What is typed as `python` is the one on PATH, whatever lies in the folder that this process is in.
    named = find_program(str(python)) if len(path.parts) == 1 else None
    if named:
        return Path(named)
    for candidate in (path, path / "bin/python", path / "python.exe", path / "Scripts/python.exe"):
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate.absolute()
    raise EnvironmentUnavailableError(
        f"'{python}' is neither a Python interpreter nor a virtual environment.",
        hint="Name one with --python, as in --python .venv or --python /usr/bin/python3.",
    )


def kernel_command(name: str) -> tuple[list[str], Mapping[str, str]]:
    """Return how the kernel ``name`` starts its interpreter, and the variables it runs with."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    manager = KernelSpecManager()
    try:
        spec = manager.get_kernel_spec(name)
    except NoSuchKernel:
        raise EnvironmentUnavailableError(
            f"There is no kernel '{name}' here. The kernels are: {', '.join(sorted(manager.find_kernel_specs()))}.",
            hint="Choose one with --kernel NAME, or an interpreter with --python PATH.",
        ) from None
    if spec.language.lower() != "python" or not spec.argv:
        raise EnvironmentUnavailableError(
            f"The kernel '{name}' runs {spec.language or 'no language'}, not Python.",
            hint="Choose a Python kernel with --kernel NAME, or an interpreter with --python PATH.",
        )
    command = [*takewhile(lambda word: word not in ("-m", "-c"), spec.argv)]
    if command[0] in ("python", "python3", f"python3.{sys.version_info.minor}"):
        command[0] = sys.executable  # as jupyter_client does when it starts one
    return command, {
        **os.environ,
        **{key: Template(str(value)).safe_substitute(os.environ) for key, value in spec.env.items()},
    }
