"""What can go wrong with a run: each has a clear message, and leaves no container."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.containers.containers import run, start_detached
from jupyter_docker.engine.containers.ending import describe
from jupyter_docker.values.container_spec import Limits, Mount, Port, RunResult, RunSpec
from jupyter_docker.values.errors import (
    EngineError,
    EngineLostError,
    InterruptedRunError,
    MissingError,
    MountError,
    NameTakenError,
    PortTakenError,
    UsageError,
)
from tests.engine.recording import Recorder

pytestmark = pytest.mark.engine

SLEEP = ("python", "-c", "print('ready'); import time; time.sleep(600)")
STUBBORN = (
    "python",
    "-c",
    "import signal, time\nsignal.signal(15, lambda *_: print('no'))\nprint('ready')\nwhile 1: time.sleep(1)",
)
POLITE = (
    "python",
    "-c",
    "import signal, time\nsignal.signal(15, lambda *_: exit('saved'))\nprint('ready')\nwhile 1: time.sleep(1)",
)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def labels(engine: Engine, request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """A label of the test's own; at the end no container has it."""
    label = f"{request.node.name}-{os.getpid()}"
    yield {"test": label}
    left = engine.client.containers.list(all=True, filters={"label": f"test={label}"})
    names = [one.name for one in left]
    for one in left:
        one.remove(force=True)
    assert names == []


Attempt = Callable[..., tuple[RunResult, RunSpec]]


@pytest.fixture
def attempt(engine: Engine, base: str, tmp_path: Path, recorder: Recorder, labels: dict[str, str]) -> Attempt:
    """Run a container of the base image with these options of a RunSpec; it sleeps unless told otherwise."""

    def attempt_it(**options: Any) -> tuple[RunResult, RunSpec]:
        spec = RunSpec(**{"image": base, "command": SLEEP, "labels": labels, **options})
        return run(engine, spec, log_folder=tmp_path, emit=recorder), spec

    return attempt_it


def by_name(engine: Engine, name: str) -> Any:
    return engine.client.containers.get(name)


def test_killed_from_outside(engine: Engine, base: str, tmp_path: Path, labels: dict[str, str]) -> None:
    spec = RunSpec(image=base, command=SLEEP, labels=labels, name=f"killed-{os.getpid()}")
    recorder = Recorder(on_log=lambda: by_name(engine, spec.name).kill())
    result = run(engine, spec, log_folder=tmp_path, emit=recorder)
    assert (result.exit_code, result.oom_killed) == (137, False)
    assert describe(result, spec)[0] == "The run was killed from outside (exit status 137)."


def test_removed_from_outside(engine: Engine, base: str, tmp_path: Path, labels: dict[str, str]) -> None:
    spec = RunSpec(image=base, command=SLEEP, labels=labels, name=f"removed-{os.getpid()}")
    recorder = Recorder(on_log=lambda: by_name(engine, spec.name).remove(force=True))
    with pytest.raises(MissingError, match=f"'{spec.name}' was removed while it ran"):
        run(engine, spec, log_folder=tmp_path, emit=recorder)


def test_out_of_memory(attempt: Attempt) -> None:
    hungry = ("python", "-c", "held = []\nwhile True: held.append(bytearray(2**20))")
    result, spec = attempt(command=hungry, limits=Limits(memory=64 * 2**20))
    assert (result.exit_code, result.oom_killed) == (137, True)
    assert "64 MB" in describe(result, spec)[0]


@pytest.mark.parametrize(("program", "code"), [("pyhton", 127), ("/etc/passwd", 126)])
def test_a_program_that_is_not_there_or_is_none(attempt: Attempt, program: str, code: int) -> None:
    result, spec = attempt(command=(program, "x.py"))
    assert result.exit_code == code
    assert f"'{program}'" in describe(result, spec)[0]


def test_a_port_that_is_taken(
    engine: Engine, base: str, tmp_path: Path, recorder: Recorder, labels: dict[str, str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        spec = RunSpec(image=base, command=SLEEP, ports=(Port(container=80, host=port),), labels=labels)
        with pytest.raises(PortTakenError, match=f"Port {port} is in use"):
            run(engine, spec, log_folder=tmp_path, emit=recorder)
        with pytest.raises(PortTakenError, match=f"Port {port} is in use"):
            start_detached(engine, spec, recorder)
    assert recorder.text() == ""


def test_a_name_that_is_taken(
    engine: Engine, base: str, tmp_path: Path, recorder: Recorder, labels: dict[str, str]
) -> None:
    holder = engine.client.containers.create(base, "true", name=f"taken-{os.getpid()}")
    try:
        spec = RunSpec(image=base, name=str(holder.name), labels=labels)
        with pytest.raises(NameTakenError, match=f"a container named '{holder.name}' already") as caught:
            run(engine, spec, log_folder=tmp_path, emit=recorder)
        assert "--name" in caught.value.hint
        assert by_name(engine, spec.name).id == holder.id
        assert list(tmp_path.iterdir()) == []
    finally:
        holder.remove()


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"image": "no-such/network:1"}, MissingError, "The engine has no image 'no-such/network:1'."),
        ({"network": "no-such"}, MissingError, "There is no network 'no-such'."),
        ({"gpus": "two"}, UsageError, "'two' does not name GPUs."),
        ({"limits": Limits(cpus=4096)}, EngineError, "only .* CPUs available"),
        ({"user": "nobody-of-that-name"}, EngineError, "nobody-of-that-name"),
    ],
)
def test_what_the_engine_has_not(attempt: Attempt, options: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        attempt(**options)


def test_a_gpu_where_there_is_none(engine: Engine, attempt: Attempt) -> None:
    if "nvidia" in engine.info.get("Runtimes", {}):
        pytest.skip("this engine has GPUs")
    with pytest.raises(EngineError, match="can't give a container a GPU") as caught:
        attempt(gpus="all")
    assert "without --gpus" in caught.value.hint


@pytest.mark.parametrize("seen", [True, False])
def test_a_mount_source_that_is_missing_is_not_made(
    attempt: Attempt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, seen: bool
) -> None:
    """Also where it goes away after it was looked for."""
    if not seen:
        monkeypatch.setattr(Mount, "check", lambda self: None)
    mount = Mount(kind="bind", source=str(tmp_path / "nowhere"), target=PurePosixPath("/data"))
    with pytest.raises(MountError, match="nowhere"):
        attempt(mounts=(mount,))
    assert list(tmp_path.iterdir()) == []


def test_a_failed_start_leaves_no_new_volume(engine: Engine, attempt: Attempt) -> None:
    name = f"failed-{os.getpid()}"
    mount = Mount(kind="volume", source=name, target=PurePosixPath("/cache"))
    with pytest.raises(EngineError):
        attempt(mounts=(mount,), limits=Limits(cpus=4096))
    assert [volume.name for volume in engine.client.volumes.list() if volume.name == name] == []


def test_a_log_that_can_not_be_kept_is_said_and_the_run_goes_on(
    engine: Engine, base: str, tmp_path: Path, recorder: Recorder, labels: dict[str, str]
) -> None:
    (tmp_path / "file").touch()
    spec = RunSpec(image=base, command=("echo", "hello"), labels=labels)
    result = run(engine, spec, log_folder=tmp_path / "file/logs", emit=recorder)
    assert (result.exit_code, result.log, recorder.text()) == (0, None, "hello\n")
    assert recorder.warnings[0].startswith(f"The log can't be kept in '{tmp_path}/file/logs': ")


def test_a_display_that_breaks_ends_the_run(engine: Engine, base: str, tmp_path: Path, labels: dict[str, str]) -> None:
    def breaking() -> None:
        raise BrokenPipeError

    spec = RunSpec(image=base, command=SLEEP, labels=labels)
    with pytest.raises(BrokenPipeError):
        run(engine, spec, log_folder=tmp_path, emit=Recorder(on_log=breaking))


_REQUESTS = [
    "containers", "create_container", "inspect_container", "attach_socket", "start", "wait", "remove_container",
]  # fmt: skip


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("request_name", _REQUESTS)
def test_an_interrupt_at_any_request_leaves_nothing(
    engine: Engine,
    attempt: Attempt,
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
    *,
    request_name: str,
    when: str,
) -> None:
    genuine = getattr(engine.client.api, request_name)
    sent: list[bool] = []

    def interrupted(*positional: Any, **named: Any) -> Any:
        def interrupt() -> None:
            if not sent:
                sent.append(True)
                signal.raise_signal(signal.SIGINT)

        if when == "before":
            interrupt()
        answer = genuine(*positional, **named)
        interrupt()
        return answer

    monkeypatch.setattr(engine.client.api, request_name, interrupted)
    name = f"stopped-{os.getpid()}"
    with pytest.raises(InterruptedRunError, match=name):
        attempt(command=("true",), name=name)
    assert sent
    assert recorder.warnings == []


def interrupt() -> None:
    signal.raise_signal(signal.SIGINT)


def test_an_interrupted_script_may_say_its_last_words(
    engine: Engine, base: str, tmp_path: Path, labels: dict[str, str]
) -> None:
    recorder = Recorder(on_log=interrupt)
    with pytest.raises(InterruptedRunError) as caught:
        run(engine, RunSpec(image=base, command=POLITE, labels=labels), log_folder=tmp_path, emit=recorder)
    assert recorder.text() == "ready\nsaved\n"
    (log,) = tmp_path.iterdir()
    assert log.read_text() == "ready\nsaved\n"
    assert str(log) in caught.value.hint


def test_a_script_that_does_not_stop_is_killed_after_the_grace(
    engine: Engine, base: str, tmp_path: Path, labels: dict[str, str]
) -> None:
    recorder = Recorder(on_log=interrupt)
    spec = RunSpec(image=base, command=STUBBORN, labels=labels)
    with pytest.raises(InterruptedRunError):
        run(engine, spec, log_folder=tmp_path, emit=recorder, grace=1)
    assert recorder.text() == "ready\nno\n"


def test_a_second_interrupt_kills_at_once(engine: Engine, base: str, tmp_path: Path, labels: dict[str, str]) -> None:
    seen = []

    def emit(event: Any) -> None:
        seen.append(getattr(event, "text", ""))
        if seen[-1].startswith(("ready", "no")):
            interrupt()

    spec = RunSpec(image=base, command=STUBBORN, labels=labels)
    with pytest.raises(InterruptedRunError):  # the test's own limit of time is shorter than the grace
        run(engine, spec, log_folder=tmp_path, emit=emit, grace=3600)
    assert "".join(seen).split() == ["ready", "no"]


_PROGRAM = """
import json, sys
from pathlib import Path
from jupyter_docker.engine import connect
from jupyter_docker.engine.containers.containers import run
from jupyter_docker.values.errors import InterruptedRunError
from jupyter_docker.values.container_spec import RunSpec
folder, image, label = sys.argv[1:]
spec = RunSpec(image=image, command=("sleep", "600"), labels={"test": label})
with connect() as engine:
    try:
        print("begin", flush=True)
        run(engine, spec, log_folder=Path(folder), emit=lambda event: None)
    except (InterruptedRunError, KeyboardInterrupt):
        raise SystemExit(130)
"""


@pytest.mark.parametrize("milliseconds", [1, 15, 60, 150, 300, 1000])
def test_ctrl_c_at_any_moment(base: str, tmp_path: Path, labels: dict[str, str], milliseconds: int) -> None:
    command = [sys.executable, "-c", _PROGRAM, str(tmp_path), base, labels["test"]]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begin\n"
        time.sleep(milliseconds / 1000)
        process.send_signal(signal.SIGINT)
    assert process.returncode == 130


# docker-py leaves a socket open where nobody answers; it is collected here, not during another test.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_the_engine_is_killed_while_it_runs(spare_engine: Callable[..., Any], base: str, tmp_path: Path) -> None:
    spare = spare_engine(images=(base,))
    spec = RunSpec(image=base, command=SLEEP, network="none", name="orphan")
    with pytest.raises(EngineLostError, match="The container engine went away while 'orphan' ran") as caught:
        run(spare.engine, spec, log_folder=tmp_path, emit=Recorder(on_log=spare.kill))
    (log,) = tmp_path.iterdir()
    assert log.read_text().rstrip("\n") == "ready"
    assert str(log) in caught.value.hint
    del caught
    gc.collect()
