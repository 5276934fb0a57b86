"""One command as it was given, and the function that does it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_docker.engine import Engine, connect
from jupyter_docker.values import Defaults, Emit, UsageError

if TYPE_CHECKING:
    from jupyter_docker.commands.options.request import NotebookRequest


@dataclass(frozen=True, kw_only=True)
class Call:
    """The words, what they ask of a notebook where they are about one, who is told, and who can be asked.

    ``has_terminal`` says that a program can be given this process's standard streams; ``confirm`` asks the person a
    question, and is False where nobody can answer.
    """

    args: argparse.Namespace
    request: NotebookRequest | None = None
    has_terminal: bool
    defaults: Defaults
    emit: Emit
    confirm: Callable[[str], bool]

    @property
    def about(self) -> NotebookRequest:
        """What is asked of the notebook; raises UsageError where none is known."""
        if self.request is None:
            raise UsageError("Which notebook?", hint=f"Name it, as in `{self.args.verb} analysis.ipynb`.")
        return self.request

    @property
    def source(self) -> Path:
        """The notebook; raises UsageError where none is known."""
        return self.about.notebook

    def connect(self) -> Engine:
        """Connect to the engine that was chosen, or to the one that the docker command uses."""
        return connect(self.args.engine or self.defaults.engine or None)


# Looked up when needed, so that `ps` does not wait for what only `run` imports.
VERBS = {
    "run": "notebooks.run",
    "compare": "comparison.compare",
    "plan": "notebooks.plan",
    "build": "notebooks.build",
    "export": "notebooks.write_context",
    "freeze": "notebooks.lock",
    "push": "notebooks.send",
    "pull": "image_runs.fetch",
    "ship": "shipping.ship",
    "kernel": "kernels.kernel",
    "open": "opening.open_lab",
    "pack": "packs.pack",
    "unpack": "packs.unpack",
    "sbom": "sboms.sbom",
    "sweep": "sweeps.sweep",
    "sweeps": "sweeps.sweeps",
    "results": "sweeps.results",
    "ps": "containers.ps",
    "logs": "containers.logs",
    "exec": "containers.exec_",
    "stop": "containers.stop",
    "rm": "containers.rm",
    "stamp": "stamps.stamp",
    "images": "images.images",
    "prune": "images.free",
    "doctor": "images.doctor",
    "completion": "completion.completion",
}


def perform(call: Call) -> Any:
    """Do what the call's verb says and return its value."""
    module, _, function = VERBS[call.args.verb].partition(".")
    return getattr(import_module(f"jupyter_docker.commands.verbs.{module}"), function)(call)
