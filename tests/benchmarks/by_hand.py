"""The edited notebook's container made by hand: nbconvert, docker buildx build and docker run."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from time import perf_counter

from jupyter_docker.freeze.lock.index import read_index_settings
from tests.benchmarks.edited_notebook import EditedNotebook
from tests.benchmarks.programs import OURS, seconds_of, seconds_to, secret_options


class ByHand:
    """An exported context whose packages are in the build cache, so that only the script is new in each build."""

    def __init__(self, notebook: EditedNotebook, context: Path) -> None:
        self._notebook, self._context = notebook, context
        seconds_of([OURS, "export", str(notebook.path), str(context)])
        (self._script,) = (context / "app").iterdir()
        with secret_options(read_index_settings()) as options:
            self._build(*options)

    def edit(self) -> None:
        """Change the script as the notebook was changed."""
        text = re.sub(r"token-[0-9a-f]+", self._notebook.token, self._script.read_text())
        self._script.write_text(text)

    def seconds_to_output(self) -> float:
        """Return the time of a build and then until the run prints the token."""
        return self._build() + seconds_to(["docker", "run", "--rm", self._image], self._notebook.token)

    def seconds_of_all(self) -> float:
        """Return the time of nbconvert, a build and a run, to its end."""
        began = perf_counter()
        seconds_of(
            [
                str(Path(sys.executable).with_name("jupyter")), "nbconvert", "--to", "script", str(self._notebook.path),
                "--output", self._script.stem, "--output-dir", str(self._script.parent),
            ]
        )  # fmt: skip
        self._build()
        seconds_to(["docker", "run", "--rm", self._image], self._notebook.token)
        return perf_counter() - began

    @property
    def _image(self) -> str:
        return f"{self._notebook.name}:by-hand-{self._notebook.token}"

    def _build(self, *options: str) -> float:
        return seconds_of(["docker", "buildx", "build", "--tag", self._image, *options, str(self._context)])
