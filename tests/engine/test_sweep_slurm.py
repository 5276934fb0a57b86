"""Sweeps on a real Slurm with four nodes (`.ci/slurm`), whose runtime for containers is this machine's engine."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_docker.engine.connection.engine import Engine
from tests.engine.spare import absent
from tests.engine.sweeping import Sweeps, column, table, write_notebook

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]  # Slurm takes minutes to give up a node

ROOT = Path(__file__).parents[2]
HOME = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "jupyter-containerize/slurm"
CONF = str(HOME / "slurm.conf")
ENV = {**os.environ, "SLURM_CONF": CONF}


def slurm(*words: str) -> str:
    done = subprocess.run(words, env=ENV, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def folder(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        assert slurm("sinfo", "--noheader", "--format=%D") == "4"
    except (OSError, subprocess.CalledProcessError, AssertionError) as error:
        absent(f"no Slurm: make slurm ({error})")
    folder = tmp_path_factory.mktemp("slurm")
    write_notebook(folder)
    return folder


@pytest.fixture
def sweeps(folder: Path, tmp_path: Path) -> Iterator[Sweeps]:
    sweeps = Sweeps(folder, tmp_path, SLURM_CONF=CONF)
    yield sweeps
    for path in (tmp_path / "jupyter-containerize/sweeps").glob("swept-*"):
        sweeps.run("rm", "-f", path.name)


def test_the_table_is_that_of_the_local_engine(sweeps: Sweeps) -> None:
    words = ("--grid", "number=range(4)", "--grid", "do=end,fail,exit", "-o", "score,names", "-e", "TOKEN=hunter2")
    tables = []
    for cluster in ("slurm", "local"):
        outcome = sweeps.sweep(*words, "--on", cluster)
        assert outcome.status == 1, outcome.stdout
        rows = table(outcome)
        tables.append(column(rows, "task", "number", "do", "status", "score", "names", "cell", "line", "attempt"))
        if cluster == "slurm":
            assert {row["host"] for row in rows if row["host"]} <= {"n1", "n2", "n3", "n4"}
            assert "begins 0.0" in sweeps.run("logs", f"{sweeps.path.name}/0").stdout
            kept = [path.read_bytes() for path in sweeps.path.rglob("*") if path.is_file()]
            assert not any(b"hunter2" in content for content in kept)
            _looked_at_elsewhere(sweeps)
            sweeps.run("rm", sweeps.path.name)
    assert tables[0] == tables[1]
    assert tables[0][2][3] == "failed"


def _looked_at_elsewhere(sweeps: Sweeps) -> None:
    """Where there is no Slurm the records are there all the same."""
    elsewhere = Sweeps(sweeps.folder, sweeps.state, SLURM_CONF="/nowhere")
    assert "4 ok, the others not known" in elsewhere.run("sweeps").stdout
    outcome = elsewhere.run("results", sweeps.path.name, "--json")
    assert column(table(outcome), "status").count("ok") == 4
    assert outcome.events[0]["type"] == "Warned"


def test_a_lost_node_and_a_killed_client_lose_and_double_nothing(engine: Engine, sweeps: Sweeps) -> None:
    client = sweeps.client(
        "-v", f"{sweeps.flags}:flags:ro", "--grid", "number=range(3)", "-P", "do=wait once", "--on", "slurm"
    )
    sweeps.wait(lambda: list(sweeps.state.glob("jupyter-containerize/sweeps/swept-*/jobs.json")))
    client.kill()
    client.wait()
    name = sweeps.path.name
    for index in range(3):
        sweeps.wait_for_log(index)
    node = slurm("squeue", "--noheader", "--array", f"--name={name}", "--format=%N").splitlines()[0]
    orphans = engine.client.containers.list(filters={"volume": str(sweeps.path / "input")})
    try:
        os.kill(int((HOME / f"slurmd-{node}.pid").read_text()), 9)
        (sweeps.flags / "mended").touch()
        slurm("scontrol", "update", f"NodeName={node}", "State=DOWN", "Reason=test")
        for each in orphans[1:]:
            each.kill()
        sweeps.wait(lambda: _is_over(name), 400)
    finally:
        subprocess.run([ROOT / ".ci/slurm"], check=True, capture_output=True)
    rows = sweeps.rows(name)
    assert column(rows, "status") == ["ok"] * 3
    assert max(column(rows, "attempt")) == 2
    for each in engine.client.containers.list(filters={"volume": str(sweeps.path / "input")}):
        each.kill()


def _is_over(name: str) -> bool:
    """Whether no task is in the queue; one that comes back there waits two minutes, which this leaves out."""
    waiting = slurm("squeue", "--noheader", "--array", f"--name={name}", "--states=PENDING", "--format=%i").splitlines()
    for job in waiting:
        subprocess.run(["scontrol", "update", f"JobId={job}", "StartTime=now"], env=ENV, check=False)
    return not slurm("squeue", "--noheader", f"--name={name}")


def test_stop_ends_what_runs_and_starts_nothing_more(sweeps: Sweeps) -> None:
    name = sweeps.begin("--grid", "number=range(4)", "-P", "do=wait", "--at-once", "1", "--on", "slurm")
    sweeps.wait_for_log(0)
    assert sweeps.run("rm", name).status == 97
    assert sweeps.run("stop", name).status == 0
    assert column(sweeps.rows(name), "status") == ["stopped"] * 4
    assert (sweeps.path / "tasks/0/files/out/ended").exists()


def test_more_rows_than_an_array_holds_are_more_arrays(sweeps: Sweeps) -> None:
    rows = sweeps.state / "rows.csv"
    rows.write_text("number\n" + "".join(f"{number}\n" for number in range(10_003)))
    slurm("scontrol", "update", "PartitionName=all", "State=DOWN")
    try:
        name = sweeps.begin("--table", str(rows), "--on", "slurm")
        assert list(json.loads((sweeps.path / "jobs.json").read_text()).values()) == [0, 10_001]
        assert len(slurm("squeue", "--noheader", "--array", f"--name={name}").splitlines()) == 10_003
        assert sweeps.run("stop", name).status == 0
    finally:
        slurm("scontrol", "update", "PartitionName=all", "State=UP")
    assert "10003 stopped" in sweeps.run("sweeps").stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [(("-v", "cache:data"), "takes no named volume (-v)"), (("--network", "none"), "takes no network (--network)")],
)
def test_what_slurm_can_not_give_is_refused(words: tuple[str, str], message: str, sweeps: Sweeps) -> None:
    outcome = sweeps.run("sweep", "swept.ipynb", "--grid", "number=1", "--on", "slurm", *words)
    assert (outcome.status, message in outcome.stderr) == (2, True), outcome.stderr
