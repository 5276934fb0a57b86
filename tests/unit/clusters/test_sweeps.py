"""A sweep's handle, its progress and its table, from what lies on disk."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import SimpleNamespace
from typing import Any, cast

import pytest

from jupyter_docker.clusters.cluster import CLUSTERS
from jupyter_docker.clusters.following import progress_of
from jupyter_docker.clusters.local.cluster import LocalCluster
from jupyter_docker.clusters.local.supervisor import Supervisor
from jupyter_docker.clusters.progress import Progress, ProgressReader, State, SweepStates, TaskState
from jupyter_docker.clusters.store import SweepFolder, SweepStore
from jupyter_docker.clusters.sweep import Sweep, files_path, sweep_id
from jupyter_docker.clusters.table import SweepTable
from jupyter_docker.commands.call import Call
from jupyter_docker.commands.options.sweep import CLUSTERS as CLUSTER_OPTIONS
from jupyter_docker.commands.verbs.sweeps import remove_sweep, show_log, sweeps
from jupyter_docker.engine import Engine
from jupyter_docker.exchange import read_values
from jupyter_docker.notebook import rows_text
from jupyter_docker.pipeline import start_sweep
from jupyter_docker.values import (
    ActiveJobError,
    ContainerizeError,
    Event,
    InterruptedRunError,
    Log,
    MissingError,
    RunResult,
    UnsavedResultsError,
    UsageError,
    Warned,
    process_start,
)
from tests.unit.clusters.sweep_folder import SPEC, leave, record, swept

ROWS: list[dict[str, Any]] = [{"rate": 0.1, "kind": "a"}, {"rate": 0.2}, {"rate": 0.3}, {"rate": 0.4}]
ERROR = {"type": "ValueError", "message": "no", "cell": 3, "line": 2}


@pytest.fixture
def folder(tmp_path: Path) -> SweepFolder:
    return swept(tmp_path, ROWS, outputs=("score", "frame"))


def progress(folder: SweepFolder, *, active: bool = False, **tasks: State) -> Progress:
    states = {int(name[1:]): TaskState(state=state, reason="killed") for name, state in tasks.items()}
    return ProgressReader(folder).read(SweepStates(tasks=states, active=active))


def test_the_grammar_has_every_cluster() -> None:
    assert CLUSTERS == CLUSTER_OPTIONS


def test_a_handle_is_read_again_and_its_owners_alone(folder: SweepFolder) -> None:
    found = SweepStore(folder.path.parent).find("toy-0123abcd")
    assert (found.sweep, found.rows()) == (folder.sweep, ROWS)
    assert found.sweep.spec == SPEC
    handle = folder.path / "sweep.json"
    assert stat.S_IMODE(handle.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    handle.write_text('{"id": 1}')
    with pytest.raises(MissingError):
        SweepFolder(folder.path).sweep  # noqa: B018


@pytest.mark.parametrize(
    "name", ["", "..", "toy", "../toy-0123abcd", "toy-0123abcd/..", ".toy-0123abcd", "other-0123abcd"]
)
def test_other_names_are_of_no_sweep(name: str, folder: SweepFolder) -> None:
    store = SweepStore(folder.path.parent)
    assert not store.has(name)
    with pytest.raises(MissingError):
        store.find(name)


def test_a_name_has_one_sweep(folder: SweepFolder, tmp_path: Path) -> None:
    found, is_new = SweepStore(tmp_path).create(folder.sweep, "other rows")
    assert (found.path, is_new, found.rows()) == (folder.path, False, ROWS)
    assert [path.name for path in tmp_path.iterdir()] == [folder.id]


def test_a_sweep_that_is_being_started_has_not_ended(folder: SweepFolder, tmp_path: Path) -> None:
    store = SweepStore(tmp_path)
    made, _ = store.create(replace(folder.sweep, id="toy-00000000"), rows_text(ROWS))
    seen = store.find(made.id)
    assert progress_of(LocalCluster(), seen).summary() == "4 waiting"
    with pytest.raises(ActiveJobError, match="is being started"):
        start_sweep(seen, {}, lambda _: None)
    with pytest.raises(ActiveJobError):
        remove_sweep(seen, force=False, log_folder=tmp_path, emit=lambda _: None)
    with made.held():
        assert not progress_of(LocalCluster(), made).active  # its own starter is to start it
    assert progress_of(LocalCluster(), seen).summary() == "4 stopped"


def test_a_sweep_that_runs_is_not_started_twice(folder: SweepFolder, tmp_path: Path) -> None:
    worker = {"pid": os.getpid(), "started": process_start(os.getpid())}
    folder.worker.write_text(json.dumps(worker))
    with pytest.raises(ActiveJobError, match="is running"):
        start_sweep(folder, {}, lambda _: None)


def test_a_name_says_rows_and_image() -> None:
    name = sweep_id(Path("A b.ipynb"), "sha256:1", "rows", "local")
    assert name == sweep_id(Path("/c/A b.ipynb"), "sha256:1", "rows", "local")
    assert name.startswith("a-b-")
    assert (
        len({name, sweep_id(Path("A b.ipynb"), "sha256:2", "rows", "local"), sweep_id(Path("A b"), "sha256:1", "r")})
        == 3
    )


def test_a_task_has_its_own_folders_and_variables(folder: SweepFolder) -> None:
    spec = folder.sweep.task(folder.path, 2, 1, name="x", variables={"TOKEN": "1"})
    assert [(mount.source, str(mount.target), mount.read_only) for mount in spec.mounts[1:]] == [
        (str(folder.path / "input"), "/containerize-sweep/input", True),
        (str(folder.path / "tasks/2"), "/containerize-sweep/tasks/2", False),
        (str(folder.path / "tasks/2/files/out"), "/app/out", False),
    ]
    assert spec.env["TOKEN"] == "1"
    assert spec.env["CONTAINERIZE_TASK_INDEX"] == "2"
    assert files_path(PurePosixPath("/data/x")) == PurePosixPath("files/data/x")


def test_the_record_decides_and_not_the_cluster(folder: SweepFolder) -> None:
    leave(folder, 0)
    leave(folder, 1, status="failed", error=ERROR)
    found = progress(folder, active=True, t0="lost", t1="running", t2="running")
    assert [each.state for each in found.states] == ["ok", "failed", "running", "waiting"]
    assert (found.ended, found.summary(), found.unfinished) == (2, "1 ok, 1 failed, 1 running, 1 waiting", (1, 2, 3))
    assert found.seconds_left(2) == 2.0


def test_what_nobody_sees_to_is_lost_or_never_began(folder: SweepFolder) -> None:
    found = progress(folder, t0="running", t1="lost", t2="stopped")
    assert [each.state for each in found.states] == ["lost", "lost", "stopped", "stopped"]
    assert found.failures() == ["1 × the sweep ended before it did", "1 × killed"]


def test_failures_are_grouped_by_error_and_cell(folder: SweepFolder) -> None:
    for index in range(3):
        leave(folder, index, status="failed", error=ERROR)
    leave(folder, 3, status="failed", error={**ERROR, "type": "KeyError", "cell": None})
    assert progress(folder).failures() == ["3 × ValueError in cell 3", "1 × KeyError"]


def test_the_table_has_what_came_back(folder: SweepFolder, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    file = {"path": "/app/out/a.txt", "size": 1, "sha256": "0" * 64}
    foreign = {**file, "path": "/etc/passwd"}
    leave(folder, 0, {"score": 1.5, "frame": pandas.DataFrame({"a": [1, 2]})}, files=[file, foreign])
    leave(folder, 1, status="failed", error=ERROR)
    table = SweepTable(folder=folder, progress=progress(folder, t2="lost"))
    frame = table.frame()
    assert list(frame.columns[:6]) == ["task", "rate", "kind", "score", "frame", "status"]
    assert list(frame["status"]) == ["ok", "failed", "lost", "stopped"]
    assert frame["frame"][0].equals(pandas.DataFrame({"a": [1, 2]}))
    assert table.rows[0]["files"] == [str(folder.path / "tasks/0/files/out/a.txt")]
    assert (table.rows[1]["error"], table.rows[1]["cell"], table.rows[2]["error"]) == ("ValueError: no", 3, "killed")

    table.write(tmp_path / "a.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text())))
    assert (rows[0]["score"], rows[0]["frame"], rows[1]["error"]) == ("1.5", "DataFrame 2 × 1", "ValueError: no")
    table.write(tmp_path / "a.parquet")
    assert next(iter(pandas.read_parquet(tmp_path / "a.parquet")["score"])) == 1.5
    table.write(tmp_path / "a.html")
    assert "<td>ValueError: no</td>" in (tmp_path / "a.html").read_text()
    with pytest.raises(UsageError):
        table.write(tmp_path / "a.xlsx")


def test_a_forged_value_is_none_and_markup_is_text(folder: SweepFolder, tmp_path: Path) -> None:
    leave(folder, 0, {"score": "<script>", "frame": 1})
    leave(folder, 1, {"score": 1, "frame": 1})
    (folder.task(1) / "values-1/0.json").write_text('{"as": "pickle", "pickle": "x"}')
    table = SweepTable(folder=folder, progress=progress(folder))
    assert [row["score"] for row in table.rows[:2]] == ["<script>", None]
    assert table.rows[0]["error"] is None
    assert "score" in table.rows[1]["error"]  # and why
    table.write(tmp_path / "a.html")
    assert "<script>" not in (tmp_path / "a.html").read_text()


def test_a_sweep_without_variables_says_so(tmp_path: Path) -> None:
    fields = swept(tmp_path, ROWS, variables=("TOKEN",)).sweep.as_json()
    assert fields["variables"] == ("TOKEN",)
    assert fields["container"]["env"] == {"MPLCONFIGDIR": "/cache/mpl"}
    assert Sweep.from_json(fields).variables == ("TOKEN",)


def test_each_task_has_the_variables_of_ours(tmp_path: Path) -> None:
    """They come back from the handle, by which another process finds the sweep."""
    kept = SweepFolder(swept(tmp_path, ROWS).path)
    assert kept.sweep.task(kept.path, 0, 1, name="x", variables={}).env["MPLCONFIGDIR"] == "/cache/mpl"


def test_what_could_not_be_saved_of_a_good_row_is_shown(folder: SweepFolder) -> None:
    leave(folder, 0)
    leave(folder, 1)
    states = {
        0: TaskState(state="ok", reason="Files are only in 'x-kept'."), 1: TaskState(state="lost", reason="killed"),
    }  # fmt: skip
    found = ProgressReader(folder).read(SweepStates(tasks=states, active=False))
    assert found.unsaved() == ["Row 0: Files are only in 'x-kept'."]
    rows = SweepTable(folder=folder, progress=found).rows
    assert [(row["status"], row["error"]) for row in rows[:2]] == [("ok", "Files are only in 'x-kept'."), ("ok", None)]


@pytest.mark.parametrize(("is_recorded", "state"), [(True, "ok"), (False, "failed")])
def test_a_file_that_is_only_in_its_container_is_in_the_journal(
    is_recorded: bool, state: State, folder: SweepFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine's part is tested with rescue; here is what the process of a sweep makes of it."""

    def run(*_: object, log_folder: Path, **__: object) -> RunResult:
        if is_recorded:
            (log_folder / "record.json").write_text(json.dumps(record(0)))
        unsaved = UnsavedResultsError("Files are only in 'x-kept'.", hint="Copy them.")
        return RunResult(container_id="x", name="x", exit_code=0, unsaved=unsaved)

    monkeypatch.setattr("jupyter_docker.clusters.local.supervisor.run", run)
    monkeypatch.setattr("jupyter_docker.clusters.local.supervisor.room", lambda *_: 1)
    Supervisor(folder=folder, sweep=folder.sweep, engine=cast("Engine", None), variables={}).run([0])
    task = LocalCluster().states(folder).tasks[0]
    assert task.state == state
    assert "Files are only in 'x-kept'. Copy them." in task.reason


def test_an_interrupt_while_the_pilot_runs_says_how_to_go_on(
    folder: SweepFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("jupyter_docker.pipeline.sweep.follow", interrupt)
    monkeypatch.setattr(LocalCluster, "submit", lambda *_: None)
    with pytest.raises(InterruptedRunError) as raised:
        start_sweep(folder, {}, lambda _: None, pilot=True)
    assert f"--resume {folder.id}" in raised.value.hint
    assert not SweepFolder(folder.path).is_held()


def test_one_bound_of_memory_is_for_the_whole_table(folder: SweepFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    leave(folder, 0, {"score": "x" * 3000, "frame": 1})
    leave(folder, 1, {"score": "y" * 3000, "frame": 1})
    one = (1 << 30) - read_values(folder.task(0) / "values-1", ("score",), namespace={}, limit=1 << 30).left
    monkeypatch.setattr("jupyter_docker.exchange.receive._limit", lambda: one * 3 // 2)
    rows = SweepTable(folder=folder, progress=progress(folder)).rows
    assert (rows[0]["score"], rows[0]["error"]) == ("x" * 3000, None)
    assert rows[1]["score"] is None
    assert "MB that are left" in rows[1]["error"]


@pytest.mark.parametrize("handle", ["", "[]", "{}", '{"container": []}', '"x"', '{"id": 1}'])
def test_a_damaged_handle_keeps_no_other_from_the_list_and_can_be_removed(
    handle: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    good = swept(SweepStore().folder, ROWS)
    damaged = swept(SweepStore().folder, ROWS, id="bad-0123abcd")
    (damaged.path / "sweep.json").write_text(handle)
    listed = {each.id: each.states for each in sweeps(cast("Call", None))}
    assert listed == {good.id: "4 stopped", damaged.id: f"can't be read; remove it: rm {damaged.id}"}
    events: list[Event] = []
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no.sock")
    remove_sweep(SweepFolder(damaged.path), force=False, log_folder=tmp_path, emit=events.append)
    assert [each.id for each in SweepStore().all()] == [good.id]
    assert [type(event) for event in events] == [Warned]  # the engine could not be asked


def test_more_lines_than_there_are_is_all_of_them(folder: SweepFolder) -> None:
    task = folder.task(0)
    task.mkdir()
    (task / "a.log").write_text("1\n2\n3\n")
    for tail, text in ((1, "3\n"), (3, "1\n2\n3\n"), (4, "1\n2\n3\n"), (99, "1\n2\n3\n"), (0, "")):
        events: list[Event] = []
        call = SimpleNamespace(args=SimpleNamespace(follow=False, tail=tail), emit=events.append)
        show_log(cast("Call", call), folder, 0)
        assert events == [Log(step="run", text=text)]


def test_a_process_that_had_nothing_left_to_do_has_begun(folder: SweepFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is gone before anybody looks, with what it had written of itself."""
    monkeypatch.setattr("jupyter_docker.clusters.local.cluster._MODULE", "compileall")
    LocalCluster().submit(folder, [], {}, lambda _: None)
    monkeypatch.setattr("jupyter_docker.clusters.local.cluster._MODULE", "json.tool")
    with pytest.raises(ContainerizeError, match="did not begin"):
        LocalCluster().submit(folder, [], {}, lambda _: None)
