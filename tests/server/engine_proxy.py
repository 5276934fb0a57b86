"""A socket in front of the engine's that a test closes, opens again, and lets hang."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path


class EngineProxy:
    """Listens at ``url`` and passes on what it is sent, unless it is stopped or hangs."""

    def __init__(self, path: Path, upstream: str) -> None:
        self.url = f"unix://{path}"
        self.hung = 0  # connections that got no answer
        self._path, self._upstream = path, upstream.removeprefix("unix://")
        self._server: asyncio.Server | None = None
        self._passing: set[asyncio.Task[None]] = set()
        self._answering = asyncio.Event()
        self._answering.set()

    async def start(self) -> None:
        """Take connections."""
        self._server = await asyncio.start_unix_server(self._take, self._path)

    def stop(self) -> None:
        """Take none, and cut those that there are, as an engine that is stopped."""
        if self._server is not None:
            self._server.close()
            self._server = None
            self._path.unlink(missing_ok=True)
        for task in self._passing:
            task.cancel()

    def hang(self) -> None:
        """Take connections, but answer nothing."""
        self._answering.clear()

    def answer(self) -> None:
        """Answer again, also what has waited."""
        self._answering.set()

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._pass(reader, writer))
        self._passing.add(task)
        task.add_done_callback(self._passing.discard)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.hung += not self._answering.is_set()
        with suppress(OSError, asyncio.CancelledError):
            await self._answering.wait()
            far_reader, far_writer = await asyncio.open_unix_connection(self._upstream)
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(_copy(reader, far_writer))
                    group.create_task(_copy(far_reader, writer))
            finally:
                far_writer.close()
        writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.write_eof()


@asynccontextmanager
async def engine_proxy(folder: Path, upstream: str) -> AsyncIterator[EngineProxy]:
    """A proxy in front of the engine at ``upstream`` that takes connections."""
    proxy = EngineProxy(folder / "engine.sock", upstream)
    await proxy.start()
    try:
        yield proxy
    finally:
        proxy.answer()
        proxy.stop()
