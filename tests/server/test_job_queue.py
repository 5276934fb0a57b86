"""At most so many jobs run at once, in order; each can be stopped wherever it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from jupyter_server.serverapp import ServerApp

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.server.jobs.process import JOB_VARIABLE
from tests.server.api import Api, Socket
from tests.server.conftest import WriteNotebook
from tests.server.engine_proxy import engine_proxy

SLEEP = "import time\nprint('ready', flush=True)\ntime.sleep(600)"
STOPS = {"stopping", "cancelled"}
MANY_CELLS = ["x = 1"] * 20_000


async def until(socket: Socket, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Return the first job that a /watch socket tells of and that is as it should be."""
    async for message in socket:
        jobs = message.get("jobs", []) if message["type"] == "jobs" else [message.get("job")]
        for job in filter(None, jobs):
            if condition(job):
                found: dict[str, Any] = job
                return found
    pytest.fail("the socket was closed")


async def test_ten_at_once_run_two_at_a_time_in_order_and_all_end(api: Api, write_notebook: WriteNotebook) -> None:
    notebook = write_notebook("print(1)")
    states: dict[str, str] = {}
    most = 0
    async with api.socket("watch") as socket:
        started = await asyncio.gather(
            *(api.start(notebook, "export", options={"folder": f"out{number}"}) for number in range(10))
        )
        async for message in socket:
            states |= {job["id"]: job["state"] for job in message.get("jobs", ())}
            if message["type"] == "job":
                states[message["job"]["id"]] = message["job"]["state"]
            most = max(most, sum(state == "running" for state in states.values()))
            if len(states) == 10 and set(states.values()) == {"succeeded"}:
                break
    assert most == 2
    jobs = (await api.get("jobs")).value
    assert {job["id"] for job in jobs} == {job["id"] for job in started}
    assert [job["created"] for job in jobs] == sorted((job["created"] for job in jobs), reverse=True)
    assert [job["started"] for job in jobs] == sorted((job["started"] for job in jobs), reverse=True)
    assert all(job["finished"] > job["started"] for job in jobs)


async def test_one_that_waits_never_starts_once_it_is_stopped(
    api: Api, write_notebook: WriteNotebook, jp_serverapp: ServerApp
) -> None:
    notebook = write_notebook("print(1)")
    running = []
    for number in range(2):
        job = await api.start(notebook, "export", options={"folder": f"out{number}"})
        running += processes(job["id"])
        running[-1].suspend()
    last = await api.start(notebook, "export", options={"folder": "never"})
    assert last["state"] == "queued"
    for _ in range(2):
        ended = await api.post("jobs", last["id"], "cancel")
        assert (ended.value["state"], ended.value["started"]) == ("cancelled", "")
    for process in running:
        process.resume()
    for job in (await api.get("jobs")).value:
        await api.ended(job["id"])
    assert (await api.get("jobs", last["id"])).value["state"] == "cancelled"
    assert not (Path(jp_serverapp.root_dir) / "never").exists()


async def test_a_job_that_exports_is_stopped_and_every_browser_sees_it(
    api: Api, write_notebook: WriteNotebook, jp_root_dir: Path
) -> None:
    notebook = write_notebook(*MANY_CELLS)
    async with api.socket("watch") as other:
        job = await api.start(notebook, "export")
        assert (await api.delete("jobs", job["id"])).status == 409
        await until(other, lambda one: one["id"] == job["id"] and one["step"] in {"export", "freeze"})
        await api.post("jobs", job["id"], "cancel")
        await asyncio.wait_for(until(other, lambda one: one["state"] in STOPS), 1)
        ended = await api.ended(job["id"])
    assert ended["state"] == "cancelled"
    assert processes(job["id"]) == []
    assert not (jp_root_dir / "analysis-container").exists()


async def test_one_that_does_not_stop_is_killed_the_third_time(api: Api, write_notebook: WriteNotebook) -> None:
    job = await api.start(write_notebook("print(1)"), "export")
    processes(job["id"])[0].suspend()
    for _ in range(2):
        assert (await api.post("jobs", job["id"], "cancel")).value["state"] == "stopping"
    await api.post("jobs", job["id"], "cancel")
    ended = await api.ended(job["id"])
    assert (ended["state"], ended["summary"]) == ("cancelled", "It was stopped.")


@pytest.mark.engine
async def test_a_job_that_builds_is_stopped(api: Api, write_notebook: WriteNotebook, engine: Engine) -> None:
    job = await api.start(
        write_notebook("print('build me')", name="job-building"), "build", options={"no_cache": True, "apt": ["cowsay"]}
    )
    async with api.socket("watch") as socket:
        await until(socket, lambda one: one["step"] == "build")
        await api.post("jobs", job["id"], "cancel")
        ended = await until(socket, lambda one: one["finished"] != "")
    assert (ended["state"], ended["error"]) == ("cancelled", "InterruptedRunError")
    assert processes(job["id"]) == []


@pytest.mark.engine
async def test_a_job_that_runs_is_stopped_and_a_second_time_killed(
    api: Api, write_notebook: WriteNotebook, engine: Engine
) -> None:
    stubborn = f"import signal\nsignal.signal(signal.SIGTERM, lambda *_: print('no', flush=True))\n{SLEEP}"
    polite, deaf = write_notebook(SLEEP, name="job-polite"), write_notebook(stubborn, name="job-deaf")
    for notebook, times in ((polite, 1), (deaf, 2)):
        ended = await stopped(api, notebook, times)
        assert ended["state"] == "cancelled"
        assert ended["container"].startswith(notebook.removesuffix(".ipynb"))
        assert engine.client.containers.list(all=True, filters={"name": ended["container"]}) == []


async def stopped(api: Api, notebook: str, times: int) -> dict[str, Any]:
    """Run a notebook until it prints that it is ready, stop it so many times, and return how the job ended."""
    async with api.socket("watch") as other:
        job = await api.start(notebook)
        await printed(api, job["id"], "ready\n")
        await api.post("jobs", job["id"], "cancel")
        seen = await asyncio.wait_for(until(other, lambda one: one["id"] == job["id"] and one["state"] in STOPS), 1)
        for _ in range(times - 1):
            await api.post("jobs", job["id"], "cancel")
        if seen["finished"]:
            return seen
        return await until(other, lambda one: one["id"] == job["id"] and one["finished"] != "")


async def printed(api: Api, job: str, text: str) -> None:
    """Wait until the job's container has printed it."""
    seen = ""
    async with api.socket("jobs", job, "events") as socket:
        async for batch in socket:
            seen += "".join(event["text"] for event in batch if event["type"] == "Log" and event["step"] == "run")
            if text in seen:
                return
    pytest.fail("it ended without printing that")


def processes(job: str) -> list[psutil.Process]:
    """Return what runs for a job, and its children."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(JOB_VARIABLE) == job and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.mark.usefixtures("known_proxy")
async def test_a_job_whose_engine_never_answers_holds_up_nothing_and_is_stopped(
    api: Api, write_notebook: WriteNotebook, tmp_path: Path
) -> None:
    notebook = write_notebook("print(1)")
    async with engine_proxy(tmp_path, "unix:///nowhere.sock") as proxy:
        proxy.hang()
        job = await api.start(notebook, options={"engine": proxy.url})
        while not proxy.hung:
            await asyncio.sleep(0.1)
        hung = [asyncio.ensure_future(api.get("images", engine=proxy.url)) for _ in range(8)]
        other = await api.start(notebook, "export")
        assert (await api.ended(other["id"]))["state"] == "succeeded"
        await api.post("jobs", job["id"], "cancel")
        assert (await api.ended(job["id"]))["state"] == "cancelled"
        proxy.stop()
        assert {answer.status for answer in await asyncio.gather(*hung)} == {503}
