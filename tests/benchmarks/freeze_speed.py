"""Freezing a notebook of 32 imports, each of another package, in an environment of 172 distributions: medians.

The baselines are the whole commands of pipreqs and pigar on the same notebook. Ours:

- static: from the notebook's file to the pins of what it imports and of all that those need, without a lock, nothing
  known of the environment. As a call, and as a process with the start of Python and our imports;
- hashed lock: the whole command, its own cache empty, uv's warm;
- freeze again: the whole command, nothing changed since.

All programs have run once before, so that their modules are compiled, as those of installed programs are.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

from uv import find_uv_bin

from tests.benchmarks.edited_notebook import write_notebook
from tests.benchmarks.measurement import Measurement, in_turns
from tests.benchmarks.other_tools import pigar, pipreqs
from tests.benchmarks.programs import OURS, installed_environment, seconds_of
from tests.case_environments import shared_environment

ROUNDS = 5
IMPORTS = [
    "bs4", "click", "dask.dataframe", "flask", "h5py", "httpx", "joblib", "lightgbm", "lxml", "markdown",
    "matplotlib.pyplot", "networkx", "numpy", "openpyxl", "orjson", "pandas", "plotly.express", "polars", "pyarrow",
    "pydantic", "requests", "rich", "scipy.stats", "seaborn", "sklearn.linear_model", "sqlalchemy",
    "statsmodels.api", "sympy", "tqdm", "xarray", "yaml", "zmq",
]  # fmt: skip
LIMITS = {"static, as a call": 1, "static, a process": 1, "hashed lock": 2, "freeze again": 1}


def measure() -> Iterator[Measurement]:
    """Yield each of ours beside each of the two tools."""
    with tempfile.TemporaryDirectory() as name:
        freezing = Freezing(Path(name))
        ours = (freezing.call, freezing.process, freezing.hashed, freezing.again)
        in_turns(1, *ours, freezing.pipreqs, freezing.pigar)
        *seconds, pipreqs_seconds, pigar_seconds = map(
            statistics.median, in_turns(ROUNDS, *ours, freezing.pipreqs, freezing.pigar)
        )
    for (what, limit), each in zip(LIMITS.items(), seconds, strict=True):
        yield Measurement(what=f"{what}, to pipreqs", ours=each, baseline=pipreqs_seconds, limit=limit)
        yield Measurement(what=f"{what}, to pigar", ours=each, baseline=pigar_seconds, limit=limit)


class Freezing:
    """The notebook, the environment, and the seconds of each way to freeze the one in the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "notebook"
        self._folder.mkdir()
        self._notebook = self._folder / "imports.ipynb"
        write_notebook(self._notebook, [f"import {module}" for module in IMPORTS])
        self._environment = shared_environment("large")
        uv_cache = subprocess.run([find_uv_bin(), "cache", "dir"], capture_output=True, text=True, check=True)
        self._env = {**installed_environment(folder / "compiled"), "UV_CACHE_DIR": uv_cache.stdout.strip()}
        self._kept = str(folder / "kept")

    def call(self) -> float:
        """Pin without a lock; the process says what the call took."""
        with tempfile.TemporaryDirectory() as cache:
            done = subprocess.run(
                self._static(), env=self._with_cache(cache), capture_output=True, text=True, check=True
            )
        return float(done.stdout)

    def process(self) -> float:
        """The whole of that process."""
        with tempfile.TemporaryDirectory() as cache:
            return seconds_of(self._static(), env=self._with_cache(cache))

    def hashed(self) -> float:
        """Freeze for the first time."""
        with tempfile.TemporaryDirectory() as cache:
            return seconds_of(self._command(), env=self._with_cache(cache))

    def again(self) -> float:
        """Freeze what was frozen."""
        return seconds_of(self._command(), env=self._with_cache(self._kept))

    def pipreqs(self) -> float:
        """The whole command of pipreqs."""
        return self._other(pipreqs)

    def pigar(self) -> float:
        """The whole command of pigar."""
        return self._other(pigar)

    def _other(self, tool: Callable[..., set[str]]) -> float:
        began = perf_counter()
        found = tool(self._folder, self._environment, env=self._env)
        seconds = perf_counter() - began
        if not found:
            raise SystemExit(f"{tool.__name__} found nothing")
        return seconds

    def _static(self) -> list[str]:
        return [sys.executable, "-m", "tests.benchmarks.static_freeze", str(self._notebook), str(self._environment)]

    def _command(self) -> list[str]:
        return [OURS, "freeze", str(self._notebook), "--python", str(self._environment)]

    def _with_cache(self, folder: str) -> dict[str, str]:
        return {**self._env, "XDG_CACHE_HOME": folder}
