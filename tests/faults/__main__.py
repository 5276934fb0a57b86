"""Do to runs what can go wrong, and see what is left: python -m tests.faults [--moments N] [FAULT …]

Each fault is followed by what a person does next, another run; then nothing may be left of the first, no finished
result may be missing, and what was said must have a hint. The exit status is 1 where a fault does not hold.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from tests.faults import kills
from tests.faults.observation import Observation, table
from tests.faults.world import World, make_world

# The moments of each, of 60 in all.
KILLS = {
    "command": (kills.kill_command, 21),
    "job": (kills.kill_job, 9),
    "server": (kills.kill_server, 7),
    "buildx": (kills.kill_buildx, 5),
    "engine": (kills.kill_engine, 10),
}


def observe(world: World, names: list[str], share: float) -> Iterator[Observation]:
    """Do what is named, with that share of its moments."""
    seconds = kills.undisturbed(world)
    for name in names:
        kill, count = KILLS[name]
        yield from kill(world, max(1, round(count * share)), seconds)


def main() -> int:
    """Do it and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.faults")
    parser.add_argument("faults", nargs="*", choices=[*KILLS, "all"], default="all")
    parser.add_argument("--moments", type=int, default=60)
    arguments = parser.parse_args()
    found = []
    with make_world() as world:
        for one in observe(
            world, list(KILLS) if "all" in arguments.faults else arguments.faults, arguments.moments / 60
        ):
            found.append(one)
            sys.stdout.write(f"{one}\n")
            sys.stdout.flush()
        secrets = world.secrets_of_engine()
    sys.stdout.write(f"{table(found)}\nfiles of the engine with a secret: {secrets}\n")
    return 0 if all(each.holds for each in found) and not secrets else 1


if __name__ == "__main__":
    raise SystemExit(main())
