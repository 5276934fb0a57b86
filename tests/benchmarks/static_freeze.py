"""python -m tests.benchmarks.static_freeze NOTEBOOK ENVIRONMENT: pin without a lock, and print the seconds of that."""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

from jupyter_docker.freeze.distributions.closure import find_closure, target_markers
from jupyter_docker.freeze.distributions.resolve import resolve_roots
from jupyter_docker.freeze.environment.inspection import inspect_environment
from jupyter_docker.freeze.scan.imports import scan_script
from jupyter_docker.notebook.nodes import read_notebook
from jupyter_docker.notebook.script import export_script


def static_freeze(notebook: Path, environment: Path) -> dict[str, str]:
    """Return the versions of what the notebook imports and of all that those need."""
    script = export_script(read_notebook(notebook), source=notebook, name=notebook.stem, emit=lambda _: None)
    host = inspect_environment(python=environment)
    resolution = resolve_roots(scan_script(script), host, notebook.parent, (), emit=lambda _: None)
    markers = target_markers(host.python_version, "linux/amd64")
    return {name: each.version for name, each in find_closure(resolution.roots, host, markers).distributions.items()}


if __name__ == "__main__":
    began = perf_counter()
    pins = static_freeze(*map(Path, sys.argv[1:]))
    seconds = perf_counter() - began
    assert pins
    sys.stdout.write(f"{seconds}\n")
