"""What a full disk, a power cut or a file system without hard links does to the jobs that are kept."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path
from typing import Any

import pytest

from jupyter_docker.server.jobs import store
from jupyter_docker.server.jobs.events import EventLines
from jupyter_docker.server.jobs.manager import JobReaders
from jupyter_docker.server.jobs.store import JobFolder, JobStore
from tests.server.api import Api
from tests.server.conftest import WriteNotebook
from tests.server.test_job_queue import MANY_CELLS


def full(*_: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def jobs(jp_root_dir: Path) -> JobStore:
    return JobStore(jp_root_dir)


def hidden(path: Path) -> list[str]:
    return [each.name for each in path.rglob(".*")]


async def test_a_job_was_made_when_its_id_says(api: Api, write_notebook: WriteNotebook) -> None:
    job = await api.start(write_notebook("print(1)"), "export", options={"folder": "out"})
    assert re.sub(r"\D", "", job["created"]).startswith(job["id"].rpartition("-")[0].replace("-", ""))


async def test_a_full_disk_keeps_no_job_from_being_stopped(
    api: Api, write_notebook: WriteNotebook, jobs: JobStore, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = write_notebook(*MANY_CELLS)
    job = await api.start(notebook, "export", options={"folder": "out"})
    monkeypatch.setattr(store, "_write", full)
    refused = await api.post("jobs", body={"verb": "export", "notebook": notebook, "options": {"folder": "other"}})
    assert refused.status == 507
    assert "No space left" in refused.value["message"]
    assert "Free some space" in refused.value["hint"]
    assert (await api.post("jobs", job["id"], "cancel")).status == 200
    assert (await api.ended(job["id"]))["state"] == "cancelled"
    assert jobs.ids() == [job["id"]]
    assert not hidden(state)


async def test_a_full_disk_starts_no_job_and_shows_those_there_are(
    api: Api, write_notebook: WriteNotebook, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    notebook = write_notebook("print(1)")
    written = store._write

    def only_what_was_asked(path: Path, value: dict[str, Any]) -> None:
        (written if path.name.startswith(".asked") else full)(path, value)

    monkeypatch.setattr(store, "_write", only_what_was_asked)
    job = await api.start(notebook, "export", options={"folder": "out"})
    for _ in range(3):
        assert [each["state"] for each in (await api.get("jobs")).value] == ["queued"]
    assert sum("can't be kept up to date" in record.message for record in caplog.records) == 1
    monkeypatch.setattr(store, "_write", written)
    assert (await api.ended(job["id"]))["state"] == "succeeded"


@pytest.mark.parametrize("name", ["claim", "process", "stop"])
async def test_a_damaged_file_of_one_job_leaves_the_others(
    api: Api, write_notebook: WriteNotebook, jobs: JobStore, jp_root_dir: Path, name: str
) -> None:
    notebook = write_notebook("print(1)")
    first, second = [await api.start(notebook, "export", options={"folder": f"out{n}"}) for n in range(2)]
    for job in (first, second):
        await api.ended(job["id"])
    folder = jobs.folder(first["id"])
    (folder.path / "ended.json").unlink()
    folder.events.write_bytes(b'{"v": 1, "seq": 1, "type": "Finished", "sum\0\0')
    (folder.path / f"{name}.json").write_bytes(b"")
    found = JobReaders(jobs, str).read()
    assert found[second["id"]].state == "succeeded"
    assert found[first["id"]].state == ("cancelled" if name == "stop" else "lost")


async def test_how_a_job_ended_is_known_without_its_events(
    api: Api, write_notebook: WriteNotebook, jobs: JobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await api.start(write_notebook("print(1)"), "export", options={"folder": "out"})
    known = await api.ended(job["id"])
    monkeypatch.delattr(EventLines, "read")
    assert JobReaders(jobs, str).read()[job["id"]].as_json() == {
        **known,
        "fixes": tuple(known["fixes"]),
        "outputs": tuple(known["outputs"]),
        "secret_names": (),
    }


def test_one_of_two_adds_where_there_are_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    folder = JobFolder(tmp_path / "job")
    folder.path.mkdir()
    assert folder.add("claim", {"server": "1"})
    assert not folder.add("claim", {"server": "2"})
    assert folder.read("claim") == {"server": "1"}
    assert [path.name for path in folder.path.iterdir()] == ["claim.json"]
