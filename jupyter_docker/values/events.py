"""Events of all steps, as they happen: one closed union and its one JSON form.

The core never prints. Every step takes an ``emit`` and calls it with these; the terminal, the notebook cell and the
websocket are displays of the same stream. Throttling is the display's, not the producer's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from time import monotonic
from typing import Any, Literal, TypeAlias

from jupyter_docker.values.fixes import Fix

JSON_VERSION = 2

StepName: TypeAlias = Literal["export", "freeze", "stage", "build", "run", "compare", "pull", "push", "prune"]
Stream: TypeAlias = Literal["stdout", "stderr"]


@dataclass(frozen=True, kw_only=True)
class StepStarted:
    """A step of the pipeline begins; ``title`` is a phrase for people ("Building the image").

    ``outputs`` are the folders and files of this machine that it may write to for the user, as absolute paths.
    """

    step: StepName
    title: str
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StepFinished:
    """The step is done; ``summary`` says what came of it ("24 packages pinned"), ``seconds`` how long it took."""

    step: StepName
    summary: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Progress:
    """One item inside a step; a later one with the same ``item`` replaces it.

    ``current`` and ``total`` are bytes where ``unit`` is "bytes", else counts; ``total`` is None where it is unknown.
    """

    step: StepName
    item: str
    label: str
    current: int | None = None
    total: int | None = None
    unit: Literal["bytes", "items"] = "items"
    done: bool = False
    cached: bool = False


@dataclass(frozen=True, kw_only=True)
class Log:
    """Text as it was printed, any number of lines or a part of one; ANSI codes and carriage returns are kept."""

    step: StepName
    text: str
    stream: Stream = "stdout"


@dataclass(frozen=True, kw_only=True)
class Warned:
    """Something the user should know that does not stop the step; ``hint`` is what to do about it.

    ``fixes`` are the choices that the hint names, which a program can make.
    """

    step: StepName
    message: str
    hint: str = ""
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Finished:
    """The whole command went through. ``facts`` are label → text, in the order to show them."""

    summary: str
    facts: Mapping[str, str]
    exit_code: int = 0


@dataclass(frozen=True, kw_only=True)
class Failed:
    """The whole command failed: ``error`` is the class name; ``cell`` and ``line``, where known, count from 1.

    ``fixes`` are the choices that the hint names, which a program can make; ``is_located`` says that the message names
    the cell and line.
    """

    error: str
    message: str
    hint: str
    exit_code: int
    cell: int | None = None
    line: int | None = None
    facts: Mapping[str, str]
    fixes: tuple[Fix, ...] = ()
    is_located: bool = False


Event: TypeAlias = StepStarted | StepFinished | Progress | Log | Warned | Finished | Failed
Emit: TypeAlias = Callable[[Event], None]

EVENT_TYPES: Mapping[str, type[Event]] = {
    cls.__name__: cls for cls in (StepStarted, StepFinished, Progress, Log, Warned, Finished, Failed)
}


def to_json(event: Event, seq: int) -> dict[str, Any]:
    """Return the event as a JSON object: ``{"v": 2, "seq": n, "type": "Log", …}``."""
    return {"v": JSON_VERSION, "seq": seq, "type": type(event).__name__, **asdict(event)}


def from_json(data: Mapping[str, Any]) -> Event:
    """Return the event that ``to_json`` wrote, of version 1 too; raises KeyError or TypeError where it is not one."""
    lists = {key: tuple(value) for key, value in data.items() if isinstance(value, list)}
    if "fixes" in lists:
        lists["fixes"] = tuple(Fix(**fix) for fix in lists["fixes"])
    fields = {key: value for key, value in {**data, **lists}.items() if key not in {"v", "seq", "type"}}
    return EVENT_TYPES[data["type"]](**fields)


class StepOutcome:
    """Where the body of a step leaves its one-line summary."""

    summary: str = ""


@contextmanager
def step(emit: Emit, name: StepName, title: str, *, outputs: tuple[str, ...] = ()) -> Iterator[StepOutcome]:
    """Emit StepStarted, run the body, and emit StepFinished when it did not raise.

    Args:
        emit: Called with each event.
        name: The step.
        title: What is shown for it.
        outputs: Files and folders that the step writes.
    """
    started = monotonic()
    outcome = StepOutcome()
    emit(StepStarted(step=name, title=title, outputs=outputs))
    yield outcome
    emit(StepFinished(step=name, summary=outcome.summary, seconds=monotonic() - started))


def counted(number: int, noun: str) -> str:
    """Return "1 package" or "2 packages"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
