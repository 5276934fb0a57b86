"""A kernel in a container beside a plain ipykernel, both over jupyter_client.

Trivial cell: from the request to the reply and the idle status, in a warm kernel. Start: from nothing to the first
output; the baseline is `docker run` of the image, doing nothing, plus the same start of a plain ipykernel. 100,000
printed lines: from the request to the idle status, every line received.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import nbformat
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from jupyter_docker.engine.connection.engine import Engine, connect
from jupyter_docker.kernel.container.launch import container_kernel
from jupyter_docker.pipeline.container import with_run_cache
from jupyter_docker.pipeline.images import build_kernel_image
from jupyter_docker.values.choices import BuildChoices
from jupyter_docker.values.config import Defaults
from jupyter_docker.values.container_spec import RunSpec
from tests.benchmarks.measurement import Measurement, best_in_turns

CELLS, STARTS, PRINTS = 200, 6, 3
LINES = 100_000
_PRINTING = f"for number in range({LINES}): print('epoch', number, 'loss 0.6931 accuracy 0.5000')"
_SECONDS = 300


def measure() -> Iterator[Measurement]:
    """Yield the three measurements."""
    with connect() as engine, tempfile.TemporaryDirectory() as folder:
        spec = _spec(engine, Path(folder))
        yield _start(engine, spec)
        with _client(container_kernel(engine, spec)) as ours, _client(KernelManager()) as plain:
            cell, baseline = best_in_turns(CELLS, lambda: _cell(ours), lambda: _cell(plain))
            yield Measurement(what="trivial cell in a container", ours=cell, baseline=baseline, bound=2)
            printed, baseline = best_in_turns(PRINTS, lambda: _print(ours), lambda: _print(plain))
            yield Measurement(what="100,000 lines from a cell", ours=printed, baseline=baseline, bound=2)


def _spec(engine: Engine, folder: Path) -> RunSpec:
    cells = [nbformat.v4.new_code_cell("print(1)")]  # type: ignore[no-untyped-call]
    notebook = folder / "bench.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebook)  # type: ignore[no-untyped-call]
    recipe, image = build_kernel_image(BuildChoices(notebook=notebook), engine, Defaults(), lambda _: None)
    return with_run_cache(RunSpec(image=str(image.reference)), recipe)


def _start(engine: Engine, spec: RunSpec) -> Measurement:
    def ours() -> float:
        return _seconds_to_first_output(container_kernel(engine, spec))

    def docker_run() -> float:
        began = perf_counter()
        subprocess.run(["docker", "run", "--rm", "--init", spec.image, "true"], check=True)
        return perf_counter() - began

    def plain() -> float:
        return _seconds_to_first_output(KernelManager())

    seconds, run, start = best_in_turns(STARTS, ours, docker_run, plain)
    return Measurement(what="start to first output, kernel", ours=seconds, baseline=run + start, bound=1.3)


def _seconds_to_first_output(manager: KernelManager) -> float:
    began = perf_counter()
    with _client(manager) as client:
        _cell(client)
        return perf_counter() - began


@contextmanager
def _client(manager: KernelManager) -> Iterator[BlockingKernelClient]:
    try:
        manager.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=_SECONDS)
        yield client
        client.stop_channels()
    finally:
        manager.shutdown_kernel(now=True)


def _cell(client: BlockingKernelClient) -> float:
    began = perf_counter()
    client.execute_interactive("1 + 1", output_hook=lambda _: None, timeout=_SECONDS)
    return perf_counter() - began


def _print(client: BlockingKernelClient) -> float:
    lines = 0

    def count(message: dict[str, Any]) -> None:
        nonlocal lines
        lines += message["content"].get("text", "").count("\n")

    began = perf_counter()
    client.execute_interactive(_PRINTING, output_hook=count, timeout=_SECONDS)
    seconds = perf_counter() - began
    if lines != LINES:
        raise SystemExit(f"{lines} of {LINES} lines came")
    return seconds
