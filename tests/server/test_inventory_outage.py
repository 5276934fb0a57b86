"""An engine that stops, starts again or hangs while the panel is open."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.connection.identity import ROLE_LABEL, user_labels
from jupyter_docker.server.inventory import handlers, monitor
from tests.server.api import Answer, Api, Socket
from tests.server.engine_proxy import engine_proxy

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("known_proxy")]


async def told(socket: Socket, kind: str) -> Any:
    """Return the next message of that kind."""
    async with asyncio.timeout(60):
        async for message in socket:
            if message["type"] == kind:
                return message
    raise AssertionError("the socket was closed")


async def test_every_browser_is_told_when_the_engine_goes_and_comes(api: Api, engine: Engine, tmp_path: Path) -> None:
    async with (
        engine_proxy(tmp_path, engine.endpoint) as proxy,
        api.socket("watch", engine=proxy.url) as one,
        api.socket("watch", engine=proxy.url) as other,
    ):
        for socket in (one, other):
            assert (await told(socket, "engine"))["engine"]["available"]
        proxy.stop()
        for socket in (one, other):
            state = (await told(socket, "engine"))["engine"]
            assert not state["available"]
            assert proxy.url in state["message"]
            assert state["hint"]
        assert (await api.get("images", engine=proxy.url)).status == 503
        await proxy.start()
        for socket in (one, other):
            assert (await told(socket, "engine"))["engine"]["available"]
        assert (await api.get("images", engine=proxy.url)).status == 200


async def test_every_browser_is_told_of_a_container_that_comes_and_goes(api: Api, engine: Engine, base: str) -> None:
    async with api.socket("watch") as one, api.socket("watch") as other:
        for socket in (one, other):
            await told(socket, "engine")
        container = engine.client.containers.create(base, labels={ROLE_LABEL: "detached", **user_labels()})
        for socket in (one, other):
            await told(socket, "inventory")
        assert (await api.delete("containers", str(container.id))).status == 204
        for socket in (one, other):
            await told(socket, "inventory")


async def test_an_engine_that_hangs_holds_up_nothing_else(
    api: Api, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with engine_proxy(tmp_path, engine.endpoint) as proxy:
        proxy.hang()
        asked = [asyncio.ensure_future(api.get("containers", engine=proxy.url)) for _ in range(8)]
        async with asyncio.timeout(60):
            while proxy.hung < 4:  # as many as are asked at once
                await asyncio.sleep(0.01)
        assert (await api.get("jobs")).status == 200
        assert not any(each.done() for each in asked)
        proxy.answer()
        answers: list[Answer] = await asyncio.gather(*asked)
        assert {answer.status for answer in answers} == {200}
        monkeypatch.setattr(handlers, "MEDIUM", 2)
        monkeypatch.setattr(handlers, "SHORT", 2)
        proxy.hang()
        answers = await asyncio.gather(*(api.get("images", engine=proxy.url) for _ in range(6)))
        for answer in answers:
            assert (answer.status, answer.value["error"]) == (503, "EngineUnavailableError")
            assert answer.value["hint"]
        state = (await api.get("engine", engine=proxy.url)).value
        assert not state["available"]
        assert state["hint"]
        proxy.answer()
        monkeypatch.undo()
        assert (await api.get("engine", engine=proxy.url)).value["available"]
        assert (await api.get("containers")).status == 200


async def test_a_watched_engine_that_hangs_is_said_and_comes_back(
    api: Api, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with engine_proxy(tmp_path, engine.endpoint) as proxy, api.socket("watch", engine=proxy.url) as socket:
        assert (await told(socket, "engine"))["engine"]["available"]
        monkeypatch.setattr(monitor, "SHORT", 1)
        proxy.hang()
        state = (await told(socket, "engine"))["engine"]
        assert not state["available"]
        assert state["hint"]
        monkeypatch.undo()
        proxy.answer()
        assert (await told(socket, "engine"))["engine"]["available"]


async def test_a_log_that_breaks_off_with_the_engine_is_not_said_to_be_whole(
    api: Api, engine: Engine, base: str, tmp_path: Path
) -> None:
    script, labels = "echo on; exec sleep 600", {ROLE_LABEL: "detached", **user_labels()}
    container = engine.client.containers.run(base, ["sh", "-c", script], detach=True, labels=labels, init=True)
    try:
        async with (
            engine_proxy(tmp_path, engine.endpoint) as proxy,
            api.socket("containers", str(container.name), "logs", engine=proxy.url) as socket,
        ):
            assert "on" in str(await socket.next())
            proxy.stop()
            async with asyncio.timeout(60):
                assert await socket.next() is None or await socket.next() is None
            assert socket.code == 1011
    finally:
        container.remove(force=True)
