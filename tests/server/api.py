"""The extension as the panel asks it: requests in JSON, and sockets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from tornado.httpclient import HTTPResponse
from tornado.websocket import WebSocketClientConnection

from tests.server.contract import check_answer, check_message

Fetch: TypeAlias = Callable[..., Awaitable[HTTPResponse]]
Connect: TypeAlias = Callable[..., Awaitable[WebSocketClientConnection]]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a request came to: its status, and the JSON or else the text that came with it."""

    status: int
    value: Any


class Socket:
    """An open socket; ``code`` is what it was closed with."""

    def __init__(self, connection: WebSocketClientConnection, path: tuple[str, ...]) -> None:
        self.connection = connection
        self._path = path

    @property
    def code(self) -> int | None:
        return self.connection.close_code

    async def __aiter__(self) -> AsyncIterator[Any]:
        while (message := await self.connection.read_message()) is not None:
            yield self._read(message)

    async def next(self) -> Any:
        """Return the next message; None where the socket was closed."""
        message = await self.connection.read_message()
        return None if message is None else self._read(message)

    def _read(self, message: str | bytes) -> Any:
        value = json.loads(message)
        check_message(self._path, value)
        return value


class Api:
    """The extension of the server that the fixtures started; every answer is held against its description."""

    def __init__(self, fetch: Fetch, connect: Connect) -> None:
        self._fetch = fetch
        self._connect = connect

    async def get(self, *path: str, **params: str) -> Answer:
        return await self._ask("GET", path, params=params)

    async def post(self, *path: str, body: Any = None, **params: str) -> Answer:
        return await self._ask("POST", path, body=json.dumps({} if body is None else body), params=params)

    async def post_text(self, *path: str, body: str | bytes) -> Answer:
        return await self._ask("POST", path, body=body)

    async def delete(self, *path: str, **params: str) -> Answer:
        return await self._ask("DELETE", path, params=params)

    async def start(self, notebook: str, verb: str = "run", **fields: Any) -> dict[str, Any]:
        """Start a job and return it."""
        answer = await self.post("jobs", body={"verb": verb, "notebook": notebook, **fields})
        assert answer.status == 201, answer
        job: dict[str, Any] = answer.value
        return job

    async def ended(self, job: str) -> dict[str, Any]:
        """Wait until a job has ended, by its events, and return it."""
        async with self.socket("jobs", job, "events") as socket:
            async for _ in socket:
                pass
        answer = await self.get("jobs", job)
        value: dict[str, Any] = answer.value
        return value

    @asynccontextmanager
    async def socket(self, *path: str, **params: str) -> AsyncIterator[Socket]:
        """Open a socket; raises HTTPClientError where it is refused."""
        connection = await self._connect("containerize", *path, params=params)
        try:
            yield Socket(connection, path)
        finally:
            connection.close()

    async def _ask(self, method: str, path: tuple[str, ...], **options: Any) -> Answer:
        answer = await self._fetch("containerize", *path, method=method, raise_error=False, **options)
        text = answer.body.decode()
        value = json.loads(text) if _is_json(answer) and text else text
        check_answer(method, path, answer.code, value)
        return Answer(status=answer.code, value=value)


def _is_json(answer: HTTPResponse) -> bool:
    return answer.headers.get("Content-Type", "").startswith("application/json")
