"""Detached containers, what can be done with them, and what is swept up."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.connection.identity import OWNER_LABEL, user_labels
from jupyter_docker.engine.containers.containers import Running, start_detached
from jupyter_docker.engine.containers.lifecycle import logs, remove, stop
from jupyter_docker.engine.containers.listing import ContainerInfo, list_containers
from jupyter_docker.engine.containers.shell import exec_
from jupyter_docker.engine.files.leftovers import owned, sweep
from jupyter_docker.values.container_spec import Port, RunSpec
from jupyter_docker.values.errors import EngineError, MissingError, ScriptFailedError
from jupyter_docker.values.scratch import process_start
from tests.engine.recording import Recorder

pytestmark = pytest.mark.engine

_SERVER = """
import http.server, sys
print('out')
print('err', file=sys.stderr)
http.server.test(http.server.SimpleHTTPRequestHandler, port=80, bind='0.0.0.0')
"""
SERVE = ("python", "-c", _SERVER)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def server(engine: Engine, base: str, recorder: Recorder) -> Iterator[Running]:
    """A detached container of ours that answers on a free port."""
    running = start_detached(engine, RunSpec(image=base, command=SERVE, ports=(Port(container=80),)), recorder)
    yield running
    with suppress(MissingError):
        remove(engine, running.name, force=True)


@pytest.fixture
def stranger(engine: Engine, base: str) -> Iterator[str]:
    """A running container that another program made."""
    container = engine.client.containers.run(base, ["sleep", "600"], detach=True, name=f"stranger-{os.getpid()}")
    yield str(container.name)
    container.remove(force=True)


def listed(engine: Engine, name: str, **choice: Any) -> list[ContainerInfo]:
    return [one for one in list_containers(engine, **choice) if one.name == name]


def answer(url: str) -> int:
    """Return the status of the first answer there."""
    for _ in range(100):
        with suppress(OSError), urllib.request.urlopen(url) as reply:  # noqa: S310 - our own server
            return int(reply.status)
        time.sleep(0.1)
    return pytest.fail(f"no answer at {url}")


def test_a_detached_container_answers_at_its_url(engine: Engine, base: str, server: Running) -> None:
    assert list(server.urls) == ["80/tcp"]
    url = server.urls["80/tcp"]
    assert answer(url) == 200
    (info,) = listed(engine, server.name)
    assert (info.id, info.image, info.state, info.ours) == (server.id, base, "running", True)
    assert info.ports == (f"{url.removeprefix('http://')}->80/tcp",)


def test_it_is_stopped_listed_and_removed(engine: Engine, server: Running) -> None:
    with pytest.raises(EngineError, match=f"'{server.name}' is running") as caught:
        remove(engine, server.name)
    assert "rm -f" in caught.value.hint
    stop(engine, server.name, grace=0)
    assert listed(engine, server.name) == []
    (info,) = listed(engine, server.name, all=True)
    assert info.state == "exited"
    remove(engine, server.name)
    assert listed(engine, server.name, all=True) == []


def test_what_a_detached_run_wrote_outlives_it(engine: Engine, base: str, tmp_path: Path, recorder: Recorder) -> None:
    script = "mkdir out; echo kept > out/kept.txt; echo on; exec sleep 600"
    spec = RunSpec(image=base, command=("sh", "-c", script), workdir="/srv", user="0:0")
    running = start_detached(engine, spec, Recorder())
    logs(engine, running.name, emit=Recorder(on_log=lambda: stop(engine, running.name, grace=0)), follow=True)
    remove(engine, running.name, log_folder=tmp_path, emit=recorder)
    (file,) = tmp_path.glob(f"{running.name}-*-files/out/kept.txt")
    assert file.read_text() == "kept\n"
    (warning,) = recorder.warnings
    assert str(file.parents[1]) in warning
    assert listed(engine, running.name, all=True) == []


def test_logs_tell_the_streams_apart_and_can_be_cut(engine: Engine, server: Running, recorder: Recorder) -> None:
    answer(server.urls["80/tcp"])
    logs(engine, server.name, emit=recorder)
    assert recorder.text("stdout").startswith("out\n")
    assert recorder.text("stderr").startswith("err\n")
    last = Recorder()
    logs(engine, server.name, emit=last, tail=1)
    assert last.text().count("\n") == 1


def test_following_goes_on_to_the_end(engine: Engine, server: Running) -> None:
    recorder = Recorder(on_log=lambda: stop(engine, server.name, grace=0))
    logs(engine, server.name, emit=recorder, follow=True)
    assert "err\n" in recorder.text("stderr")
    assert listed(engine, server.name) == []


def test_following_survives_silence(engine: Engine, base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.client.api, "timeout", 1)
    code = "print('one'); import time; time.sleep(3); print('two')"
    running = start_detached(engine, RunSpec(image=base, command=("python", "-c", code)), Recorder())
    try:
        recorder = Recorder()
        logs(engine, running.name, emit=recorder, follow=True)
        assert recorder.text() == "one\ntwo\n"
    finally:
        remove(engine, running.name, force=True)


def test_a_terminals_log_has_one_stream(engine: Engine, base: str, recorder: Recorder) -> None:
    container = engine.client.containers.run(base, ["echo", "hello"], detach=True, tty=True)
    try:
        container.wait()
        logs(engine, str(container.name), emit=recorder, scope="all")
        assert recorder.text("stdout") == "hello\r\n"
    finally:
        container.remove()


def test_a_command_in_it_has_its_output_and_status(
    engine: Engine, server: Running, recorder: Recorder, caller: int
) -> None:
    code = "import os, sys; print(os.getuid()); print('é', file=sys.stderr); sys.exit(3)"
    assert exec_(engine, server.name, ["python", "-c", code], emit=recorder) == 3
    assert recorder.text("stdout") == f"{caller}\n"
    assert recorder.text("stderr") == "é\n"
    said = len(recorder.events)
    for program, status in (("no-such-program", 127), ("/etc/passwd", 126)):
        with pytest.raises(ScriptFailedError, match=f"the program '{program}'") as caught:
            exec_(engine, server.name, [program], emit=recorder)
        assert (caught.value.exit_code, bool(caught.value.hint)) == (status, True)
    assert len(recorder.events) == said  # not the engine's own words


_INTERACTIVE = """
import sys
from jupyter_docker.engine import connect
from jupyter_docker.engine.containers.shell import exec_
with connect() as engine:
    sys.exit(exec_(engine, sys.argv[1], sys.argv[2:], emit=print, interactive=True))
"""


def test_an_interactive_command_has_this_process_streams(engine: Engine, server: Running) -> None:
    command = [sys.executable, "-c", _INTERACTIVE, server.name, "sh", "-c", "read name; echo hello $name; exit 5"]
    done = subprocess.run(command, input=b"penguin\n", stdout=subprocess.PIPE, check=False)
    assert (done.stdout, done.returncode) == (b"hello penguin\n", 5)


@pytest.mark.skipif(sys.platform == "win32", reason="has no pseudo-terminals")
def test_an_interactive_command_at_a_terminal_has_one_too(engine: Engine, server: Running) -> None:
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", _INTERACTIVE, server.name, "sh", "-c", "test -t 0 && test -t 1 && exit 7"]
    done = subprocess.run(command, stdin=theirs, stdout=theirs, stderr=theirs, check=False)
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 7


def test_what_is_not_ours_is_left_alone(engine: Engine, stranger: str, recorder: Recorder) -> None:
    assert listed(engine, stranger) == []
    (info,) = listed(engine, stranger, scope="all")
    assert not info.ours
    refused = f"'{stranger}' was not made by jupyter-containerize"
    with pytest.raises(MissingError, match=refused):
        stop(engine, stranger, grace=0)
    with pytest.raises(MissingError, match=refused):
        remove(engine, stranger, force=True)
    with pytest.raises(MissingError, match=refused):
        logs(engine, stranger, emit=recorder)
    with pytest.raises(MissingError, match=refused):
        exec_(engine, stranger, ["true"], emit=recorder)
    stop(engine, stranger, grace=0, scope="all")
    (info,) = listed(engine, stranger, scope="all", all=True)
    assert info.state == "exited"
    with pytest.raises(EngineError, match="is not running"):
        exec_(engine, stranger, ["true"], emit=recorder, scope="all")


def test_a_name_that_is_nobodys(engine: Engine) -> None:
    with pytest.raises(MissingError, match="There is no container 'no-such-container'"):
        stop(engine, "no-such-container")


def ended_process() -> str:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        started = psutil.Process(process.pid).create_time()
        process.communicate(b"\n")
    return f"{process.pid}:{started:.0f}"


def test_only_leftovers_of_programs_that_ended_are_swept(engine: Engine, base: str) -> None:
    here, me = socket.gethostname(), f"{os.getpid()}:{process_start(os.getpid()):.0f}"
    parent = f"{os.getppid()}:{process_start(os.getppid()):.0f}"
    owners = {
        "dead": f"{here}:{ended_process()}",
        "reused": f"{here}:{os.getppid()}:12345",
        "mine-before": f"{here}:{me}",
        "mine-now": f"{here}:{me}",
        "alive": f"{here}:{parent}",
        "elsewhere": f"another-{here}:{ended_process()}",
        "dead-kept": f"{here}:{ended_process()}",
        "running": f"{here}:{ended_process()}",
    }
    made: dict[str, Any] = {}
    try:
        for name, owner in owners.items():
            made[name] = engine.client.containers.create(
                base, ["sleep", "600"], name=f"sweep-{os.getpid()}-{name}", labels={OWNER_LABEL: owner, **user_labels()}
            )
        made["running"].start()
        with owned(made["mine-now"].name):
            removed = sweep(engine)
        gone = {name for name, container in made.items() if container.name in removed}
        assert gone == {"dead", "reused", "mine-before"}
        left = {one.name for one in engine.client.containers.list(all=True)}
        assert {name for name, container in made.items() if container.name not in left} == gone
    finally:
        for container in made.values():
            with suppress(Exception):
                container.remove(force=True)


def test_a_sweep_with_nothing_to_do_is_one_request(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep(engine)
    sent, genuine = [], engine.client.api.request

    def counted(method: str, url: str, *positional: Any, **named: Any) -> Any:
        sent.append((method, url.rpartition("/")[2]))
        return genuine(method, url, *positional, **named)

    monkeypatch.setattr(engine.client.api, "request", counted)
    assert sweep(engine) == ()
    assert sent == [("GET", "json")]
