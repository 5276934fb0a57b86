"""Freezing the case folders, beside the tools that people use: what each misses, what it adds, and the time.

A tool's set is closed over what is installed, as pip would on installing it. "AST" is the imports alone, by RECORD
files.
The baseline of our time is that of pigar on the same case; of our unneeded packages, that of `pip freeze`.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from packaging.utils import canonicalize_name
from rich.console import Console
from uv import find_uv_bin

from jupyter_docker.freeze.distributions.providers import Providers
from jupyter_docker.freeze.environment.inspection import inspect_environment
from jupyter_docker.freeze.scan.imports import find_imports
from jupyter_docker.notebook.nodes import read_notebook
from jupyter_docker.notebook.script import export_script
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.other_tools import pigar, pinned_names, pipreqs
from tests.benchmarks.programs import OURS
from tests.case_folders import Case, expected_closure, installed, read_cases


@dataclass(kw_only=True)
class Score:
    """What a tool did over the cases: counts of distributions per case, and seconds."""

    missing: list[int] = field(default_factory=list)
    unneeded: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def whole(self) -> int:
        """In how many cases nothing is missing."""
        return self.missing.count(0)


def measure() -> Iterator[Measurement]:
    """Print the table, and yield what is promised of it."""
    cases = [case for case in read_cases() if case.project is None and not case.error]
    scores = {name: Score() for name in TOOLS}
    for case in cases:
        environment = case.make_environment(Path())
        host = installed(environment)
        expected = expected_closure(case.needs, host) | set(case.added)
        for name, tool in TOOLS.items():
            found, seconds = _timed(tool, case, environment)
            closed = expected_closure(tuple(found), host) | found
            scores[name].missing.append(len(expected - closed))
            scores[name].unneeded.append(len(closed - expected))
            scores[name].seconds.append(seconds)
    _show(scores, len(cases))
    ours, frozen, pigar = scores["jupyter-containerize"], scores["pip freeze"], scores["pigar"]
    yield Measurement(what="cases with nothing missing", ours=ours.whole, baseline=len(cases), unit="cases", bound=1,
                      more_is_better=True)  # fmt: skip
    yield Measurement(what="unneeded packages a case, to pip freeze's", ours=statistics.mean(ours.unneeded),
                      baseline=statistics.mean(frozen.unneeded), unit="", bound=0.01)  # fmt: skip
    yield Measurement(what="freeze, to pigar", ours=statistics.median(ours.seconds),
                      baseline=statistics.median(pigar.seconds), bound=1)  # fmt: skip


def _timed(tool: Callable[[Case, Path], set[str]], case: Case, environment: Path) -> tuple[set[str], float]:
    began = perf_counter()
    found = tool(case, environment)
    return found, perf_counter() - began


def _ours(case: Case, environment: Path) -> set[str]:
    """The whole command, its own cache empty: nothing is known of the environment or the lock."""
    with tempfile.TemporaryDirectory() as cache:
        uv_cache = subprocess.run([find_uv_bin(), "cache", "dir"], capture_output=True, text=True, check=True)
        env = {**os.environ, "XDG_CACHE_HOME": cache, "UV_CACHE_DIR": uv_cache.stdout.strip()}
        command = [OURS, "freeze", str(case.path), "--python", str(environment), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, env=env, check=True)
    return {pin["name"] for pin in json.loads(done.stdout.splitlines()[-1])["pins"]}


def _pip_freeze(case: Case, environment: Path) -> set[str]:
    command = [find_uv_bin(), "pip", "freeze", "--quiet", "--python", str(environment)]
    return pinned_names(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def _ast(case: Case, environment: Path) -> set[str]:
    script = export_script(read_notebook(case.path), source=case.path, name=case.path.stem, emit=lambda _: None)
    providers = Providers(inspect_environment(python=environment))
    owners = [owner for each in find_imports(script) for owner in providers.of(each) or ()]
    return {canonicalize_name(owner.name) for owner in owners}


def _show(scores: dict[str, Score], cases: int) -> None:
    columns = [f"{cases} cases", "nothing missing", "missing (mean)", "unneeded (mean)", "unneeded (median)", "seconds"]
    rows = [columns, ["---"] * len(columns)]
    for name, each in scores.items():
        means = [f"{statistics.mean(counts):.1f}" for counts in (each.missing, each.unneeded)]
        median = f"{statistics.median(each.unneeded):.0f}"
        rows.append([name, str(each.whole), *means, median, f"{statistics.median(each.seconds):.1f}"])
    for row in rows:
        Console(width=200, markup=False, highlight=False).print(f"| {' | '.join(row)} |")


TOOLS: dict[str, Callable[[Case, Path], set[str]]] = {
    "jupyter-containerize": _ours,
    "pip freeze": _pip_freeze,
    "AST": _ast,
    "pipreqs": lambda case, environment: pipreqs(case.folder, environment),
    "pigar": lambda case, environment: pigar(case.folder, environment),
}
