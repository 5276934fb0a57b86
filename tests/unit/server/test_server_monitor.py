"""The engine is asked while somebody watches; each watcher is told of its state at once, and of what changes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from jupyter_docker.server.inventory import limit, monitor
from jupyter_docker.server.inventory.monitor import EngineMonitor
from jupyter_docker.server.inventory.state import EngineState
from jupyter_docker.server.pool import BlockingPool
from jupyter_docker.values.errors import EngineUnavailableError

UP, DOWN = EngineState(available=True, name="Docker"), EngineState(available=False, message="gone", hint="start it")


def engine(state: EngineState) -> dict[str, Any]:
    return {"type": "engine", "engine": state.as_json()}


class Engine:
    """An engine that a test turns off and on; ``asked`` counts."""

    def __init__(self) -> None:
        self.seen, self.asked = (UP, 1), 0

    def look(self, name: str) -> tuple[EngineState, int]:
        assert name == "mine"
        self.asked += 1
        return self.seen

    async def asked_again(self) -> None:
        before = self.asked
        while self.asked < before + 2:
            await asyncio.sleep(0.001)


Script = Callable[[EngineMonitor, Engine], Awaitable[None]]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Callable[[Script], None]:
    def run(script: Script) -> None:
        fake, pool = Engine(), BlockingPool(1)
        monkeypatch.setattr(monitor, "look", fake.look)

        async def main() -> None:
            watcher = EngineMonitor(pool, interval=0.001)
            await script(watcher, fake)
            watcher.close()

        asyncio.run(main())
        pool.close()

    return run


def test_each_change_is_told_once_to_each(play: Callable[[Script], None]) -> None:
    async def script(watch: EngineMonitor, fake: Engine) -> None:
        first, second = list[Any](), list[Any]()
        watch.subscribe("mine", first.append)
        await fake.asked_again()
        assert first == [engine(UP)]
        watch.subscribe("mine", second.append)
        await fake.asked_again()
        assert second == [engine(UP)]
        for seen in ((UP, 2), (DOWN, 0), (UP, 3)):
            fake.seen = seen
            await fake.asked_again()
        assert first == second
        inventory = {"type": "inventory"}
        assert first == [engine(UP), inventory, engine(DOWN), inventory, engine(UP), inventory]

    play(script)


def test_nobody_is_told_who_left_and_no_engine_asked_that_nobody_watches(play: Callable[[Script], None]) -> None:
    async def script(watch: EngineMonitor, fake: Engine) -> None:
        told, kept = list[Any](), list[Any]()
        leave, stay = watch.subscribe("mine", told.append), watch.subscribe("mine", kept.append)
        leave()
        await fake.asked_again()
        assert (told, kept) == ([], [engine(UP)])
        stay()
        stay()
        await asyncio.sleep(0.02)
        asked = fake.asked
        await asyncio.sleep(0.02)
        assert fake.asked == asked
        watch.subscribe("mine", told.append)
        await fake.asked_again()
        assert told == [engine(UP)]

    play(script)


def test_a_hung_engine_is_not_available_and_comes_back(
    play: Callable[[Script], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(watch: EngineMonitor, fake: Engine) -> None:
        told = list[Any]()
        released = asyncio.Event()

        async def hangs(_seconds: int, call: Awaitable[Any]) -> Any:
            if released.is_set():
                return await call
            return await limit.within(0, call)

        monkeypatch.setattr(monitor, "within", hangs)
        watch.subscribe("mine", told.append)
        while not told:
            await asyncio.sleep(0.001)
        assert not told[0]["engine"]["available"]
        assert told[0]["engine"]["hint"]
        released.set()
        await fake.asked_again()
        assert told[1] == engine(UP)

    play(script)


def test_a_call_has_a_time_limit() -> None:
    with pytest.raises(EngineUnavailableError, match="0 seconds") as caught:
        asyncio.run(limit.within(0, asyncio.sleep(60)))
    assert caught.value.hint
