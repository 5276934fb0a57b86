"""Some moments of the fault table: nothing is left after the next run, and no finished result is lost."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from jupyter_docker.engine.connection.engine import Engine
from tests.engine.spare import BASE, absent
from tests.faults.kills import kill_command, kill_engine
from tests.faults.observation import Observation, table
from tests.faults.phases import PHASES, Phase, moments
from tests.faults.world import World, make_world

pytestmark = pytest.mark.engine

SECONDS: dict[Phase, float] = dict.fromkeys(PHASES, 0.6)


@pytest.fixture(scope="module")
def world(engine: Engine) -> Iterator[World]:
    if os.geteuid() != 0:
        absent("an engine of its own needs root")
    with make_world() as made:
        yield made


def test_a_command_that_is_killed_leaves_and_loses_nothing(world: World) -> None:
    found = list(kill_command(world, 3, SECONDS, phases=("build", "run", "rescue")))
    assert [str(each) for each in found if not each.holds] == []
    assert "was cut off" in found[1].said
    assert world.secrets_of_engine() == ()


def test_an_engine_that_is_killed_leaves_and_loses_nothing(world: World) -> None:
    found = list(kill_engine(world, 1, SECONDS, phases=("run",)))
    assert [str(each) for each in found if not each.holds] == []
    assert "The container engine went away while" in found[0].said


def test_what_is_left_is_seen(world: World) -> None:
    """The table itself can fail: each kind of what may be left is found where it is."""
    container = world.engine.engine.client.containers.create(BASE)
    volume = world.engine.engine.client.volumes.create("left-by-the-test")
    (world.temporary / "left").mkdir()
    (world.state / "half.json").write_text("{")
    (world.state / "secret").write_text(world.environment["API_KEY"])
    kinds = {each.split()[0] for each in world.left_now()}
    container.remove()
    volume.remove()
    (world.temporary / "left").rmdir()
    for name in ("half.json", "secret"):
        (world.state / name).unlink()
    assert kinds == {"container", "volume", "temporary", "half-written", "secret"}
    (world.project / "output").mkdir(exist_ok=True)
    (world.project / "output/kept.csv").write_text("of another run")
    assert world.lost("no-such-run", all_files=True, token="<0>")[0] == "result.csv"
    assert world.left() == ()


def test_moments_are_spread_evenly_over_the_phases() -> None:
    found = list(moments(5, ("build", "run"), {"build": 2.0, "run": 1.0}))
    assert [(each.phase, each.share) for each in found] == [
        ("build", 1 / 6), ("build", 0.5), ("build", 5 / 6), ("run", 0.25), ("run", 0.75),
    ]  # fmt: skip


def test_a_table_keeps_the_rows_of_faults_that_were_not_observed_again() -> None:
    one = [Observation(fault="a", when="run", said="x|y"), Observation(fault="a", when="build", left=("b",))]
    first = table([*one, Observation(fault="b", when="run")])
    assert first.splitlines()[2:] == ["| a | run 1, build 1 | 2 | 1 | 0 | x\\|y |", "| b | run | 1 | 0 | 0 | – |"]
    second = table([Observation(fault="a", when="run", lost=("c",))], first)
    assert second.splitlines()[2:] == ["| a | run | 1 | 0 | 1 | – |", "| b | run | 1 | 0 | 0 | – |"]
