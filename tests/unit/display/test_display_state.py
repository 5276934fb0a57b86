"""What both displays show, reduced from the events."""

from __future__ import annotations

import pytest

from jupyter_docker.display.state import DisplayState
from jupyter_docker.values.events import Failed, Finished, Progress, StepFinished, StepStarted, Warned


class Clock:
    """Seconds that pass when told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_running_step_has_run_since_it_started() -> None:
    clock = Clock()
    state = DisplayState(clock)
    clock.now = 2
    state.apply(StepStarted(step="build", title="Building"))
    clock.now = 5
    (step,) = state.steps
    assert (state.status, state.current, state.seconds, state.seconds_of(step)) == ("running", step, 5, 3)


def test_a_finished_step_took_what_the_producer_measured() -> None:
    state = DisplayState(Clock())
    state.apply(StepStarted(step="build", title="Building"))
    state.apply(StepFinished(step="build", summary="made", seconds=7))
    (step,) = state.steps
    assert (step.status, step.summary, state.seconds_of(step), state.current) == ("done", "made", 7, None)


def test_a_failure_ends_the_step_that_ran_and_stops_the_clock() -> None:
    clock = Clock()
    state = DisplayState(clock)
    state.apply(StepStarted(step="freeze", title="Freezing"))
    state.apply(StepFinished(step="freeze", summary="", seconds=1))
    state.apply(StepStarted(step="build", title="Building"))
    clock.now = 4
    state.apply(Failed(error="BuildError", message="", hint="", exit_code=85, facts={}))
    clock.now = 100
    assert [step.status for step in state.steps] == ["done", "failed"]
    assert (state.status, state.seconds, state.seconds_of(state.steps[1])) == ("failed", 4, 4)


def test_a_failed_run_has_its_exit_status_for_a_summary() -> None:
    state = DisplayState(Clock())
    state.apply(StepStarted(step="run", title="Running"))
    state.apply(Failed(error="ScriptFailedError", message="", hint="", exit_code=3, facts={}))
    assert (state.steps[0].status, state.steps[0].summary) == ("failed", "exit status 3")


def test_another_exit_code_than_0_is_no_success() -> None:
    state = DisplayState(Clock())
    state.apply(Finished(summary="", facts={}, exit_code=3))
    assert state.status == "failed"


@pytest.mark.parametrize(("error", "status"), [(None, "done"), (KeyboardInterrupt, "stopped"), (ValueError, "failed")])
def test_without_a_result_the_end_says_how_it_went(error: type[BaseException] | None, status: str) -> None:
    state = DisplayState(Clock())
    state.apply(StepStarted(step="run", title="Running"))
    state.close(error)
    assert [state.status, state.steps[0].status] == [status, status]


def test_a_result_stays() -> None:
    state = DisplayState(Clock())
    state.apply(Finished(summary="", facts={}))
    state.close(KeyboardInterrupt)
    assert state.status == "done"


def test_a_later_item_replaces_the_earlier_and_comes_last() -> None:
    state = DisplayState(Clock())
    for item, current in (("a", 1), ("b", 1), ("a", 2)):
        state.apply(Progress(step="build", item=item, label=item, current=current))
    assert [(item.item, item.current) for item in state.steps[0].active(9)] == [("b", 1), ("a", 2)]
    state.apply(Progress(step="build", item="a", label="a", done=True))
    assert [item.item for item in state.steps[0].active(9)] == ["b"]


def test_a_step_may_come_twice() -> None:
    state = DisplayState(Clock())
    for summary in ("first", "second"):
        state.apply(StepStarted(step="pull", title="Pulling"))
        state.apply(StepFinished(step="pull", summary=summary, seconds=1))
    assert [step.summary for step in state.steps] == ["first", "second"]


def test_what_was_never_announced_is_shown_all_the_same() -> None:
    state = DisplayState(Clock())
    state.apply(StepFinished(step="push", summary="pushed", seconds=1))
    assert [(step.title, step.status) for step in state.steps] == [("Push", "done")]


def test_steps_items_and_warnings_are_bounded() -> None:
    state = DisplayState(Clock())
    for number in range(1000):
        state.apply(StepStarted(step="pull", title=str(number)))
    assert [step.title for step in state.steps] == [str(number) for number in range(900, 1000)]
    state = DisplayState(Clock())
    for number in range(1000):
        state.apply(Progress(step="build", item=str(number), label="", done=number % 2 == 0))
        state.apply(Warned(step="build", message=str(number)))
    assert len(state.steps[0].items) == 200
    assert [item.item for item in state.steps[0].active(2)] == ["997", "999"]
    assert state.warnings[-1].message == "999"
    assert len(state.warnings) == 50
