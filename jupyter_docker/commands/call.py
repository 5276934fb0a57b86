"""One command as it was given."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jupyter_docker.config import Defaults
from jupyter_docker.engine import Engine, connect
from jupyter_docker.errors import UsageError
from jupyter_docker.events import Emit


@dataclass(frozen=True, kw_only=True)
class Call:
    """The words, the notebook that is meant, where, who is told, and who can be asked.

    ``live`` says that this process is the notebook's kernel, ``has_terminal`` that a program can be given this
    process's standard streams; ``confirm`` asks the person a question, and is False where nobody can answer.
    """

    args: argparse.Namespace
    notebook: Path | None
    live: bool
    has_terminal: bool
    defaults: Defaults
    emit: Emit
    confirm: Callable[[str], bool]

    @property
    def source(self) -> Path:
        """The notebook; raises UsageError where none is known."""
        if self.notebook is None:
            raise UsageError("Which notebook?", hint=f"Name it, as in `{self.args.verb} analysis.ipynb`.")
        return self.notebook

    def connect(self) -> Engine:
        """Connect to the engine that was chosen, or to the one that the docker command uses."""
        return connect(self.args.engine or self.defaults.engine or None)
