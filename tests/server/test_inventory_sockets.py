"""The log of a container as it comes, and what happens when its reader or the server goes."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

import psutil
import pytest
from tornado.httpclient import HTTPClientError

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.containers.containers import Running, start_detached
from jupyter_docker.engine.containers.lifecycle import remove
from jupyter_docker.server.piped import arguments, handed
from jupyter_docker.values.container_spec import RunSpec
from jupyter_docker.values.errors import MissingError
from tests.server.api import Api, Socket

pytestmark = pytest.mark.engine
Start: TypeAlias = Callable[[str], Running]
_STILL = 4  # looks in a row at a process that show the same, where it is held up
_LEAST = 1_000_000  # bytes that it has written by then


@pytest.fixture
def start(engine: Engine, base: str) -> Iterator[Start]:
    """Start a container of ours that runs shell words."""
    started = []

    def run(script: str) -> Running:
        running = start_detached(engine, RunSpec(image=base, command=("sh", "-c", script)), lambda _: None)
        started.append(running.name)
        return running

    yield run
    for name in started:
        with suppress(MissingError):
            remove(engine, name, force=True)


def followers(name: str) -> list[psutil.Process]:
    """Return the processes that follow the container's log."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if {"logs", "--follow", name} <= set(process.info["cmdline"] or [])
    ]


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


async def printed(socket: Socket, text: str) -> None:
    """Read until the container has printed ``text``."""
    seen = ""
    while text not in seen:
        batch = await socket.next()
        assert batch is not None
        seen += "".join(event["text"] for event in batch)


async def test_all_lines_in_order_until_the_container_ends(api: Api, start: Start) -> None:
    name = start("for i in $(seq 3000); do echo line $i; done; sleep 1; echo later >&2; printf end").name
    async with api.socket("containers", name, "logs") as socket:
        events = [event async for batch in socket for event in batch]
    out = "".join(event["text"] for event in events if event["stream"] == "stdout")
    assert out.splitlines() == [*(f"line {number}" for number in range(1, 3001)), "end"]
    assert "".join(event["text"] for event in events if event["stream"] == "stderr") == "later\n"
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert socket.code == 1000
    async with api.socket("containers", name, "logs", tail="1") as socket:
        assert [event["text"] async for batch in socket for event in batch][-1] == "end"
    assert not followers(name)


async def test_a_slow_reader_slows_the_reading_down_and_loses_nothing(api: Api, start: Start, engine: Engine) -> None:
    name = start(f"yes {'x' * 99} | head -n 200000; echo end").name
    async with api.socket("containers", name, "logs") as socket:
        texts = [event["text"] for event in await socket.next()]
        (follower,) = followers(name)
        await until(lambda: engine.client.containers.get(name).status == "exited")  # nothing more is waited for
        looks: list[Look] = []
        async with asyncio.timeout(120):
            while len({*looks[-_STILL:]}) != 1 or len(looks) < _STILL:
                looks.append(await look_at(follower))
        assert looks[-1].is_asleep
        assert _LEAST < looks[-1].passed < 15_000_000  # of 20 MB, what the system itself keeps of a connection
        texts += [event["text"] async for batch in socket for event in batch]
    assert "".join(texts) == f"{'x' * 99}\n" * 200_000 + "end\n"


@dataclass(frozen=True)
class Look:
    """What a process has written, the seconds that it computed for, and whether it waits for something."""

    passed: int
    worked: float
    is_asleep: bool


async def look_at(process: psutil.Process) -> Look:
    await asyncio.sleep(0.5)
    return Look(process.io_counters().write_chars, process.cpu_times().user, process.status() == "sleeping")


async def test_a_reader_that_goes_takes_its_process_along_and_not_the_container(
    api: Api, start: Start, engine: Engine
) -> None:
    name = start("echo here; exec sleep 600").name
    async with api.socket("containers", name, "logs") as socket:
        await printed(socket, "here")
        assert len(followers(name)) == 1
    await until(lambda: not followers(name))
    assert engine.client.containers.get(name).status == "running"


async def test_a_container_removed_meanwhile_ends_its_socket(api: Api, start: Start) -> None:
    name = start("echo here; exec sleep 600").name
    async with api.socket("containers", name, "logs") as socket:
        await printed(socket, "here")
        assert (await api.delete("containers", name)).status == 204
        async for _ in socket:
            pass
    assert socket.code == 1000


async def refusal(api: Api, name: str, **params: str) -> int:
    """Return the status that a socket is refused with."""
    with pytest.raises(HTTPClientError) as caught:
        async with api.socket("containers", name, "logs", **params):
            pass
    return caught.value.code


async def test_a_socket_that_has_nothing_to_send_is_refused(
    api: Api, engine: Engine, base: str, start: Start, allow_engine: Callable[[str], None]
) -> None:
    allow_engine("unix:///nowhere/docker.sock")
    ours = start("exec sleep 600").name
    assert await refusal(api, "nowhere-at-all") == 404
    assert (await api.get("containers", "nowhere-at-all", "logs")).value["error"] == "MissingError"
    assert await refusal(api, ours, tail="x") == 400
    assert await refusal(api, ours, engine="unix:///nowhere/docker.sock") == 503
    stranger = engine.client.containers.create(base)
    try:
        assert await refusal(api, str(stranger.id)) == 404
    finally:
        stranger.remove()


def test_a_command_ends_with_the_server_that_started_it(start: Start) -> None:
    name = start("echo here; exec sleep 600").name
    words = ["logs", "--follow", "--json", name]
    with subprocess.Popen([sys.executable, *arguments(words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(handed(words, tied=True))
        child.stdin.flush()
        assert json.loads(child.stdout.readline())["text"] == "here\n"
        child.stdin.close()  # as when the server is killed
        assert child.wait(timeout=60) != 0
