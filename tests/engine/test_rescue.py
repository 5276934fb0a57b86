"""What a run wrote outside its mounts is safe before its container goes, whatever its name and whoever was killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.containers.containers import run, start_detached
from jupyter_docker.engine.containers.creation import create
from jupyter_docker.engine.containers.lifecycle import remove
from jupyter_docker.engine.containers.listing import list_containers
from jupyter_docker.engine.files import results
from jupyter_docker.engine.files.leftovers import owned, sweep
from jupyter_docker.engine.files.rescue import Rescued, rescue
from jupyter_docker.engine.images.prune import PrunePlan, plan_prune, prune
from jupyter_docker.values.container_spec import Mount, RunResult, RunSpec
from tests.engine.command import containerize
from tests.engine.recording import Recorder
from tests.engine.spare import PYTHON, absent
from tests.signals import heed_signals

pytestmark = pytest.mark.engine

Run = Callable[..., RunResult]


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def python(engine: Engine, base: str, tmp_path: Path, recorder: Recorder, request: Any) -> Iterator[Run]:
    """Run code in ``/app`` of a container; in the end those that were kept go too."""
    label = f"{request.node.name}-{os.getpid()}"

    def run_it(
        code: str, *, logs: Path = tmp_path / "logs", mounts: tuple[str, ...] = (), workdir: str = "/app"
    ) -> RunResult:
        spec = RunSpec(
            image=base,
            command=("python", "-B", "-c", code),
            workdir=workdir,
            user="0:0",
            labels={"test": label},
            mounts=tuple(Mount.parse(text, folder=tmp_path) for text in mounts),
        )
        return run(engine, spec, log_folder=logs, emit=recorder)

    yield run_it
    for one in engine.client.containers.list(all=True, filters={"label": f"test={label}"}):
        one.remove(force=True)


def kept(engine: Engine, result: RunResult) -> list[str]:
    return [one.name for one in list_containers(engine, all=True) if one.id == result.container_id]


@contextmanager
def small_disk(folder: Path, size: str = "64k") -> Iterator[Path]:
    """A folder that is full soon."""
    if os.geteuid() != 0:
        absent("mounting needs root")
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_names_that_are_no_text_and_names_that_steer_terminals(engine: Engine, python: Run, recorder: Recorder) -> None:
    names = [b"bad\xff\xfe.csv", b"sp ace", b"new\nline", b"\x1b]0;title\x07", "é".encode(), b"d\xe9/in", b"last"]
    code = (
        f"import os\nfor name in {names}:\n"
        " os.makedirs(os.path.dirname(name) or b'.', exist_ok=True); open(name, 'wb').write(name)"
    )
    result = python(code)
    assert result.unsaved is None
    assert sorted(path.read_bytes() for path in result.rescued) == sorted(names)
    assert kept(engine, result) == []
    assert recorder.warnings[0].isprintable()


@pytest.mark.parametrize("mounted", [False, True])
def test_ten_thousand_files_come_in_one_archive(
    engine: Engine, python: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recorder: Recorder, *, mounted: bool
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "input.csv").write_text("1")
    asked: list[str] = []
    get = engine.client.api.get

    def count(url: str, **words: Any) -> Any:
        asked.append(url)
        return get(url, **words)

    monkeypatch.setattr(engine.client.api, "get", count)
    code = "for number in range(10_000): open(f'{number}.txt', 'w').write(str(number))"
    result = python(code, mounts=("./data:/app/data",) if mounted else ())
    assert {path.name: path.read_text() for path in result.rescued} == {f"{n}.txt": str(n) for n in range(10_000)}
    assert [url.rpartition("/")[2] for url in asked if url.endswith(("/archive", "/export"))] == [
        "export" if mounted else "archive"
    ]
    assert recorder.progress.count("saving what the run wrote") == 100


@pytest.mark.parametrize(
    ("code", "files"),
    [
        ("file = open('os.py', 'r+'); file.write('#'); file.close()", {"os.py"}),
        ("open('json/new.csv', 'w').write('x')", {"json/new.csv"}),
        ("import os; os.mkdir('json/deep'); open('json/deep/new.csv', 'w').write('x')", {"json/deep/new.csv"}),
        ("open('json/tool.py', 'a').write('#')", {"json/tool.py"}),
        ("import os; os.rename('json/tool.py', 'json/moved.py')", {"json/moved.py"}),
        ("open('empty', 'w')", {"empty"}),
        ("open('/var/tmp/elsewhere', 'w').write('x')", set()),
        ("pass", set()),
    ],
)
def test_files_of_the_image_that_are_rewritten_and_new_ones_in_its_folders(
    python: Run, code: str, files: set[str]
) -> None:
    result = python(code, workdir=f"/usr/local/lib/python{PYTHON}")
    assert {path.as_posix().partition("-files/")[2] for path in result.rescued} == files
    assert result.unsaved is None


@pytest.mark.parametrize(("code", "looks"), [("open('out/x', 'w').write('x')", 0), ("open('x', 'w')", 1)])
def test_a_folder_that_the_engine_makes_to_mount_to_is_no_reason_to_look(
    python: Run, code: str, looks: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Any] = []

    def look(*arguments: Any, **options: Any) -> Rescued:
        looked.append(arguments)
        return rescue(*arguments, **options)

    monkeypatch.setattr(results, "rescue", look)
    (tmp_path / "out").mkdir()
    result = python(code, mounts=("./out:/app/out",))
    assert (len(looked), len(result.rescued)) == (looks, looks)


def test_what_the_image_had_and_was_replaced(engine: Engine, python: Run) -> None:
    code = (
        "import os, shutil; shutil.copytree('/etc', 'etc'); os.remove('etc/passwd'); os.mkdir('etc/passwd')\n"
        "open('etc/passwd/in', 'w').write('x'); shutil.rmtree('etc/apt'); open('etc/apt', 'w').write('file')"
    )
    result = python(code)
    assert result.unsaved is None
    assert {"passwd", "apt"} <= {path.name for path in result.rescued} | {path.parent.name for path in result.rescued}


def test_a_mount_whose_source_is_gone_keeps_no_file_from_being_saved(
    engine: Engine, base: str, tmp_path: Path, recorder: Recorder
) -> None:
    (tmp_path / "data").mkdir()
    mount = Mount.parse("./data:/data", folder=tmp_path)
    command = ("python", "-c", "open('result', 'w').write('x')")
    spec = RunSpec(image=base, command=command, workdir="/app", user="0:0", mounts=(mount,), name=f"gone-{os.getpid()}")
    engine.client.containers.get(start_detached(engine, spec, recorder).id).wait()
    (tmp_path / "data").rmdir()
    remove(engine, spec.name, log_folder=tmp_path / "logs", emit=recorder)
    (saved,) = (tmp_path / "logs").glob("*-files/result")
    assert saved.read_text() == "x"


def test_planted_links_bring_nothing_in_and_are_named(python: Run, recorder: Recorder, tmp_path: Path) -> None:
    code = (
        "import os; os.symlink('/etc/shadow', 'key'); os.symlink('/', 'all'); os.mkfifo('pipe'); open('a', 'w')\n"
        "os.link('a', 'b'); os.symlink('..', 'up'); os.mkdir('d'); os.symlink('../../..', 'd/up')"
    )
    result = python(code)
    assert result.unsaved is None
    assert [path.name for path in result.rescued] == ["a", "b"]
    assert "Links and devices are not copied: all, d/up, key, pipe, up." in recorder.warnings[0]
    assert not [path for path in (tmp_path / "logs").rglob("*") if path.is_symlink()]


def test_a_full_disk_costs_what_does_not_fit_and_the_container_stays(
    engine: Engine, python: Run, tmp_path: Path, recorder: Recorder
) -> None:
    with small_disk(tmp_path / "full") as full:
        result = python("open('big', 'w').write('x' * 10**6); open('small', 'w').write('x')", logs=full)
        assert [path.read_text() for path in result.rescued] == ["x"]
        assert [path.name for path in full.rglob("*") if path.is_file() and path.suffix != ".log"] == ["small"]
    assert result.exit_code == 0
    assert result.unsaved is not None
    assert kept(engine, result) == [f"{result.name}-kept"]
    assert "big (No space left on device)" in " ".join(recorder.warnings)
    data = subprocess.run(["docker", "cp", f"{result.name}-kept:/app/big", "-"], capture_output=True, check=True).stdout
    assert data.count(b"x") >= 10**6
    assert not [one for one in plan_prune(engine).containers if one.name == f"{result.name}-kept"]


def test_a_log_folder_that_takes_nothing_keeps_the_container(engine: Engine, python: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = python("open('result', 'w').write('x')", logs=tmp_path / "file")
    assert (result.exit_code, result.rescued) == (0, ())
    assert result.unsaved is not None
    assert kept(engine, result) == [f"{result.name}-kept"]


@pytest.fixture
def ended(engine: Engine, base: str, request: Any) -> Iterator[str]:
    """The name of a container that ended, detached or of a client that was killed, with a result in it."""
    name = f"ended-{os.getpid()}-{request.param}"
    command = ("python", "-c", "open('result', 'w').write('x')")
    spec = RunSpec(image=base, command=command, workdir="/app", user="0:0", name=name)
    with owned(name) as owner:
        labels = owner if request.param == "foreground" else {}
        container = create(engine, spec, lambda _: None, role=request.param, name=name, labels=labels)
        container.start()
        container.wait()
        assert bool(freeable(engine, name)) == (request.param == "detached")  # a client sees to the other
    yield name
    for one in engine.client.containers.list(all=True, filters={"name": name}):
        one.remove(force=True)


def freeable(engine: Engine, name: str) -> PrunePlan:
    """What can be freed, less what is of others on this engine."""
    plan = plan_prune(engine)
    return plan.only({(one.id, one.name) for one in plan.containers if one.name.startswith(name)})


@pytest.mark.parametrize("ended", ["detached", "foreground"], indirect=True)
def test_freeing_a_container_saves_its_files_first(
    engine: Engine, ended: str, tmp_path: Path, recorder: Recorder
) -> None:
    prune(engine, freeable(engine, ended), recorder, log_folder=tmp_path / "logs")
    (saved,) = (tmp_path / "logs").glob(f"{ended}-*-files/result")
    assert saved.read_text() == "x"
    assert f"Copies are in '{saved.parent}'" in recorder.warnings[0]
    assert engine.client.containers.list(all=True, filters={"name": ended}) == []


@pytest.mark.parametrize("ended", ["detached", "foreground"], indirect=True)
def test_a_container_whose_files_can_not_be_saved_is_not_freed(
    engine: Engine, ended: str, tmp_path: Path, recorder: Recorder
) -> None:
    (tmp_path / "file").touch()
    prune(engine, freeable(engine, ended), recorder, log_folder=tmp_path / "file/logs")
    assert f"The container '{ended}-kept' was kept." in recorder.warnings[0]
    assert not freeable(engine, ended)
    archive, _ = engine.client.containers.get(f"{ended}-kept").get_archive("/app/result")
    assert b"x" in b"".join(archive)


@pytest.mark.parametrize("ended", ["foreground"], indirect=True)
def test_removing_what_a_killed_client_left_saves_its_files_first(engine: Engine, ended: str, tmp_path: Path) -> None:
    remove(engine, ended, log_folder=tmp_path / "logs")
    (saved,) = (tmp_path / "logs").glob(f"{ended}-*-files/result")
    assert saved.read_text() == "x"


NOTEBOOK = "open('result.csv', 'w').write('kept')\nprint('ready', flush=True)\nimport time\ntime.sleep({})"


def write_notebook(path: Path, source: str) -> Path:
    cell: dict[str, object] = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": source,
    }
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))
    return path


def started(notebook: Path, *words: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter_docker", "run", str(notebook), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        preexec_fn=heed_signals,  # noqa: PLW1509 - no other thread forks here
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def await_state(engine: Engine, name: str, state: str) -> None:
    for _ in range(600):
        if [one.state for one in list_containers(engine, all=True) if one.name == name] == [state]:
            return
        time.sleep(0.1)
    pytest.fail(f"'{name}' was never {state}")


@pytest.mark.parametrize("with_its_watch", [False, True])
def test_a_killed_client_loses_no_result(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, with_its_watch: bool
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    name = f"cut-off-{os.getpid()}"
    process = started(write_notebook(tmp_path / "cut.ipynb", NOTEBOOK.format(600)), "--name", name)
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    for child in children if with_its_watch else []:
        child.kill()
    process.communicate()
    if not with_its_watch:
        await_state(engine, name, "exited")
    other = write_notebook(tmp_path / "other.ipynb", "print('other')")
    outcome = containerize("run", str(other))
    assert (outcome.status, outcome.stdout) == (0, "other\n")
    assert f"The run '{name}' was cut off" in outcome.stderr
    (saved,) = (tmp_path / "state").rglob("*-files/result.csv")
    assert saved.read_text() == "kept"
    assert [one.name for one in list_containers(engine, all=True) if one.name.startswith(name)] == []


def test_a_detached_run_goes_on_without_its_client(engine: Engine, tmp_path: Path) -> None:
    name = f"goes-on-{os.getpid()}"
    notebook = write_notebook(tmp_path / "on.ipynb", NOTEBOOK.format(600))
    try:
        assert containerize("run", str(notebook), "-d", "--name", name).status == 0
        sweep(engine, tmp_path, Recorder())
        assert [one.state for one in list_containers(engine) if one.name == name] == ["running"]
    finally:
        assert containerize("rm", "-f", name).status == 0


def test_the_watch_leaves_status_and_stdin_alone_and_goes(engine: Engine, tmp_path: Path) -> None:
    notebook = write_notebook(
        tmp_path / "ends.ipynb", "import sys\nprint(repr(sys.stdin.read()))\nprint('ready')\nsys.exit(7)"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter_docker", "run", str(notebook)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, _ = process.communicate(timeout=120)
    assert (out, process.returncode) == (b"''\nready\n", 7)
    ours = [
        each
        for each in psutil.process_iter(["cmdline", "ppid"])
        if "engine/containers/watch.py" in " ".join(each.info["cmdline"] or [])
    ]
    assert [each for each in ours if each.info["ppid"] == process.pid] == []


def test_the_command_says_by_its_status_that_results_are_not_safe(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = write_notebook(tmp_path / "big.ipynb", "open('big', 'w').write('x' * 10**6)")
    with small_disk(tmp_path / "state") as full:
        monkeypatch.setenv("XDG_STATE_HOME", str(full))
        outcome = containerize("run", str(notebook), "--name", f"unsafe-{os.getpid()}")
    name = f"unsafe-{os.getpid()}-kept"
    try:
        assert outcome.status == 98, outcome.stderr
        assert f"docker cp {name}:/app" in outcome.stderr
        assert "Traceback" not in outcome.stderr
    finally:
        # The disk that told who this user is has gone.
        assert containerize("rm", "--any-owner", name).status == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_an_interrupted_run_wrote_is_saved(
    number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    process = started(write_notebook(tmp_path / "stop.ipynb", NOTEBOOK.format(600)))
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == 130
    (saved,) = (tmp_path / "state").rglob("*-files/result.csv")
    assert saved.read_text() == "kept"
