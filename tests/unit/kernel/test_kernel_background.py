"""Work in a thread of its own, whose events and failures arrive here."""

from __future__ import annotations

import asyncio
import signal
import threading

import pytest

from jupyter_docker.kernel.notebook.background import Background
from jupyter_docker.values.events import Emit, Event, Log


def test_its_events_are_emitted_in_this_thread_and_in_order() -> None:
    got: list[tuple[str, bool]] = []

    async def work(emit: Emit) -> None:
        for number in range(100):
            emit(Log(step="run", text=str(number)))

    def emit(event: Event) -> None:
        assert isinstance(event, Log)
        got.append((event.text, threading.current_thread() is threading.main_thread()))

    Background(work).run(emit)
    assert got == [(str(number), True) for number in range(100)]


def test_its_failure_is_raised_here() -> None:
    async def work(_: Emit) -> None:
        raise LookupError("lost")

    with pytest.raises(LookupError, match="lost"):
        Background(work).run(lambda _: None)


def test_it_runs_where_a_loop_runs_already() -> None:
    async def work(emit: Emit) -> None:
        emit(Log(step="run", text="ran"))

    got: list[Event] = []

    async def notebook() -> None:
        Background(work).run(got.append)

    # In a thread of its own: the browser tests leave a loop running in this one.
    thread = threading.Thread(target=lambda: asyncio.run(notebook()))
    thread.start()
    thread.join()
    assert got == [Log(step="run", text="ran")]


def test_an_interrupt_cancels_it_and_awaits_what_clears_up() -> None:
    got: list[str] = []

    async def work(emit: Emit) -> None:
        emit(Log(step="run", text="begun"))
        try:
            await asyncio.sleep(600)
        finally:
            await asyncio.sleep(0.05)
            emit(Log(step="run", text="cleared"))

    def emit(event: Event) -> None:
        assert isinstance(event, Log)
        got.append(event.text)
        if event.text == "begun":
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        Background(work).run(emit)
    assert got == ["begun", "cleared"]
