"""Threads for calls that wait: to the engine, to the disk. The event loop never does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Value = TypeVar("Value")


class BlockingPool:
    """Runs blocking calls, at most ``size`` at once; the others wait their turn."""

    def __init__(self, size: int) -> None:
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="containerize")

    async def run(self, call: Callable[[], Value]) -> Value:
        """Return the call's value, or raise what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    def close(self) -> None:
        """Take no more calls, and forget those that wait."""
        self._threads.shutdown(wait=False, cancel_futures=True)
