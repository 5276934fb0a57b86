"""Jobs from the request to their end."""

from __future__ import annotations

from pathlib import Path

from tests.server.api import Api
from tests.server.conftest import WriteNotebook


async def test_an_export_is_started_followed_and_listed(
    api: Api, write_notebook: WriteNotebook, jp_root_dir: Path
) -> None:
    job = await api.start(write_notebook("print(1)"), "export")
    async with api.socket("jobs", job["id"], "events") as socket:
        events = [event async for batch in socket for event in batch]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[-1]["type"] == "Finished"
    assert socket.code == 1000
    ended = (await api.get("jobs", job["id"])).value
    assert (ended["state"], ended["seq"], ended["exit_code"]) == ("succeeded", len(events), 0)
    assert (jp_root_dir / "analysis-container" / "Dockerfile").is_file()
    assert (await api.get("jobs")).value == [ended]


async def test_every_browser_sees_a_job_begin_and_end(api: Api, write_notebook: WriteNotebook) -> None:
    async with api.socket("watch") as first, api.socket("watch") as second:
        assert await first.next() == {"type": "jobs", "jobs": []}
        job = await api.start(write_notebook("print(1)"), "export")
        for socket in (first, second):
            async for message in socket:
                if message["type"] == "job" and message["job"]["state"] == "succeeded":
                    assert message["job"]["id"] == job["id"]
                    break
        assert (await api.delete("jobs", job["id"])).status == 204
        for socket in (first, second):
            async for message in socket:
                if message["type"] == "gone":
                    assert message == {"type": "gone", "id": job["id"]}
                    break
