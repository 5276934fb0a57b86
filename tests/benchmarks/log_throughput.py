"""100,000 printed lines: a run's output, emitted and kept in its log, in lines a second.

The baseline is `docker logs` of a container that printed the same, into a pipe that is read by `cat`. The log that the
run kept must have every line.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from jupyter_docker.engine.connection.engine import connect
from jupyter_docker.engine.containers.containers import run
from jupyter_docker.values.container_spec import RunSpec
from jupyter_docker.values.events import Event, Log
from tests.benchmarks.measurement import Measurement, best_in_turns

ROUNDS = 3
LINES = 100_000
IMAGE = f"python:{sys.version_info.major}.{sys.version_info.minor}-slim"
COMMAND = ("python", "-c", f"for number in range({LINES}): print('epoch', number, 'loss 0.6931 accuracy 0.5000')")


def measure() -> Iterator[Measurement]:
    """Yield the one measurement."""
    ours, docker = best_in_turns(ROUNDS, seconds_of_run, seconds_of_docker_logs)
    yield Measurement(
        what="log throughput",
        ours=LINES / ours,
        baseline=LINES / docker,
        unit="lines/s",
        bound=0.5,
        more_is_better=True,
    )


def seconds_of_run() -> float:
    """Return the time from the first line to the last; fails where a line is missing in the log."""
    times: list[float] = []

    def emit(event: Event) -> None:
        if isinstance(event, Log):
            times.append(perf_counter())
            pipe.write(event.text)

    with connect() as engine, tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as pipe:
        result = run(engine, RunSpec(image=IMAGE, command=COMMAND), log_folder=Path(folder), emit=emit)
        kept = result.log.read_bytes().count(b"\n") if result.log else 0
    if kept != LINES:
        raise SystemExit(f"{kept} of {LINES} lines are in the log")
    return times[-1] - times[0]


def seconds_of_docker_logs() -> float:
    """Return the time of ``docker logs | cat`` for a container that has ended."""
    name = f"log-throughput-{secrets.token_hex(4)}"
    subprocess.run(["docker", "run", "--name", name, IMAGE, *COMMAND], check=True, stdout=subprocess.DEVNULL)
    try:
        began = perf_counter()
        with subprocess.Popen(["docker", "logs", name], stdout=subprocess.PIPE) as logs:
            subprocess.run(["cat"], stdin=logs.stdout, stdout=subprocess.DEVNULL, check=True)
        return perf_counter() - began
    finally:
        subprocess.run(["docker", "rm", "-f", name], check=True, stdout=subprocess.DEVNULL)
