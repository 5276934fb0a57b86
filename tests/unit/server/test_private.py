"""What holds a person's data is its owner's alone, whatever the umask; a planted link is not written through."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_docker.engine.files.runlog import RunLog
from jupyter_docker.kernel.sessions.relay import Overflow
from jupyter_docker.server.jobs.model import JobRequest
from jupyter_docker.server.jobs.process import JobProcess
from jupyter_docker.server.jobs.store import JobStore
from jupyter_docker.values.config import APPLICATION
from jupyter_docker.values.private import make_private_folder, open_new, open_to_append, write_private

ASKED = JobRequest(
    verb="run", notebook="a.ipynb", image="", options={}, kernel_id="", secret_names=(), container="", folder="/",
    words=(), server="",
)  # fmt: skip


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_to_others(folder: Path) -> list[Path]:
    """Return what below ``folder`` another user could get at."""
    found = []
    for root, folders, files in os.walk(folder):
        closed = [name for name in folders if mode(Path(root, name)) & 0o077 == 0]
        folders[:] = [name for name in folders if name not in closed]
        found += [Path(root, name) for name in files if mode(Path(root, name)) & 0o077]
    return found


@pytest.fixture(autouse=True, params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def test_a_new_folder_and_all_that_is_made_above_it(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    made = make_private_folder(tmp_path / "a" / "b" / "c")
    assert [mode(each) for each in (made, made.parent, made.parent.parent)] == [0o700] * 3
    assert mode(tmp_path) == 0o755


def test_a_folder_that_a_person_made_stays_as_it_is_and_this_programs_is_closed(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o775)
    make_private_folder(shared)
    assert mode(shared) == 0o775
    state = tmp_path / APPLICATION
    (state / "runs").mkdir(parents=True)
    state.chmod(0o755)
    make_private_folder(state / "runs")
    assert mode(state) == 0o700


def test_where_a_file_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        make_private_folder(tmp_path / "file")


def test_files_are_private_and_links_are_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "link").symlink_to(victim)
    (tmp_path / "dangling").symlink_to(tmp_path / "not-there")
    for name in ("link", "dangling"):
        with pytest.raises(FileExistsError):
            open_new(tmp_path / name)
        with pytest.raises(OSError, match="symbolic links"):
            open_to_append(tmp_path / name)
    write_private(tmp_path / "link", b"new")
    assert victim.read_text() == "precious"
    assert not (tmp_path / "link").is_symlink()
    with open_new(tmp_path / "new") as new, open_to_append(tmp_path / "log") as log:
        assert (new.write(b"a"), log.write(b"b")) == (1, 1)
    assert {mode(tmp_path / name) for name in ("link", "new", "log")} == {0o600}
    assert not (tmp_path / "not-there").exists()


def test_a_file_that_can_not_be_written_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    with pytest.raises(OSError, match="target"):
        write_private(tmp_path / "target", b"x")
    assert [*tmp_path.iterdir()] == [tmp_path / "target"]


def test_the_log_of_a_run(tmp_path: Path) -> None:
    with RunLog(tmp_path / "state" / "runs", "a", lambda _: None) as log:
        log.add("stdout", b"printed")
    assert log.path is not None
    assert (mode(log.path), mode(log.path.parent)) == (0o600, 0o700)
    overflow = Overflow(tmp_path / "state" / "runs", "b")
    overflow.keep("printed")
    overflow.close()
    assert overflow.path is not None
    assert mode(overflow.path) == 0o600


def test_a_log_goes_through_no_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with RunLog(tmp_path, "a", lambda _: None) as first:
        first.add("stdout", b"printed")
    assert first.path is not None
    first.path.unlink()
    first.path.symlink_to(tmp_path / "victim")
    with RunLog(tmp_path, "a", lambda _: None) as second:
        second.add("stdout", b"printed")
    assert not (tmp_path / "victim").exists()


def test_the_folder_of_a_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    store = JobStore(tmp_path)
    job = store.create(ASKED, {"modules": {}})
    JobProcess.start(job.id, ["--version"], folder=tmp_path, stdout=job.events, stderr=job.stderr)
    assert {mode(each) for each in job.path.iterdir()} == {0o600}
    assert mode(job.path) == 0o700
    assert open_to_others(tmp_path / "state") == []
