"""Measure what needs no large download, or what is named: python -m tests.benchmarks [cold_build] [edit_to_output] …

Each figure is a ratio to a baseline that the benchmark's own module describes, of one run on one machine. The exit
status is 1 where a bound is missed. Bounds in seconds are for an idle machine: the load is printed last.
"""

from __future__ import annotations

import argparse
import os
import sys

from tests.benchmarks import (
    cold_build,
    edit_to_output,
    exchange,
    freeze_speed,
    freeze_tools,
    kernel,
    log_throughput,
    rescue,
    start_up,
    sweep,
    system_libraries,
    tracing,
)
from tests.benchmarks.measurement import print_table

BENCHMARKS = {
    "cold_build": cold_build.measure,
    "edit_to_output": edit_to_output.measure,
    "exchange": exchange.measure,
    "freeze_speed": freeze_speed.measure,
    "freeze_tools": freeze_tools.measure,
    "kernel": kernel.measure,
    "log_throughput": log_throughput.measure,
    "rescue": rescue.measure,
    "start_up": start_up.measure,
    "sweep": sweep.measure,
    "system_libraries": system_libraries.measure,
    "tracing": tracing.measure,
}
# Only where it is named: it downloads some gigabytes of wheels.
LARGE = {"system_libraries"}


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.benchmarks")
    parser.add_argument("benchmarks", nargs="*", choices=[*BENCHMARKS, "all"], default="all")
    named = parser.parse_args().benchmarks
    chosen = [name for name in BENCHMARKS if name not in LARGE] if "all" in named else named
    measurements = [each for name in chosen for each in BENCHMARKS[name]()]
    print_table(measurements)
    sys.stdout.write(f"Load on {os.cpu_count()} processors: {', '.join(f'{load:.1f}' for load in os.getloadavg())}\n")
    return 0 if all(each.holds for each in measurements) else 1


if __name__ == "__main__":
    raise SystemExit(main())
