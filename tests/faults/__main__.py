"""Do to runs what can go wrong, and see what is left: python -m tests.faults [--moments N] [--write] [FAULT …]

Each fault is followed by what a person does next, another run; then nothing may be left of the first, no finished
result may be missing, and what was said must have a hint. ``--write`` puts the table into docs/reliability.md. The exit
status is 1 where a fault does not hold.

It needs root, for an engine and disks of its own.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.faults import clock, disks, floods, kernels, kills
from tests.faults.observation import Observation, table
from tests.faults.world import World, make_world

PAGE = Path(__file__).parents[2] / "docs/reliability.md"
_BEGIN, _END = "<!-- table: python -m tests.faults --write -->\n", "\n<!-- end of the table -->"
MOMENTS = 60
# The moments of each, of 60 in all.
KILLS = {
    "command": (kills.kill_command, 21),
    "job": (kills.kill_job, 9),
    "server": (kills.kill_server, 7),
    "kernel": (kernels.kill_kernel_client, 8),
    "buildx": (kills.kill_buildx, 5),
    "engine": (kills.kill_engine, 10),
}
OTHERS = {"disks": disks.fill, "clock": clock.set_back, "floods": floods.flood}


def observe(world: World, names: Sequence[str], moments: int) -> Iterator[Observation]:
    """Do what is named, with so many moments of kills where all of them are."""
    seconds = kills.undisturbed(world) if {*names} & {*KILLS} else {}
    for name in names:
        if name in OTHERS:
            yield from OTHERS[name](world)
        else:
            kill, count = KILLS[name]
            yield from kill(world, max(1, round(count * moments / MOMENTS)), seconds)


def write(found: Sequence[Observation]) -> None:
    """Put the table into its page, where the rows of other faults stay."""
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(_BEGIN)
    known, _, tail = rest.partition(_END)
    PAGE.write_text(f"{head}{_BEGIN}{table(found, known)}{_END}{tail}", encoding="utf-8")


def main() -> int:
    """Do it and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.faults")
    parser.add_argument("faults", nargs="*", choices=[*KILLS, *OTHERS, "all"], default="all")
    parser.add_argument("--moments", type=int, default=MOMENTS, help="of kills, in all")
    parser.add_argument("--write", action="store_true", help=f"write the table into {PAGE.name}")
    arguments = parser.parse_args()
    names = [*KILLS, *OTHERS] if "all" in arguments.faults else arguments.faults
    found = []
    with make_world() as world:
        for one in observe(world, names, arguments.moments):
            found.append(one)
            sys.stdout.write(f"{one}\n")
            sys.stdout.flush()
            if arguments.write:
                write(found)
        secrets = world.secrets_of_engine()
    sys.stdout.write(f"{table(found)}\nfiles of the engine with a secret: {secrets}\n")
    return 0 if all(each.holds for each in found) and not secrets else 1


if __name__ == "__main__":
    raise SystemExit(main())
