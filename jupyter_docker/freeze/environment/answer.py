"""What a running kernel answered when it was asked what it has loaded."""

from __future__ import annotations

import json
from pathlib import Path

from jupyter_docker.freeze.environment.loaded_libraries import mapped_libraries
from jupyter_docker.values import Loaded, LoadedModule, UsageError


def question() -> str:
    """Return the code to run in the kernel, in a namespace of its own; it leaves the ``answer`` there, as text."""
    return Path(__file__).with_name("question.py").read_text(encoding="utf-8")


def read_answer(file: Path) -> Loaded:
    """Return the answer that is in ``file``, or the ``problem`` why there is none; raises UsageError."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        if told.get("problem"):
            return Loaded(problem=str(told["problem"]))
        modules = tuple(LoadedModule(name=name, file=path) for name, path in sorted(told["modules"].items()))
        return Loaded(python=Path(told["python"]), modules=modules, libraries=mapped_libraries(told["maps"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "It is made by the JupyterLab extension: leave --loaded out."
        raise UsageError(f"'{file}' does not say what a kernel has loaded: {error!r}.", hint=hint) from None
