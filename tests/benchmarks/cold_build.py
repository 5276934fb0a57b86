"""The first build of a notebook with pandas, scikit-learn and matplotlib: its time, the image's size, and later runs.

Ours is the whole command `jupyter-containerize build`, with nothing kept from before: no build cache, no package cache
in the engine, no lock and no package cache on the host. The baseline is what people write by hand, given its script and
its list of pins, neither of which is timed: FROM python:X.Y-slim, COPY requirements.txt, RUN pip install
--no-cache-dir, COPY . ., also without any cache. Both get the host's package index settings as build secrets.

pip's image has its modules compiled, ours does not; so the second run of the notebook by our command, to its end, is
measured too, against `docker run --rm` of pip's image. No bound: it is to be watched.
"""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from jupyter_docker.freeze.lock.index import read_index_settings
from jupyter_docker.image.recipe import SECRET_TARGETS
from tests.benchmarks.edited_notebook import write_notebook
from tests.benchmarks.measurement import Measurement, best_in_turns
from tests.benchmarks.programs import (
    OURS,
    image_size,
    images_of,
    remove_folder,
    remove_images,
    seconds_of,
    secret_options,
)

ROUNDS, RUNS = 2, 3
SOURCES = [
    "import matplotlib.pyplot as plt\nimport pandas as pd\nfrom sklearn.linear_model import LinearRegression",
    "frame = pd.DataFrame({'x': range(10), 'y': range(10)})\nfitted = LinearRegression().fit(frame[['x']], frame['y'])",
    "plt.scatter(frame['x'], fitted.predict(frame[['x']]))\nprint(fitted.coef_)",
]
MOUNTS = " ".join(f"--mount=type=secret,id={name},target={SECRET_TARGETS[name]}" for name in ("pip", "netrc", "ca"))
DOCKERFILE = f"""\
FROM python:{sys.version_info.major}.{sys.version_info.minor}-slim
WORKDIR /app
COPY requirements.txt .
RUN {MOUNTS} pip install --no-cache-dir -r requirements.txt
COPY . .
CMD ["python", "notebook.py"]
"""


class ColdBuild:
    """The notebook, and the folder that a person would build."""

    def __init__(self, folder: Path) -> None:
        self.name = f"cold-{secrets.token_hex(4)}"
        self._folder, self._notebook = folder, folder / f"{self.name}.ipynb"
        write_notebook(self._notebook, SOURCES)
        self._by_hand = folder / "by-hand"
        seconds_of([OURS, "export", str(self._notebook), str(folder / "context")])
        self._write_by_hand(folder / "context")

    def _write_by_hand(self, exported: Path) -> None:
        pins = re.findall(r"^[\w.\[\],-]+==[^\s\\;]+", (exported / "requirements.txt").read_text(), re.MULTILINE)
        self._by_hand.mkdir()
        (self._by_hand / "requirements.txt").write_text("\n".join(pins) + "\n")
        (self._by_hand / "Dockerfile").write_text(DOCKERFILE)
        (self._by_hand / "notebook.py").write_text("\n".join(SOURCES))

    def build(self) -> float:
        """Build with our command; the caches it makes are removed."""
        identifier, cache = f"cold-{secrets.token_hex(8)}", self._folder / "cache"
        environ = {**os.environ, "XDG_CACHE_HOME": str(cache), "UV_CACHE_DIR": str(cache / "uv")}
        program = Path(__file__).with_name("fresh_build.py")
        try:
            return seconds_of([sys.executable, str(program), str(self._notebook), identifier], env=environ)
        finally:
            remove_folder(cache)
            filters = ["--filter", "type=exec.cachemount", "--filter", f"description~={identifier}"]
            subprocess.run(["docker", "buildx", "prune", "--force", *filters], stdout=subprocess.DEVNULL, check=True)

    def build_by_hand(self) -> float:
        """Build the hand-written Dockerfile."""
        with secret_options(read_index_settings()) as given:
            command = [
                "docker",
                "buildx",
                "build",
                "--no-cache",
                "--tag",
                f"{self.name}:by-hand-{secrets.token_hex(4)}",
                *given,
            ]
            return seconds_of([*command, str(self._by_hand)])

    def run(self) -> float:
        """Run the notebook with our command."""
        return seconds_of([OURS, "run", str(self._notebook)])

    def run_by_hand(self) -> float:
        """Run the image made by hand."""
        return seconds_of(["docker", "run", "--rm", self.images()[1]])

    def images(self) -> tuple[str, str]:
        """Return an image of ours and one by hand."""
        images = images_of(self.name)
        by_hand = [image for image in images if ":by-hand-" in image]
        ours = [image for image in images if image not in by_hand]
        return ours[0], by_hand[0]


def measure() -> Iterator[Measurement]:
    """Yield the times and the size; the images are removed."""
    with tempfile.TemporaryDirectory() as folder:
        made = ColdBuild(Path(folder))
        try:
            ours, by_hand = best_in_turns(ROUNDS, made.build, made.build_by_hand)
            yield Measurement(what="cold build", ours=ours, baseline=by_hand, bound=0.33)
            ours, by_hand = (image_size(image) / 1e6 for image in made.images())
            yield Measurement(what="image size", ours=ours, baseline=by_hand, unit="MB", bound=0.9)
            made.run()
            ours, by_hand = best_in_turns(RUNS, made.run, made.run_by_hand)
            yield Measurement(what="second run, the command", ours=ours, baseline=by_hand)
        finally:
            remove_images(made.name)
