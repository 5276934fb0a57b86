"""What the export's tests share: a notebook from cells, its script, and a real run of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_docker.notebook.script import export_script
from jupyter_docker.task_runner import run_task
from jupyter_docker.values.events import Event, Warned
from jupyter_docker.values.script import Script

RUNNER = Path(run_task.__file__)


def code(source: str, *tags: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {"tags": list(tags)}, "outputs": []}


def text(source: str, kind: str = "markdown") -> dict[str, Any]:
    return {"cell_type": kind, "source": source, "metadata": {}}


def notebook(*cells: dict[str, Any] | str) -> dict[str, Any]:
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [code(cell) if isinstance(cell, str) else cell for cell in cells],
    }


@dataclass(frozen=True, kw_only=True)
class Exported:
    script: Script
    warned: tuple[Warned, ...]

    @property
    def requirements(self) -> list[str]:
        return [declared.requirement for declared in self.script.declared]

    @property
    def body(self) -> list[str]:
        """The lines of all code cells, as they are in the script."""
        lines = self.script.text.split("\n")
        spans = [(cell.first_line - 1, cell.first_line - 1 + cell.line_count) for cell in self.script.cells]
        return [line for start, stop in spans for line in lines[start:stop]]


def export(*cells: dict[str, Any] | str, folder: Path | None = None) -> Exported:
    events: list[Event] = []
    source = folder / "my notebook.ipynb" if folder else None
    script = export_script(notebook(*cells), source=source, name="my notebook", emit=events.append)
    warned = [event for event in events if isinstance(event, Warned)]
    assert len(warned) == len(events)
    return Exported(script=script, warned=tuple(warned))


@dataclass(frozen=True, kw_only=True)
class Run:
    stdout: str
    stderr: str
    status: int


def run(
    script: Script,
    folder: Path,
    *words: str,
    env: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
) -> Run:
    """Run the script as the image does with ``words`` behind it, in ``folder``, with no home to write to."""
    (folder / script.name).write_text(script.text, encoding="utf-8", newline="\n")
    done = subprocess.run(
        [sys.executable, *options, str(RUNNER), str(folder / script.name), *words],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8", **(env or {})},
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    return Run(stdout=done.stdout, stderr=done.stderr, status=done.returncode)
