"""Ctrl-C is raised where it is allowed, and kept until then elsewhere."""

from __future__ import annotations

import signal
import threading

import pytest

from jupyter_docker.engine.containers.interrupts import Interrupts


def test_it_waits_until_it_is_checked() -> None:
    with Interrupts() as interrupts:
        signal.raise_signal(signal.SIGINT)
        assert interrupts.pending
        with pytest.raises(KeyboardInterrupt):
            interrupts.check()
        interrupts.check()  # it is raised once


def test_it_is_raised_at_once_where_it_is_allowed() -> None:
    with Interrupts() as interrupts:
        with pytest.raises(KeyboardInterrupt), interrupts.allowed():
            signal.raise_signal(signal.SIGINT)
        assert not interrupts.pending


def test_it_waits_again_after_the_place_where_it_is_allowed() -> None:
    with Interrupts() as interrupts:
        with interrupts.allowed():
            pass
        signal.raise_signal(signal.SIGINT)
        assert interrupts.pending


def test_one_that_is_pending_is_raised_before_the_body() -> None:
    with Interrupts() as interrupts:
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt), interrupts.allowed():
            pytest.fail("the body ran")


def test_an_engine_that_hangs_does_not_hold_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    with Interrupts() as interrupts:
        monkeypatch.setattr(interrupts, "_closed_since", interrupts._closed_since - 11)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_the_handlers_are_put_back_and_ignored_signals_stay_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Interrupts() as interrupts:
            signal.raise_signal(signal.SIGINT)
            assert not interrupts.pending
    finally:
        signal.signal(signal.SIGINT, before)
    with Interrupts():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_a_signal_that_the_program_made_an_interrupt_of_counts_too() -> None:
    before = signal.signal(signal.SIGTERM, lambda *_: pytest.fail("the program's own handler was called"))
    try:
        with Interrupts() as interrupts:
            signal.raise_signal(signal.SIGTERM)
            assert interrupts.pending
    finally:
        signal.signal(signal.SIGTERM, before)


def test_outside_the_main_thread_nothing_is_touched() -> None:
    seen = []

    def enter() -> None:
        with Interrupts():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGINT)]
