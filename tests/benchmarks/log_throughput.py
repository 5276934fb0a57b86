"""100,000 printed lines: a run's output, emitted and kept in its log, against `docker logs` of the same into a pipe.

Prints both rates in lines a second, their ratio, and how much memory the run took; exits with 1 where the ratio is
under a half.
"""

from __future__ import annotations

import os
import resource
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from jupyter_docker.engine import connect
from jupyter_docker.engine.containers import run
from jupyter_docker.events import Event, Log
from jupyter_docker.runspec import RunSpec

LINES = 100_000
IMAGE = f"python:{sys.version_info.major}.{sys.version_info.minor}-slim"
COMMAND = ("python", "-c", f"for number in range({LINES}): print('epoch', number, 'loss 0.6931 accuracy 0.5000')")
LEAST_RATIO = 0.5


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


def main() -> int:
    """Measure once and print."""
    ours, docker = seconds_of_run(), seconds_of_docker_logs()
    ratio = docker / ours
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(  # noqa: T201
        f"log throughput: run {LINES / ours:,.0f} lines/s, docker logs {LINES / docker:,.0f} lines/s, "
        f"ratio {ratio:.2f} (at least {LEAST_RATIO}); peak memory {peak:.0f} MB"
    )
    return 0 if ratio >= LEAST_RATIO else 1


if __name__ == "__main__":
    raise SystemExit(main())
