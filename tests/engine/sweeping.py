"""A notebook whose rows end in many ways, and the command on it with sweeps of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.engine.command import Outcome, containerize
from tests.unit.notebook.export_case import code, notebook

CELLS = [
    code("do = 'end'  # what the row does\nnumber = 1.0", "parameters"),
    code("import os, signal, sys, time\nprint('begins', number, flush=True)\nos.makedirs('out', exist_ok=True)"),
    code(
        "if do == 'fail' and not os.path.exists('flags/mended'):\n    raise ValueError('no ' * 3)\n"
        "if do == 'exit':\n    os._exit(3)\n"
        "if do == 'fill':\n    kept = [bytearray(1 << 20) for _ in range(300)]\n"
        "def end(*_):\n    open('out/ended', 'w').close()\n    os._exit(0)\n"
        "if do == 'wait':\n    signal.signal(signal.SIGTERM, end)\n"
        "if do in ('wait', 'wait once') and not os.path.exists('flags/mended'):\n    time.sleep(300)\n"
    ),
    code("score, names = number / 2, ['a', do]\nwith open('out/score.txt', 'w') as file:\n    file.write(str(score))"),
]


def write_notebook(folder: Path) -> None:
    """Write the notebook; the folder that it writes to is one that it has stored a mount for."""
    cells = [{**cell, "execution_count": None, "id": f"cell-{number}"} for number, cell in enumerate(CELLS)]
    content = notebook(*cells)
    content["metadata"]["containerize"] = {"mounts": ["./out:out"]}
    (folder / "out").mkdir()
    (folder / "swept.ipynb").write_text(json.dumps(content))


class Sweeps:
    """The command, with sweeps of its own and a folder of flags that the notebook looks at."""

    def __init__(self, folder: Path, state: Path, **env: str) -> None:
        self.folder, self.state = folder, state
        self.flags = state / "flags"
        self.flags.mkdir(exist_ok=True)
        self._env = {**os.environ, "XDG_STATE_HOME": str(state), **env}

    def run(self, *words: str) -> Outcome:
        return containerize(*words, cwd=self.folder, env=self._env)

    def sweep(self, *words: str) -> Outcome:
        return self.run("sweep", "swept.ipynb", "-v", f"{self.flags}:flags:ro", *words, "--json")

    def begin(self, *words: str) -> str:
        """Start a sweep that nobody waits for, and return its name."""
        outcome = self.sweep(*words, "-d")
        assert outcome.status == 0, outcome.stdout
        return self.path.name

    def client(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "jupyter_docker", "sweep", "swept.ipynb", *words]
        return subprocess.Popen(command, cwd=self.folder, env=self._env, stderr=subprocess.DEVNULL)

    @property
    def path(self) -> Path:
        [path] = (self.state / "jupyter-containerize/sweeps").glob("swept-*")
        return path

    def journal(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.path / "journal.jsonl").read_text().splitlines()]

    def rows(self, name: str) -> list[dict[str, Any]]:
        return table(self.run("results", name, "--json"))

    def wait(self, condition: Callable[[], object], seconds: float = 120) -> None:
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until
            time.sleep(0.1)

    def wait_for_end(self) -> None:
        self.wait(lambda: not (self.path / "worker.json").exists())

    def wait_for_log(self, index: int) -> None:
        self.wait(lambda: any("begins" in log.read_text() for log in (self.path / f"tasks/{index}").glob("*.log")))


def table(outcome: Outcome) -> list[dict[str, Any]]:
    return [line for line in outcome.events if "task" in line]


def column(rows: Sequence[dict[str, Any]], *names: str) -> list[Any]:
    return [row[names[0]] if len(names) == 1 else tuple(row[name] for name in names) for row in rows]
