"""Work on an event loop of its own thread, with its events emitted here, where an interrupt reaches us."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from queue import SimpleQueue
from threading import Thread

from jupyter_docker.values import Emit, Event


class Background:
    """Runs one coroutine in a thread; ``emit`` may be called there. The notebook's own kernel has a loop that runs."""

    def __init__(self, work: Callable[[Emit], Awaitable[None]]) -> None:
        self._work = work
        self._queue: SimpleQueue[Event | None] = SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None
        self._failure: BaseException | None = None

    def run(self, emit: Emit) -> None:
        """Run it to its end and raise what it raised; on KeyboardInterrupt cancel it, await that, and raise it again.

        What it does to clean up is not cut short by further interrupts.
        """
        thread = Thread(target=self._main, name="notebook", daemon=True)
        thread.start()
        interrupted = False
        while True:
            try:
                event = self._queue.get()
                if event is None:
                    break
                emit(event)
            except KeyboardInterrupt:
                interrupted = True
                self._loop.call_soon_threadsafe(self._cancel)
        thread.join()
        if interrupted:
            raise KeyboardInterrupt
        if self._failure is not None:
            raise self._failure

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _main(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._run())
        except BaseException as error:  # noqa: BLE001 - raised again, in the other thread
            self._failure = error
        finally:
            self._queue.put(None)

    async def _run(self) -> None:
        self._task = asyncio.current_task()
        await self._work(self._queue.put)
