"""Scratch folders: private whatever the umask, gone afterwards, and those of killed processes swept by the next."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from jupyter_docker.values.scratch import PREFIX, is_running, process_start, scratch_folder, sweep_scratch

HOLD = """
import sys
from jupyter_docker.values.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "uv.toml").write_text("password")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def holder() -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen([sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_its_user_can_look_into_it(umask: int) -> None:
    before = os.umask(umask)
    try:
        with scratch_folder() as folder:
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    finally:
        os.umask(before)
    assert not folder.exists()


def test_it_is_gone_after_an_error(base: Path) -> None:
    with pytest.raises(FileNotFoundError), scratch_folder() as folder:
        (folder / "a").rename(folder / "b" / "c")
    assert [*base.iterdir()] == []


def test_what_a_killed_process_left_is_removed_by_the_next_that_needs_one(base: Path) -> None:
    killed, left = holder()
    living, held = holder()
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert (left / "uv.toml").exists()
    with scratch_folder() as folder:
        assert {*base.iterdir()} == {folder, held}
    assert (held / "uv.toml").exists()
    living.communicate("")
    assert [*base.iterdir()] == []


def test_a_folder_that_is_locked_stays_though_its_process_is_not_known_here(base: Path) -> None:
    """A process in a container has other numbers, and may share the folder."""
    living, held = holder()
    renamed = held.with_name(f"{PREFIX}{2**22 + 1}-100-abc")
    held.rename(renamed)
    assert sweep_scratch(base) == ()
    living.communicate("")
    assert sweep_scratch(base) == (renamed,)


def test_what_is_not_such_a_folder_is_left_alone(base: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "kept").write_text("x")
    gone = f"{2**22 + 1}-100"
    (base / f"{PREFIX}{gone}-link").symlink_to(other)
    (base / f"{PREFIX}{gone}-file").write_text("x")
    for name in ("x-y-z", "1-2-3-4", "uv-0.9"):
        (base / f"{PREFIX}{name}").mkdir()
    (base / f"{PREFIX}{gone}-old").mkdir()
    (base / f"{PREFIX}{gone}-old" / "link").symlink_to(other)
    assert [folder.name for folder in sweep_scratch(base)] == [f"{PREFIX}{gone}-old"]
    assert (other / "kept").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process' start is not counted from the machine's")
def test_a_process_is_known_again_after_the_clock_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    started = process_start(os.getpid())
    assert started is not None
    boot = psutil.boot_time()
    monkeypatch.setattr("psutil._pslinux.boot_time", lambda: boot - 86400)
    assert is_running(os.getpid(), started)
    assert not is_running(os.getpid(), started - 10)
    assert process_start(2**22 + 1) is None
