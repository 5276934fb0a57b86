"""What can go wrong, through the command: a clear message, the error's own status, and nothing left behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.containers.listing import list_containers
from jupyter_docker.values.image import LABEL_PREFIX
from tests.engine.command import Outcome, containerize
from tests.signals import heed_signals

pytestmark = pytest.mark.engine


def write_notebook(path: Path, *sources: str) -> Path:
    cells: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": source,
        }
        for number, source in enumerate(sources)
    ]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    return path


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    return write_notebook(tmp_path / "hello.ipynb", "print('hello')")


@pytest.fixture(autouse=True)
def nothing_left(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test leaves a container of its notebooks, nor a temporary file."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    yield
    names = {path.name for path in tmp_path.glob("*.ipynb")}
    left = [one.name for one in list_containers(engine, all=True) if one.labels.get(f"{LABEL_PREFIX}notebook") in names]
    assert left == []
    assert list(temporary.iterdir()) == []


def assert_fails(outcome: Outcome, status: int, *words: str) -> None:
    assert outcome.status == status, outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert "hint: " in outcome.stderr
    for word in words:
        assert word in outcome.stderr
    assert outcome.stdout == ""


def test_no_engine(notebook: Path, tmp_path: Path) -> None:
    outcome = containerize("run", str(notebook), env={"DOCKER_HOST": f"unix://{tmp_path}/nobody.sock"})
    assert_fails(outcome, 81, "No container engine answers", "nobody.sock", "DOCKER_HOST")


def test_no_permission_on_the_socket(notebook: Path, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a socket that another user may not use")
    # All is imported first: another user may not read where Python is installed.
    code = (
        "import os, docker, requests\nfrom jupyter_docker.engine import connect\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "connect('unix:///var/run/docker.sock')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "EnginePermissionError: This user may not use the container engine" in done.stderr


def test_base_image_missing(notebook: Path) -> None:
    assert_fails(containerize("run", str(notebook), "--base", "no-such-image:1"), 84, "no-such-image:1")


def test_index_unreachable(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "needs.ipynb", "%pip install left-pad-of-python\nprint(1)")
    environment = {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_HTTP_RETRIES": "0"}
    assert_fails(containerize("run", str(notebook), env=environment), 73, "127.0.0.1:9")


def test_an_import_that_nothing_provides_stops_before_any_build(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "needs.ipynb", "1", "\nimport no_such_thing")
    outcome = containerize("run", str(notebook))
    assert_fails(outcome, 72, "no_such_thing", "cell 2, line 2", "%pip install")
    assert "Building" not in outcome.stderr


def test_a_syntax_error_is_found_before_the_build(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "wrong.ipynb", "1", "x = 1\nif x\n  pass")
    outcome = containerize("run", str(notebook))
    assert_fails(outcome, 66, "Cell 2, line 2", "if x")
    assert "Building" not in outcome.stderr


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["-t", "Bad Tag"], 2, "Bad Tag"),
        (["-v", "./nowhere:data"], 91, "nowhere"),
        (["-v", "nonsense"], 2, "nonsense"),
        (["-p", "99999:1"], 2, "99999:1"),
        (["-e", "1=2"], 2, "'1' is not a variable"),
        (["--memory", "lots"], 2, "lots"),
        (["--fly"], 2, "--fly"),
    ],
)
def test_bad_words_stop_before_anything(words: list[str], status: int, said: str, notebook: Path) -> None:
    outcome = containerize("run", str(notebook), *words)
    assert_fails(outcome, status, said)
    assert "Exporting" not in outcome.stderr
    assert not (notebook.parent / "nowhere").exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"nbformat": 2}', b"\xff\xfe", b'{"cells": 1, "nbformat": 4}'])
def test_what_is_no_notebook(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    path.write_bytes(content)
    assert_fails(containerize("run", str(path)), 64, "x.ipynb")


def test_another_language(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "r.ipynb", "x <- 1")
    data = json.loads(path.read_text())
    data["metadata"] = {"kernelspec": {"name": "ir", "language": "R"}}
    path.write_text(json.dumps(data))
    assert_fails(containerize("run", str(path)), 65, "'R'")


def test_name_taken_and_port_taken(notebook: Path, tmp_path: Path) -> None:
    sleeper = write_notebook(tmp_path / "sleeper.ipynb", "import time\ntime.sleep(600)")
    started = containerize("run", str(sleeper), "-d", "--name", "fault-sleeper", "-p", "0:8000")
    try:
        assert started.status == 0, started.stderr
        url = next(word for word in started.stderr.split() if word.startswith("http://127.0.0.1:"))
        port = url.rpartition(":")[2].rstrip("/")
        taken = containerize("run", str(notebook), "--name", "fault-sleeper")
        assert_fails(taken, 88, "fault-sleeper")
        assert_fails(containerize("run", str(notebook), "-p", f"{port}:80"), 87, port)
    finally:
        assert containerize("rm", "-f", "fault-sleeper").status == 0


def test_out_of_memory_is_said_in_words(tmp_path: Path) -> None:
    notebook = write_notebook(
        tmp_path / "greedy.ipynb", "print('start')", "hoard = [bytearray(2**24) for _ in range(64)]"
    )
    outcome = containerize("run", str(notebook), "--memory", "64m")
    assert outcome.status == 137, outcome.stderr
    assert "used all the memory it may, 64 MB" in outcome.stderr
    assert "--memory 128m" in outcome.stderr


def test_killed_from_outside_is_said_in_words(engine: Engine, tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "victim.ipynb", "print('up', flush=True)\nimport time\ntime.sleep(600)")
    with start("run", str(notebook), "--name", "fault-victim") as process:
        await_output(process, "up")
        engine.client.containers.get("fault-victim").kill()
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == 137
    assert "killed from outside" in stderr


def start(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "jupyter_docker", *words]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        preexec_fn=heed_signals,  # noqa: PLW1509 - no other thread forks here
    )


def await_output(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if text in line:
            return
    pytest.fail(f"it ended without printing {text!r}: {process.stderr.read() if process.stderr else ''}")


@pytest.mark.parametrize("step", ["Exporting", "Freezing", "Building", "Running", "output"])
def test_an_interrupt_at_every_step_leaves_nothing(step: str, engine: Engine, tmp_path: Path) -> None:
    token = f"{step}-{time.time_ns()}"  # a new notebook, so that there is something to build
    sources = ["import six", f"print({token!r}, flush=True)", "import time\ntime.sleep(600)"]
    notebook = write_notebook(tmp_path / f"{step.lower()}.ipynb", *sources)
    ours = {"label": f"{LABEL_PREFIX}notebook={notebook.name}"}
    images = {image.id for image in engine.client.images.list(filters=ours)}
    with start("run", str(notebook)) as process:
        stream = process.stdout if step == "output" else process.stderr
        assert stream is not None
        for line in stream:
            if (token if step == "output" else step) in line:
                break
        os.killpg(process.pid, signal.SIGINT)
        _, stderr = process.communicate(timeout=90)
    assert process.returncode == 130, stderr
    assert "stopped: " in stderr
    assert "Traceback" not in stderr
    built = {image.id for image in engine.client.images.list(filters=ours)} - images
    assert step in {"Running", "output"} or not built


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_ends_a_program_ends_the_container_too(number: signal.Signals, engine: Engine, tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "ended.ipynb", "import time\nprint('ready', flush=True)\ntime.sleep(600)")
    with start("run", str(notebook)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        _, stderr = process.communicate(timeout=90)
    assert process.returncode == 130, stderr
    assert not [one for one in list_containers(engine, all=True) if one.name.startswith("ended-")]


def test_two_builds_of_one_notebook_at_once(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "twice.ipynb", f"print('twice {time.time_ns()}')")
    first, second = start("run", str(notebook)), start("run", str(notebook))
    outputs = [process.communicate(timeout=120) for process in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], outputs
    assert outputs[0][0] == outputs[1][0]


def test_a_large_file_beside_the_notebook_is_not_staged(notebook: Path, tmp_path: Path) -> None:
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(2 * 2**30)  # sparse
    for name in (".env", "id_rsa", ".git"):
        (tmp_path / name).write_text("secret")
    outcome = containerize("export", str(notebook), str(tmp_path / "context"))
    assert outcome.status == 0, outcome.stderr
    staged = {
        path.relative_to(tmp_path / "context").as_posix(): path
        for path in (tmp_path / "context").rglob("*")
        if path.is_file()
    }
    runner = {f"containerize/{name}.py" for name in ("run_task", "script_parameters", "task_record")}
    assert set(staged) == {".dockerignore", "Dockerfile", "app/hello-notebook.py", "requirements.txt", *runner}
    assert sum(path.stat().st_size for path in staged.values()) < 10**6


def test_the_exported_folder_builds_with_docker_alone(notebook: Path, tmp_path: Path) -> None:
    assert containerize("export", str(notebook), str(tmp_path / "context")).status == 0
    docker = shutil.which("docker")
    assert docker is not None
    subprocess.run(
        [docker, "build", "-q", "-t", "plain-build:test", str(tmp_path / "context")], check=True, capture_output=True
    )
    try:
        ran = subprocess.run([docker, "run", "--rm", "plain-build:test"], check=True, capture_output=True, text=True)
        assert ran.stdout == "hello\n"
    finally:
        subprocess.run([docker, "rmi", "plain-build:test"], check=True, capture_output=True)


def test_an_existing_folder_is_not_written_into(notebook: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("mine")
    assert_fails(containerize("export", str(notebook), str(tmp_path / "taken")), 2, "taken")
    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["mine.txt"]
