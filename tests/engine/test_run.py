"""A container run in the foreground: every option, and its output as it is printed."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.containers.containers import run
from jupyter_docker.values.container_spec import Limits, Mount, Port, RunResult, RunSpec
from tests.engine.recording import Recorder

pytestmark = pytest.mark.engine

# What the process in the container is and may do, as it sees it itself.
_SELF = """
import json, os, pathlib
status = dict(line.split(":\\t", 1) for line in pathlib.Path("/proc/self/status").read_text().splitlines())
print(json.dumps({
    "uid": os.getuid(), "gid": os.getgid(), "groups": os.getgroups(), "caps": status["CapEff"].strip(),
    "bounding": status["CapBnd"].strip(), "no_new_privileges": status["NoNewPrivs"].strip(),
    "init": pathlib.Path("/proc/1/comm").read_text().strip(), "interfaces": sorted(os.listdir("/sys/class/net")),
    "home_writable": os.access(os.path.expanduser("~"), os.W_OK),
}))
"""


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture(scope="module")
def app_image(engine: Engine, base: str) -> Iterator[str]:
    """An image of the shape that a notebook is built into: a working directory that anybody may write to."""
    tag = f"run-test-app-{os.getpid()}:latest"
    container = engine.client.containers.create(base, ["sh", "-c", "mkdir -m 1777 /app && echo print > /app/script.py"])
    container.start()
    container.wait()
    container.commit(tag, changes="WORKDIR /app")
    container.remove()
    yield tag
    engine.client.images.remove(tag)


def python(engine: Engine, image: str, code: str, emit: Recorder, folder: Path, **options: Any) -> RunResult:
    """Run ``code`` in a container; afterwards none of its name is left."""
    result = run(
        engine,
        RunSpec(image=image, command=("python", "-B", "-c", code), **options),
        log_folder=folder / "logs",
        emit=emit,
    )
    assert engine.client.containers.list(all=True, filters={"id": result.container_id}) == []
    return result


def test_both_streams_are_told_apart_and_kept_whole(
    engine: Engine, base: str, recorder: Recorder, tmp_path: Path
) -> None:
    code = "import sys\nfor n in range(3): print('out', n, flush=True); print('err', n, file=sys.stderr, flush=True)"
    result = python(engine, base, code, recorder, tmp_path)
    assert recorder.text("stdout") == "out 0\nout 1\nout 2\n"
    assert recorder.text("stderr") == "err 0\nerr 1\nerr 2\n"
    assert result.log is not None
    assert sorted(result.log.read_text().split("\n")) == sorted(recorder.text().split("\n"))
    assert (result.exit_code, result.oom_killed, result.rescued) == (0, False, ())
    assert result.started < result.finished
    assert result.log.name.startswith(f"{result.name}-")


def test_the_exit_status_is_the_scripts(engine: Engine, base: str, recorder: Recorder, tmp_path: Path) -> None:
    assert python(engine, base, "raise SystemExit(42)", recorder, tmp_path).exit_code == 42


def test_progress_bars_and_bytes_that_are_no_text_survive(
    engine: Engine, base: str, recorder: Recorder, tmp_path: Path
) -> None:
    code = (
        "import os\nbar = '\\r 50%|█████'.encode()\n"
        "os.write(2, bar[:-1])\nos.write(2, bar[-1:])\nos.write(1, b'\\xff\\r\\n')"
    )
    result = python(engine, base, code, recorder, tmp_path)
    assert recorder.text("stderr") == "\r 50%|█████"
    assert recorder.text("stdout") == "\ufffd\r\n"
    assert result.log is not None
    assert sorted(result.log.read_bytes()) == sorted("\r 50%|█████".encode() + b"\xff\r\n")


def test_a_hundred_thousand_lines_are_kept_once_and_in_order(
    engine: Engine, base: str, recorder: Recorder, tmp_path: Path
) -> None:
    result = python(engine, base, "for n in range(100_000): print('line', n)", recorder, tmp_path)
    expected = "".join(f"line {n}\n" for n in range(100_000))
    assert recorder.text() == expected
    assert result.log is not None
    assert result.log.read_text() == expected


def test_silence_longer_than_the_clients_timeout_is_no_end(
    engine: Engine, base: str, recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine.client.api, "timeout", 1)
    python(engine, base, "import time; time.sleep(3); print('done')", recorder, tmp_path)
    assert recorder.text() == "done\n"


def test_lines_come_while_the_script_runs(engine: Engine, base: str, tmp_path: Path) -> None:
    """The script goes on only when its first line was seen here."""
    (tmp_path / "shared").mkdir()
    code = "import os, time\nprint('first')\nwhile not os.path.exists('/shared/go'): time.sleep(0.05)\nprint('second')"
    recorder = Recorder(on_log=(tmp_path / "shared/go").touch)
    mount = Mount(kind="bind", source=str(tmp_path / "shared"), target=PurePosixPath("/shared"))
    python(engine, base, code, recorder, tmp_path, mounts=(mount,))
    assert recorder.text() == "first\nsecond\n"


def test_it_runs_as_the_caller_without_any_privilege(
    engine: Engine, base: str, recorder: Recorder, tmp_path: Path
) -> None:
    python(engine, base, _SELF, recorder, tmp_path)
    told = json.loads(recorder.text())
    assert (told["uid"], told["gid"]) == ((0, 0) if engine.rootless else (os.getuid(), os.getgid()))
    assert int(told["caps"], 16) == int(told["bounding"], 16) == 0
    assert told["no_new_privileges"] == "1"
    assert told["init"] in {"docker-init", "tini", "catatonit"}
    assert told["home_writable"]


def test_the_callers_other_groups_come_along(
    engine: Engine, base: str, recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine.rootless or not engine.local:
        pytest.skip("the groups of this machine mean nothing to this engine")
    monkeypatch.setattr(os, "getgroups", lambda: [os.getgid(), 5555])
    python(engine, base, _SELF, recorder, tmp_path)
    assert 5555 in json.loads(recorder.text())["groups"]


def test_another_user_has_a_home_that_it_can_write_to(
    engine: Engine, base: str, recorder: Recorder, tmp_path: Path
) -> None:
    python(engine, base, _SELF, recorder, tmp_path, user="4321:8765")
    told = json.loads(recorder.text())
    assert (told["uid"], told["gid"], told["home_writable"]) == (4321, 8765, True)


def test_the_network_can_be_left_out(engine: Engine, base: str, recorder: Recorder, tmp_path: Path) -> None:
    python(engine, base, _SELF, recorder, tmp_path, network="none")
    assert json.loads(recorder.text())["interfaces"] == ["lo"]


def test_what_is_written_to_a_mount_belongs_to_the_caller(
    engine: Engine, base: str, recorder: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "output").mkdir()
    mount = Mount(kind="bind", source=str(tmp_path / "output"), target=PurePosixPath("/app/output"))
    python(engine, base, "open('/app/output/model', 'w').write('m')", recorder, tmp_path, mounts=(mount,))
    written = tmp_path / "output/model"
    assert (written.read_text(), written.stat().st_uid, written.stat().st_gid) == ("m", os.getuid(), os.getgid())


@pytest.mark.skipif(os.geteuid() != 0, reason="makes a folder of another user's")
def test_a_chosen_user_owns_what_it_writes(engine: Engine, base: str, recorder: Recorder, tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    os.chown(tmp_path / "output", 4321, 8765)
    mount = Mount(kind="bind", source=str(tmp_path / "output"), target=PurePosixPath("/output"))
    python(engine, base, "open('/output/x', 'w')", recorder, tmp_path, mounts=(mount,), user="4321:8765")
    assert ((tmp_path / "output/x").stat().st_uid, (tmp_path / "output/x").stat().st_gid) == (4321, 8765)


def test_a_read_only_mount_is_read_and_not_written(
    engine: Engine, base: str, recorder: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/in.csv").write_text("a,b")
    mount = Mount(kind="bind", source=str(tmp_path / "data"), target=PurePosixPath("/data"), read_only=True)
    code = "print(open('/data/in.csv').read())\ntry: open('/data/in.csv', 'w')\nexcept OSError as e: print(e.strerror)"
    python(engine, base, code, recorder, tmp_path, mounts=(mount,))
    assert recorder.text() == "a,b\nRead-only file system\n"
    assert (tmp_path / "data/in.csv").read_text() == "a,b"


def test_a_new_named_volume_is_labelled_and_its_users(
    engine: Engine, base: str, recorder: Recorder, tmp_path: Path
) -> None:
    name = f"run-test-volume-{os.getpid()}"
    mount = Mount(kind="volume", source=name, target=PurePosixPath("/app/deep/cache"))
    try:
        python(engine, base, "open('/app/deep/cache/x', 'w')", recorder, tmp_path, mounts=(mount,), user="4321:8765")
        labels = engine.client.volumes.get(name).attrs["Labels"]
        again = "import os; s = os.stat('/app/deep/cache/x'); print(s.st_uid, s.st_gid)"
        python(engine, base, again, recorder, tmp_path, mounts=(mount,), user="1111:2222")
    finally:
        engine.client.volumes.get(name).remove()
    assert sorted(labels) == [f"jupyter-containerize.{name}" for name in ("user", "user-name", "version")]
    assert recorder.text() == "4321 8765\n"
    assert recorder.warnings == []


def test_a_published_port_is_announced_and_answers_on_the_loopback(engine: Engine, base: str, tmp_path: Path) -> None:
    answers: list[bytes] = []

    def ask() -> None:
        url = recording.progress[0].rpartition(" ")[2]
        assert url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own server
            answers.append(answer.read())

    code = (
        "import http.server as h\nclass H(h.BaseHTTPRequestHandler):\n"
        " def do_GET(self): self.send_response(200); self.end_headers(); self.wfile.write(b'hello')\n"
        "s = h.HTTPServer(('', 80), H)\nprint('ready')\ns.handle_request()"
    )
    recording = Recorder(on_log=ask)
    assert python(engine, base, code, recording, tmp_path, ports=(Port(container=80),)).exit_code == 0
    assert answers == [b"hello"]


def test_limits_labels_and_name_are_the_engines(engine: Engine, base: str, tmp_path: Path) -> None:
    seen: dict[str, Any] = {}
    name = f"run-test-limits-{os.getpid()}"
    recorder = Recorder(on_log=lambda: seen.update(engine.client.containers.get(name).attrs))
    limits = Limits(memory=128 * 2**20, cpus=0.5, pids=64)
    code = "print('ready'); import time; time.sleep(0.5)"
    result = python(engine, base, code, recorder, tmp_path, limits=limits, name=name, labels={"a": "b'\n\"c"})
    assert result.name == name
    host = seen["HostConfig"]
    assert (host["Memory"], host["NanoCpus"], host["PidsLimit"]) == (128 * 2**20, 500_000_000, 64)
    assert seen["Config"]["Labels"]["a"] == "b'\n\"c"
    assert seen["Config"]["Labels"]["jupyter-containerize.role"] == "foreground"


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example({"QUOTES": "a 'b' \"c\" $HOME `id` \\", "LINES": "one\ntwo\r\n", "UNICODE": "données ✓ 🐧", "EMPTY": ""})
@given(
    st.dictionaries(
        st.from_regex(r"[A-Z][A-Z0-9_]{3,12}", fullmatch=True).filter(lambda name: not name.startswith("PYTHON")),
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
        min_size=1,
    )
)
def test_variables_of_any_content_arrive_intact(
    engine: Engine, base: str, tmp_path: Path, variables: dict[str, str]
) -> None:
    recorder = Recorder()
    code = "import json, os; print(json.dumps(dict(os.environ)))"
    python(engine, base, code, recorder, tmp_path, env=variables)
    found = json.loads(recorder.text())
    assert {name: found.get(name) for name in variables} == variables


def test_what_no_mount_keeps_is_copied_and_said(
    engine: Engine, app_image: str, recorder: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept").chmod(0o777)
    mount = Mount(kind="bind", source=str(tmp_path / "kept"), target=PurePosixPath("/app/kept"))
    code = (
        "import os\n"
        "for path in 'output/model.joblib', 'kept/a', '.cache/b', '__pycache__/c', 'output/deep/é.txt', 'top':\n"
        " os.makedirs(os.path.dirname(path) or '.', exist_ok=True); open(path, 'w').write(path)\n"
        "os.symlink('/etc/passwd', 'output/link')"
    )
    result = python(
        engine, app_image, code, recorder, tmp_path, mounts=(mount,), user="4321:8765" if os.geteuid() else None
    )
    assert result.log is not None
    folder = result.log.with_name(f"{result.log.stem}-files")
    relative = ["output/deep/é.txt", "output/model.joblib", "top"]
    assert [str(path.relative_to(folder)) for path in result.rescued] == relative
    assert [path.read_text() for path in result.rescued] == relative
    assert {path.stat().st_uid for path in result.rescued} == {os.getuid()}
    said = f"The run wrote 3 files that no mount keeps: {', '.join(relative)}. Copies are in '{folder}'."
    assert recorder.warnings == [f"{said} Links and devices are not copied: output/link."]
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == ["model.joblib", "top", "é.txt"]


def test_a_run_that_writes_nothing_is_not_compared_with_its_image(
    engine: Engine, app_image: str, recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    mount = Mount(kind="bind", source=str(tmp_path / "data"), target=PurePosixPath("/app/data"))
    monkeypatch.setattr(engine.client.api, "diff", lambda _: pytest.fail("it was compared"))
    result = python(engine, app_image, "open('/app/data/x', 'w')", recorder, tmp_path, mounts=(mount,))
    assert (result.rescued, recorder.warnings) == ((), [])


def test_too_much_to_copy_keeps_the_container(
    engine: Engine, app_image: str, recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_docker.engine.files.rescue.MAX_BYTES", 1000)
    code = "open('small', 'w').write('x'); open('zbig', 'w').write('x' * 1000)"
    spec = RunSpec(image=app_image, command=("python", "-c", code))
    result = run(engine, spec, log_folder=tmp_path, emit=recorder)
    kept = engine.client.containers.get(result.container_id)
    try:
        assert (kept.name, kept.status) == (f"{result.name}-kept", "exited")
        assert [path.name for path in result.rescued] == ["small"]
        assert result.unsaved is not None
        assert f"docker cp {kept.name}:/app" in result.unsaved.hint
        assert "zbig (it is too large)" in recorder.warnings[1]
        assert f"The container '{kept.name}' was kept" in recorder.warnings[1]
    finally:
        kept.remove()
