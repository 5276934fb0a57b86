"""The parts of a kernel that need no engine: its folder, its options, its words, its last lines."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path, PurePosixPath
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tornado.web import HTTPError

from jupyter_docker.engine.connection.identity import OWNER_LABEL
from jupyter_docker.engine.files.leftovers import owned
from jupyter_docker.kernel.configured import Configured
from jupyter_docker.kernel.container import folder as folders
from jupyter_docker.kernel.container.death import explain, last_lines
from jupyter_docker.kernel.container.lifeline import told
from jupyter_docker.kernel.kernelspec import kernel_name, register_kernel, registered_kernels, remove_kernel
from jupyter_docker.kernel.provisioner import ContainerProvisioner, shown_in_browser
from jupyter_docker.kernel.values import move_values
from jupyter_docker.values.container_spec import Limits, Mount, Port, RunSpec
from jupyter_docker.values.errors import BuildError, MissingError, NameTakenError, UsageError

SPEC = RunSpec(
    image="penguins-kernel:1",
    env={"A": "1", "B": "with 'quotes'"},
    mounts=(Mount(kind="volume", source="cache", target=PurePosixPath("/var/cache/x"), read_only=True),),
    ports=(Port(container=80, host=8080),),
    limits=Limits(memory=2**30, cpus=1.5),
    gpus="all",
    network="none",
    user="1234:5",
    labels={"a": "b"},
)


@pytest.fixture(autouse=True)
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for folders and kernels that is the test's own."""
    monkeypatch.setattr(folders, "base_folder", lambda: tmp_path)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


def test_a_folder_is_private_and_known_for_its_owners() -> None:
    with owned("kernel") as label:
        folder = folders.folder_of(label[OWNER_LABEL])
        folders.make_folder(folder, None)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        with owned(folder.name):
            assert folders.sweep_folders(label[OWNER_LABEL]) == ()
        assert folders.sweep_folders(label[OWNER_LABEL]) == (folder,)
        assert not folder.exists()


def test_a_folder_of_a_process_that_is_gone_is_swept_and_others_are_not(base: Path) -> None:
    gone, other = base / "containerize-999999999-1700000000-abcdef", base / "containerize-of-somebody"
    alive = base / f"containerize-{os.getppid()}-1-abcdef"  # another process of that number, long ago
    for one in (gone, other, alive):
        one.mkdir()
    (gone / "k-1").touch()
    with owned("kernel") as label:
        assert set(folders.sweep_folders(label[OWNER_LABEL])) == {gone, alive}
    assert other.exists()


def test_a_long_runtime_folder_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    long = tmp_path / ("x" * 80)
    long.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    assert folders.base_folder() != long
    short = Path("/tmp") / f"runtime-{os.getpid()}"
    short.mkdir()
    try:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(short))
        assert folders.base_folder() == short
        assert len(f"{folders.folder_of('host:4194304:1700000000')}/k-5") <= 107
    finally:
        short.rmdir()


def test_what_is_registered_is_what_the_provisioner_reads(tmp_path: Path) -> None:
    register_kernel("penguins", SPEC, notebook=tmp_path / "penguins.ipynb", python=Path("/usr/bin/python3"))
    (found,) = registered_kernels()
    assert (found.name, found.title) == ("penguins-container", "penguins (container)")
    assert (found.image, found.notebook) == (SPEC.image, str(tmp_path / "penguins.ipynb"))
    config = _config(found.folder)
    read = _provisioner(config).spec(str(tmp_path / "deeper"))
    folder = Mount(kind="bind", source=str(tmp_path), target=PurePosixPath("/app"))
    assert read == RunSpec(**{**vars(SPEC), "mounts": (folder, *SPEC.mounts), "workdir": "/app/deeper"})


def state_files(base: Path) -> list[Path]:
    return [*(base / "state").rglob("kernels/*.json")]


def test_a_kernelspec_has_no_value_and_its_values_go_with_it(base: Path) -> None:
    for _ in range(2):  # the second replaces the first
        register_kernel("penguins", SPEC, notebook=base / "penguins.ipynb", python=Path("python"))
    (found,) = registered_kernels()
    text = (found.folder / "kernel.json").read_text()
    assert "quotes" not in text
    (kept,) = state_files(base)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    remove_kernel("penguins")
    assert state_files(base) == []


def test_a_value_that_is_not_kept_here_comes_from_the_environment(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = {"image": "i", "variables": ["TOKEN"], "values": "0" * 32}
    with pytest.raises(UsageError, match="TOKEN has no value here"):
        _provisioner(config).spec()
    monkeypatch.setenv("TOKEN", "of the starter")
    assert _provisioner(config).spec().env == {"TOKEN": "of the starter"}


def test_the_values_of_an_earlier_version_are_taken_out_of_the_kernelspec(base: Path) -> None:
    folder = base / "jupyter" / "kernels" / "old-container"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(RECORDED))
    before = _provisioner(_config(folder)).spec()
    move_values(folder)
    assert "planted" not in (folder / "kernel.json").read_text()
    assert stat.S_IMODE((folder / "kernel.json").stat().st_mode) == 0o600
    assert _provisioner(_config(folder)).spec() == before
    assert before.env == RECORDED["metadata"]["kernel_provisioner"]["config"]["env"]
    assert _config(folder)["env"] == {"PYTHONPYCACHEPREFIX": "/var/cache/containerize/pycache"}
    move_values(folder)
    assert len(state_files(base)) == 1


RECORDED: dict[str, Any] = {  # as version 0.1 wrote it
    "argv": ["/usr/bin/python3", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "old (container)",
    "language": "python",
    "metadata": {
        "debugger": True,
        "kernel_provisioner": {
            "provisioner_name": "containerize",
            "config": {
                "image": "old-kernel:0123456789ab",
                "folder": "/home/ana/old",
                "env": {"PYTHONPYCACHEPREFIX": "/var/cache/containerize/pycache", "API_TOKEN": "planted", "N": "1"},
            },
        },
        "containerize": {"notebook": "/home/ana/old/old.ipynb"},
    },
}


def test_elsewhere_it_begins_in_the_notebooks_folder(tmp_path: Path) -> None:
    assert _provisioner({"image": "i", "folder": str(tmp_path)}).spec("/usr").workdir == "/app"
    assert _provisioner({"image": "i"}).spec("/usr").workdir == ""


def test_a_kernel_that_is_no_container_is_left_alone(base: Path) -> None:
    folder = base / "jupyter" / "kernels" / "penguins-container"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text('{"argv": ["x"], "display_name": "x", "language": "python"}')
    with pytest.raises(NameTakenError):
        register_kernel("penguins", SPEC, notebook=base / "penguins.ipynb", python=Path("python"))
    with pytest.raises(MissingError):
        remove_kernel("penguins")
    assert (folder / "kernel.json").exists()


@pytest.mark.parametrize(
    ("title", "name"),
    [("penguins", "penguins-container"), ("My analysis", "my-analysis-container"), ("a-container", "a-container")],
)
def test_the_name_of_a_kernel(title: str, name: str) -> None:
    assert kernel_name(title) == name


@given(st.binary())
def test_anything_that_a_container_says_is_numbers_or_nothing(line: bytes) -> None:
    assert all(isinstance(value, int) for value in told(line).values())


def test_what_a_supervisor_says() -> None:
    assert told(b'{"status": -9, "kills": 1, "other": "text"}') == {"status": -9, "kills": 1}
    assert told(b'{"status": "-9"}') == {}
    assert told(b"[" * 100_000) == {}


def test_the_last_lines_are_the_last() -> None:
    log = "\n".join(f"line {number}" for number in range(100)) + "\n\n"
    assert last_lines(log).split("\n") == [f"line {number}" for number in range(85, 100)]
    assert last_lines(" \n") == ""


@pytest.mark.parametrize(
    ("report", "log", "said"),
    [
        ({"status": 0}, "", "The kernel ended by itself."),
        ({"status": 1}, "Boom: no\n", "The kernel's process ended with exit status 1. It printed last: Boom: no"),
        ({"status": -15}, "", "The kernel was stopped from outside (exit status 143). Somebody stopped it"),
        ({"status": -9, "kills": 1, "peak": 2**30}, "", "used all the memory it may, 1 GB. Its peak was 1 GB."),
        ({"status": -9, "kills": 0}, "", "The kernel was killed from outside (exit status 137)."),
        ({"status": 1}, "No module named ipykernel_launcher", "The image 'penguins-kernel:1' has no ipykernel"),
    ],
)
def test_why_a_kernel_ended(report: dict[str, int], log: str, said: str) -> None:
    engine: Any = SimpleNamespace()  # never asked: the supervisor told
    assert said in str(explain(engine, SPEC, container="id", started=0.0, report=report, log=log))


def test_an_error_for_the_browser_is_the_same_error() -> None:
    error = BuildError("It failed at 100 %.", step_name="RUN", log_tail="tail", hint="Try again.")
    shown = shown_in_browser(error)
    assert isinstance(shown, BuildError)
    assert isinstance(shown, HTTPError)
    assert (str(shown), shown.hint, shown.exit_code, shown.log_tail) == (error.message, error.hint, 85, "tail")
    assert shown.status_code == 500
    assert type(shown).__name__ == "BuildError"


def _config(folder: Path) -> dict[str, Any]:
    written = json.loads((folder / "kernel.json").read_text())
    return dict(written["metadata"]["kernel_provisioner"]["config"])


def _provisioner(config: dict[str, Any]) -> Configured:
    return ContainerProvisioner(**config)
