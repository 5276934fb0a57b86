"""The command as a person runs it: a program of its own, with its streams and its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a command came to."""

    status: int
    stdout: str
    stderr: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events of a command with --json."""
        return [json.loads(line) for line in self.stdout.split("\n") if line]


def containerize(*words: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Outcome:
    """Run ``jupyter containerize`` to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "jupyter_docker", *words],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    # Bytes, since text mode would turn the carriage returns of progress bars into new lines.
    return Outcome(status=done.returncode, stdout=done.stdout.decode(), stderr=done.stderr.decode())
