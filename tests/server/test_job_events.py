"""The events of a job over a socket: all, once, in order, whenever one attaches, and never all in memory."""

from __future__ import annotations

import asyncio
import json
import os
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Any

import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.server.jobs.events import EventLines
from jupyter_docker.values.events import Log, to_json
from tests.server.api import Api
from tests.server.conftest import WriteNotebook

COUNTING = "import time\nfor number in range(30):\n    print(number, flush=True)\n    time.sleep(0.1)"
FLOOD = "for number in range(100_000):\n    print(number)"


def printed(events: list[dict[str, Any]]) -> list[str]:
    return "".join(each["text"] for each in events if each["type"] == "Log" and each["step"] == "run").splitlines()


@pytest.mark.engine
async def test_a_socket_that_is_dropped_in_the_middle_loses_nothing(
    api: Api, write_notebook: WriteNotebook, engine: Engine
) -> None:
    job = await api.start(write_notebook(COUNTING, name="job-counting"))
    events: list[dict[str, Any]] = []
    async with api.socket("jobs", job["id"], "events") as socket:
        async for batch in socket:
            events += batch
            if len(printed(events)) >= 10:
                break
    while len((await api.get("jobs", job["id"], "log", step="run")).value.splitlines()) < 20:
        await asyncio.sleep(0.1)
    assert len(printed(events)) < 20
    async with api.socket("jobs", job["id"], "events", since=str(events[-1]["seq"])) as socket:
        events += [event async for batch in socket for event in batch]
        assert socket.code == 1000
    assert printed(events) == [str(number) for number in range(30)]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert (await api.get("jobs", job["id"])).value["state"] == "succeeded"
    assert (await api.get("jobs", job["id"], "log", step="run")).value.splitlines() == printed(events)


@pytest.mark.engine
async def test_a_flood_leaves_the_server_answering(api: Api, write_notebook: WriteNotebook, engine: Engine) -> None:
    job = await api.start(write_notebook(FLOOD, name="job-flood"))
    events: list[dict[str, Any]] = []
    answered = 0
    async with api.socket("jobs", job["id"], "events") as socket:
        async for batch in socket:
            events += batch
            assert (await api.get("jobs", job["id"])).status == 200
            answered += 1
    assert answered > 5
    assert printed(events) == [str(number) for number in range(100_000)]


async def test_a_slow_client_slows_the_reading_down(
    api: Api, write_notebook: WriteNotebook, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await api.start(write_notebook("print(1)"), "export")
    await api.ended(job["id"])
    (file,) = state.rglob(f"{job['id']}/events.jsonl")
    line = "x" * 1000
    with file.open("w") as out:
        out.writelines(json.dumps(to_json(Log(step="run", text=line), seq)) + "\n" for seq in range(1, 100_001))
    taken = 0

    def read(lines: EventLines) -> Any:
        nonlocal taken
        events = original(lines)
        taken += len(events)
        return events

    original = EventLines.read
    monkeypatch.setattr(EventLines, "read", read)
    async with api.socket("jobs", job["id"], "events") as socket:
        while not taken or taken != await later(lambda: taken):
            pass
        assert taken < 50_000  # of 100 MB, what the system itself keeps of a connection
        largest, seqs = 0, []
        async for batch in socket:
            largest = max(largest, len(batch))
            seqs += [event["seq"] for event in batch]
    assert seqs == list(range(1, 100_001))
    assert largest < 1000
    assert (await api.get("jobs", job["id"], "log")).value == line * 100_000


async def later(value: Any) -> Any:
    await asyncio.sleep(1)
    return value()


def test_an_event_that_is_still_being_written_waits(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    lines = EventLines(file)
    assert lines.read() == []
    texts = [json.dumps(to_json(Log(step="run", text=text), seq)) for seq, text in enumerate(["a\r", "é\n"], 1)]
    file.write_text(f"{texts[0]}\nDownloading…\n{texts[1][:20]}")
    assert [(event.seq, event.type) for event in lines.read()] == [(1, "Log")]
    assert lines.read() == []
    file.write_text(f"{texts[0]}\nDownloading…\n{texts[1]}\n")
    assert [event.text.decode() for event in lines.read()] == [texts[1]]
    assert lines.read() == []
    assert [event.seq for event in EventLines(file, since=1).read()] == [2]


def test_no_event_is_lost_where_its_line_grows_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "events.jsonl"
    text = "".join(f"{json.dumps(to_json(Log(step='run', text='x' * seq), seq))}\n" for seq in range(1, 101)).encode()
    pieces = [text[at : at + 61] for at in range(0, len(text), 61)]
    growing = os.open(file, os.O_WRONLY | os.O_CREAT)

    class Growing(FileIO):
        def readinto(self, buffer: Any) -> int:
            count = super().readinto(buffer)
            if not count:
                os.write(growing, pieces.pop(0) if pieces else b"")
            return count

    monkeypatch.setattr(Path, "open", lambda path, *_, **__: BufferedReader(Growing(path)))
    lines = EventLines(file)
    seqs: list[int] = []
    while pieces:
        seqs += [event.seq for event in lines.read()]
    seqs += [event.seq for event in lines.read()]
    os.close(growing)
    assert seqs == [*range(1, 101)]
