"""Forty rows on the local engine, two at once, against `docker run` of the same image by hand; and a table of 1,000.

The baseline of a sweep is the mean of `docker run --rm IMAGE -P number=N` one after another, times the rows, by two.
The overhead of a task is the median from one task's begin to the next one's of the same worker, one at once, less the
median of `docker run`.
"""

from __future__ import annotations

import json
import os
import resource
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import mean, median
from time import perf_counter
from typing import Any

from jupyter_docker import api
from jupyter_docker.clusters.following import recorded
from jupyter_docker.clusters.table import SweepTable
from tests.benchmarks.measurement import Measurement
from tests.unit.clusters.sweep_folder import leave, swept
from tests.unit.notebook.export_case import code, notebook

ROWS, AT_ONCE, ALONE, RECORDS = 40, 2, 10, 1000


def measure() -> Iterator[Measurement]:
    """Yield the three measurements."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = str(Path(folder, "state"))
        path = Path(folder, "swept.ipynb")
        number = secrets.randbelow(1 << 30)  # a sweep of its own each time
        cells = (code("number = 0", "parameters"), code(f"import time\nscore = number + {number}\ntime.sleep(0.5)"))
        path.write_text(json.dumps(notebook(*cells)))
        image = str(api.build(path).reference)
        by_hand = [seconds_of_docker(image, row) for row in range(ALONE)]
        alone = api.sweep(path, [{"number": 1000 + row} for row in range(ALONE)], at_once=1)
        by_hand += [seconds_of_docker(image, row) for row in range(ALONE)]
        overhead = median(steps(alone)) - median(by_hand)
        yield Measurement(
            what="overhead of a task over docker run", ours=overhead, baseline=median(by_hand), limit=0.15
        )
        before = perf_counter()
        api.sweep(path, [{"number": row} for row in range(ROWS)], outputs=["score"], at_once=AT_ONCE)
        wall = perf_counter() - before
        by_hand += [seconds_of_docker(image, row) for row in range(ALONE)]
        baseline = mean(by_hand) * ROWS / AT_ONCE
        yield Measurement(what="a sweep of 40 rows, two at once", ours=wall, baseline=baseline, bound=1.15)
    yield from table_measurements()


def seconds_of_docker(image: str, row: int) -> float:
    before = perf_counter()
    subprocess.run(["docker", "run", "--rm", image, "-P", f"number={row}"], check=True, capture_output=True)
    return perf_counter() - before


def steps(table: SweepTable) -> list[float]:
    """Return the time from each task's begin to the next one's."""
    begun = [record.started for _, record in sorted(table.progress.records.items())]
    return [later - earlier for earlier, later in pairwise(begun)]


def table_measurements() -> Iterator[Measurement]:
    """Yield the time and the memory that a table of 1,000 records takes, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        rows: list[dict[str, Any]] = [{"rate": number / 7, "kind": "a"} for number in range(RECORDS)]
        kept = swept(Path(folder), rows, outputs=("score", "name"))
        for index in range(RECORDS):
            leave(kept, index, {"score": index / 3, "name": "x" * 20})
        said = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.sweep", str(kept.path)], capture_output=True, text=True, check=True
        ).stdout
        seconds, megabytes = map(float, said.split())
    yield Measurement(what="a table of 1,000 records", ours=seconds, baseline=1, limit=1)
    yield Measurement(what="its memory", ours=megabytes, baseline=60, unit="MB", limit=60)


def read_table(path: str) -> tuple[float, float]:
    """Return the seconds and the megabytes of reading the table, pandas imported before."""
    import pandas as pd

    from jupyter_docker.clusters.store import SweepFolder

    pd.DataFrame({"a": [1]})
    peak, before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, perf_counter()
    folder = SweepFolder(Path(path))
    frame = SweepTable(folder=folder, progress=recorded(folder)).frame()
    if len(frame) != RECORDS or frame["score"].isna().any():
        raise SystemExit("not all is in the table")
    return perf_counter() - before, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) / 1024


if __name__ == "__main__":
    sys.stdout.write("{:.3f} {:.1f}\n".format(*read_table(sys.argv[1])))
