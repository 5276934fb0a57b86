"""Every request about an engine that talks nonsense, or a byte at a time, is answered in words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from jupyter_docker.server.inventory import handlers
from jupyter_docker.server.inventory.limit import within
from tests.server.api import Answer, Api
from tests.unit.nonsense_engine import CASES, nonsense_engine

ROUTES: tuple[tuple[str, ...], ...] = (
    ("get", "engine"), ("get", "images"), ("get", "containers"), ("get", "prune"), ("post", "prune"),
    ("delete", "images", "a"), ("delete", "containers", "a"), ("post", "containers", "a", "stop"),
)  # fmt: skip


@pytest.fixture
def socket(tmp_path: Path, allow_engine: Callable[[str], None]) -> Path:
    """Where the engine of a test listens, which the server knows."""
    path = tmp_path / "nonsense.sock"
    allow_engine(f"unix://{path}")
    return path


async def ask(api: Api, route: tuple[str, ...], engine: Path) -> Answer:
    method, *path = route
    if method == "post":
        return await api.post(*path, body={"items": []}, engine=f"unix://{engine}")
    return await (api.get if method == "get" else api.delete)(*path, engine=f"unix://{engine}")


def check_words(answer: Answer, what: Any) -> None:
    """Fail where the answer is neither a value, which `Api` has held against its description, nor an error in words."""
    assert answer.status != 500, (what, answer)
    if answer.status >= 400:
        assert answer.status in {404, 502, 503}, (what, answer)
        assert answer.value["message"], what
        assert "Traceback" not in str(answer.value), what


@pytest.mark.parametrize("knows_version", [True, False], ids=["after a good start", "from the start"])
async def test_nonsense_is_said_in_words(
    knows_version: bool, api: Api, socket: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with nonsense_engine(socket) as engine:
        engine.knows_version = knows_version
        for engine.case in CASES:
            for route in ROUTES:
                check_words(await ask(api, route, socket), (engine.case, route))
            with pytest.raises(HTTPClientError) as refused:
                async with api.socket("containers", "a", "logs", engine=f"unix://{socket}"):
                    pass
            assert refused.value.code in {404, 502, 503}, engine.case
    assert not [record for record in caplog.records if record.exc_info]
    assert (await api.get("jobs")).status == 200


@asynccontextmanager
async def dripping_engine(path: Path) -> AsyncIterator[None]:
    """Serve at a socket an answer that comes a byte at a time, and never ends: no read of it takes long."""

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n[")
            while not ended.is_set():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.02)
        writer.close()

    ended = asyncio.Event()
    server = await asyncio.start_unix_server(drip, path)
    try:
        yield
    finally:
        ended.set()
        server.close()
        await server.wait_closed()


async def test_an_engine_that_answers_a_byte_at_a_time_holds_up_nothing_else(
    api: Api, socket: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def limited(_: int, call: Awaitable[Any]) -> Any:
        asked = asyncio.ensure_future(call)
        await seen.wait()
        return await within(1, asked)

    seen = asyncio.Event()
    monkeypatch.setattr(handlers, "within", limited)
    async with dripping_engine(socket):
        asked = [asyncio.ensure_future(ask(api, route, socket)) for route in ROUTES]
        assert (await api.get("jobs")).status == 200
        assert not any(each.done() for each in asked)
        seen.set()
        answers = dict(zip(ROUTES, await asyncio.gather(*asked), strict=True))
    state = answers.pop(("get", "engine")).value
    assert not state["available"]
    assert state["hint"]
    for route, answer in answers.items():
        check_words(answer, route)
        assert answer.status == 503, (route, answer)
