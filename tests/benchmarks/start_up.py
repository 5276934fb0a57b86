"""What the command needs before it does anything: `jupyter-containerize --help`.

The baseline is a Python that only imports argparse, as any command does. No bound: it is to be watched.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tests.benchmarks.measurement import Measurement, best_in_turns
from tests.benchmarks.programs import OURS, seconds_of

ROUNDS = 10


def measure() -> Iterator[Measurement]:
    """Yield the one measurement."""

    def ours() -> float:
        return seconds_of([OURS, "--help"])

    def baseline() -> float:
        return seconds_of([sys.executable, "-c", "import argparse"])

    seconds, bare = best_in_turns(ROUNDS, ours, baseline)
    yield Measurement(what="--help", ours=seconds, baseline=bare)
