"""The state of a display, reduced from the events so far: steps with their items, warnings, and the result."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Literal, TypeAlias

from jupyter_docker.values import Event, Failed, Finished, Log, Progress, StepFinished, StepName, StepStarted, Warned

Status: TypeAlias = Literal["running", "done", "failed", "stopped"]

_MAX_STEPS = 100
_MAX_ITEMS = 200
_MAX_WARNINGS = 50
_INTERRUPTED = "InterruptedRunError"


@dataclass(kw_only=True)
class StepState:
    """One step; ``started`` is the clock's time, ``seconds`` how long it took, None while it runs."""

    name: StepName
    title: str
    started: float
    status: Status = "running"
    summary: str = ""
    seconds: float | None = None
    items: dict[str, Progress] = field(default_factory=dict)

    def put(self, item: Progress) -> None:
        """Keep the item, as the latest; the oldest one that is done goes when there are too many."""
        self.items.pop(item.item, None)
        self.items[item.item] = item
        if len(self.items) > _MAX_ITEMS:
            del self.items[next((key for key, old in self.items.items() if old.done), next(iter(self.items)))]

    def active(self, most: int) -> list[Progress]:
        """Return at most ``most`` items that are not done, latest last."""
        return [item for item in list(self.items.values()) if not item.done][-most:]


class DisplayState:
    """The state that every display shows; bounded, whatever the number of events.

    Events are taken in any order: a display must not raise, even where a step was never announced.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._ended: float | None = None
        self.steps: list[StepState] = []
        self.warnings: deque[Warned] = deque(maxlen=_MAX_WARNINGS)
        self.result: Finished | Failed | None = None
        self._unsaid: Status = "running"  # the status where no result says it

    def apply(self, event: Event) -> None:
        """Change the state by one event; the text of a Log is the display's own business."""
        match event:
            case StepStarted():
                self._add(event.step, event.title)
            case StepFinished():
                step = self._running(event.step)
                step.status, step.summary, step.seconds = "done", event.summary, event.seconds
            case Progress():
                self._running(event.step).put(event)
            case Warned():
                self.warnings.append(event)
            case Finished() | Failed():
                self.result = event
                self._end()
            case Log():
                pass

    def close(self, error: type[BaseException] | None = None) -> None:
        """Note that no event will follow: all went well, or ``error`` was raised. A result that there is stays."""
        if self.result is None:
            self._unsaid = "done" if error is None else "failed" if issubclass(error, Exception) else "stopped"
            self._end()

    @property
    def status(self) -> Status:
        """How the whole command stands."""
        match self.result:
            case Failed():
                return "stopped" if self.result.error == _INTERRUPTED else "failed"
            case Finished():
                return "done" if self.result.exit_code == 0 else "failed"
            case None:
                return self._unsaid

    @property
    def current(self) -> StepState | None:
        """The step that runs, the innermost where there are several."""
        return next((step for step in reversed(self.steps) if step.status == "running"), None)

    @property
    def seconds(self) -> float:
        """How long the command has run, or took."""
        return (self._clock() if self._ended is None else self._ended) - self._began

    def seconds_of(self, step: StepState) -> float:
        """Return how long the step has run, or took."""
        return self._clock() - step.started if step.seconds is None else step.seconds

    def _running(self, name: StepName) -> StepState:
        found = next((step for step in reversed(self.steps) if step.name == name and step.status == "running"), None)
        return found or self._add(name, name.capitalize())

    def _add(self, name: StepName, title: str) -> StepState:
        step = StepState(name=name, title=title, started=self._clock())
        self.steps = [*self.steps, step][-_MAX_STEPS:]
        return step

    def _end(self) -> None:
        self._ended = self._clock()
        for step in self.steps:
            if step.status == "running":
                step.status, step.seconds = self.status, self._ended - step.started
                step.summary = self._exit_status if step.name == "run" else ""

    @property
    def _exit_status(self) -> str:
        match self.result:
            case Failed(error="ScriptFailedError", exit_code=status):
                return f"exit status {status}"
        return ""
