"""A clock that is set back by a day while runs go on: with libfaketime, since a container has no clock of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.disks import await_phase
from tests.faults.kills import failure, started
from tests.faults.observation import Observation
from tests.faults.world import World

_LIBRARIES = "/usr/lib/*/faketime/libfaketime.so.1"
_FAULT = "the clock is set back by a day"


def set_back(world: World) -> Iterator[Observation]:
    """Set it back in the middle of a run, and while another command begins."""
    yield _in_a_run(world)
    yield _beside_a_run(world)


def _in_a_run(world: World) -> Observation:
    with _clock(world) as clock:
        process, name = started(world)
        token = world.token
        await_phase(process, "run")
        clock.write_text("-1d")
        _, unclear = failure(process)
        lost = world.lost(name, all_files=True, token=token)
        world.next_run()
    return Observation(fault=_FAULT, when="run", left=world.left(), lost=lost, unclear=unclear)


def _beside_a_run(world: World) -> Observation:
    """The other command must not take the run for one that was cut off."""
    process, name = started(world)
    token = world.token
    await_phase(process, "run")
    with _clock(world, "-1d"):
        text = world.next_run()
    _, unclear = failure(process)
    unclear = (*unclear, *(("it was taken for abandoned",) if "cut off" in text else ()))
    lost = world.lost(name, all_files=True, token=token)
    return Observation(fault=_FAULT, when="another run", left=world.left(), lost=lost, unclear=unclear)


@contextmanager
def _clock(world: World, shift: str = "+0") -> Iterator[Path]:
    """Give the commands of the body a clock of their own; yields the file that sets it."""
    found = sorted(Path("/").glob(_LIBRARIES.lstrip("/")))
    if not found:
        raise SystemExit("libfaketime is not installed: apt-get install libfaketime")
    file = world.root / "clock"
    file.write_text(shift)
    world.extra = {
        "LD_PRELOAD": str(found[0]), "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    try:
        yield file
    finally:
        world.extra = {}
