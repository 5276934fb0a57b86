"""The options of ``sweep``: which rows, where they run, and what they return."""

from __future__ import annotations

import argparse
from pathlib import Path

# The clusters of the room `clusters`, which is not imported for a --help.
CLUSTERS = ("local", "slurm")


def add_sweep_options(parser: argparse.ArgumentParser) -> None:
    """Add them to the parser of the verb."""
    group = parser.add_argument_group("the sweep")
    group.add_argument(
        "--grid",
        action="append",
        default=[],
        metavar="NAME=A,B,C",
        help="values to try for a parameter, or range(N); repeatable: every combination runs",
    )
    group.add_argument("--zip", action="store_true", help="no combinations: the first values of --grid together, …")
    group.add_argument("--table", type=Path, metavar="FILE", help="a row a run: .csv, .jsonl or .parquet")
    group.add_argument("--on", choices=CLUSTERS, default="local", help="where the tasks run (default: local)")
    group.add_argument(
        "--at-once", type=positive, default=0, metavar="N", help="so many tasks at once (default: as there is room)"
    )
    group.add_argument(
        "--retries", type=count, default=1, metavar="N", help="try again what was killed or lost (default: 1)"
    )
    group.add_argument("-o", "--output", default="", metavar="NAMES", help="variables to return, as in -o score,model")
    group.add_argument(
        "--pilot", action="store_true", help="run the first row alone before, and limit the others by it"
    )
    group.add_argument("-d", "--detach", action="store_true", help="do not wait for its end")
    group.add_argument("--resume", metavar="ID", help="run the rows of a sweep that have no good record")


def count(text: str) -> int:
    """Return a whole number from 0; raises ValueError."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def positive(text: str) -> int:
    """Return a whole number from 1; raises ValueError."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
