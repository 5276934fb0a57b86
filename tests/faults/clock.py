"""A clock that is set back by a day while runs go on.

The commands' own, in Python: a machine has one clock for all, and libfaketime takes the monotonic one for set back too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.disks import await_phase
from tests.faults.kills import failure, started
from tests.faults.observation import Observation
from tests.faults.world import World

_DAY = 24 * 3600
_SITE = """
import datetime, os, time

genuine, machine = time.time, datetime.datetime

def shifted():
    with open(os.environ["FAULTS_CLOCK"]) as file:
        return genuine() + int(file.read())

class Shifted(machine):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(shifted(), tz)

time.time, datetime.datetime = shifted, Shifted
"""
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
        _set(clock, -_DAY)
        _, unclear = failure(process)
        lost = world.lost(name, all_files=True, token=token)
        world.next_run()
    return Observation(fault=_FAULT, when="run", left=world.left(), lost=lost, unclear=unclear)


def _beside_a_run(world: World) -> Observation:
    """The other command must not take the run for one that was cut off."""
    process, name = started(world)
    token = world.token
    await_phase(process, "run")
    with _clock(world, -_DAY):
        text = world.next_run()
    _, unclear = failure(process)
    unclear = (*unclear, *(("it was taken for abandoned",) if "cut off" in text else ()))
    lost = world.lost(name, all_files=True, token=token)
    return Observation(fault=_FAULT, when="another run", left=world.left(), lost=lost, unclear=unclear)


@contextmanager
def _clock(world: World, seconds: int = 0) -> Iterator[Path]:
    """Give the commands of the body a clock of their own; yields the file that says by how much it is set."""
    site, file = world.root / "site", world.root / "clock"
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(_SITE)
    _set(file, seconds)
    world.extra = {"PYTHONPATH": str(site), "FAULTS_CLOCK": str(file)}
    try:
        yield file
    finally:
        world.extra = {}


def _set(clock: Path, seconds: int) -> None:
    new = clock.with_suffix(".new")
    new.write_text(str(seconds))
    new.replace(clock)
