"""The log of a run is whole, and the run goes on without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_docker.engine.files.runlog import RunLog
from jupyter_docker.values.events import Event, Log, Warned


def test_bytes_are_kept_as_they_came_and_emitted_as_text(tmp_path: Path) -> None:
    events: list[Event] = []
    with RunLog(tmp_path / "new/logs", "penguins", events.append) as log:
        log.add("stdout", b"caf\xc3")
        log.add("stderr", b"\xff\r")
        log.add("stdout", b"\xa9\n\xe2")
        assert log.path is not None
        assert log.path.read_bytes() == b"caf\xc3\xff\r\xa9\n\xe2"
    assert events == [
        Log(step="run", text="caf", stream="stdout"),
        Log(step="run", text="\ufffd\r", stream="stderr"),
        Log(step="run", text="é\n", stream="stdout"),
        Log(step="run", text="\ufffd", stream="stdout"),
    ]
    assert log.path.parent == tmp_path / "new/logs"
    assert log.path.name.startswith("penguins-")
    assert log.files_folder == log.path.with_name(f"{log.path.stem}-files")


def test_two_logs_of_one_name_are_two_files(tmp_path: Path) -> None:
    with RunLog(tmp_path, "penguins", print) as one, RunLog(tmp_path, "penguins", print) as other:
        one.add("stdout", b"")
        other.add("stdout", b"")
    assert one.path != other.path
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no full device")
def test_a_full_disk_is_said_once_and_the_text_still_comes(tmp_path: Path) -> None:
    events: list[Event] = []
    with RunLog(tmp_path, "penguins", events.append) as log:
        assert log._file is not None
        log._file.close()
        log._file = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115 - the log closes it
        log.add("stdout", b"one")
        log.add("stdout", b"two")
    assert [event.text for event in events if isinstance(event, Log)] == ["one", "two"]
    (warned,) = [event for event in events if isinstance(event, Warned)]
    assert "No space left on device" in warned.message
