"""The phases of a run, told by its events; moments in them, by how long each took when nothing happened."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

Phase: TypeAlias = Literal["export", "freeze", "wheels", "build", "start", "run", "rescue"]
PHASES: tuple[Phase, ...] = get_args(Phase)
STARTED: tuple[Phase, ...] = ("run", "rescue")  # in which a result is finished that must not be lost


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A point of a run: ``share`` of its ``phase``, which takes ``seconds`` in all."""

    phase: Phase
    share: float
    seconds: float

    def await_in(self, lines: Iterable[str]) -> bool:
        """Return at that moment of a run that prints those events; False where it ended before."""
        if self.phase == PHASES[0] or any(phase == self.phase for phase in begun_by(lines)):
            time.sleep(self.share * self.seconds)
            return True
        return False


def begun_by(lines: Iterable[str]) -> Iterator[Phase | Literal["end"]]:
    """Yield each phase as it begins, and the end."""
    seen = set[str]()
    for line in lines:
        phase = _begins(json.loads(line))
        if phase and phase not in seen:
            seen.add(phase)
            yield phase


def _begins(event: Mapping[str, Any]) -> Phase | Literal["end"] | None:
    found: Phase | Literal["end"] | None = None
    match event:
        case {"type": "StepStarted", "step": "freeze"}:
            found = "freeze"
        case {"type": "StepStarted", "step": "build"}:
            found = "wheels"
        case {"type": "Progress", "step": "build", "item": "wheels", "done": True}:
            found = "build"
        case {"type": "StepStarted", "step": "run"}:
            found = "start"
        case {"type": "Log", "step": "run", "text": text} if "begun" in text:
            found = "run"
        case {"type": "Log", "step": "run", "text": text} if "done" in text:
            found = "rescue"
        case {"type": "Finished"}:
            found = "end"
    return found


def durations(lines: Iterable[str]) -> dict[Phase, float]:
    """Return how long each phase of a run takes that prints those events, and has just been started."""
    began, found, last = time.monotonic(), {}, PHASES[0]
    for phase in begun_by(lines):
        found[last], began = time.monotonic() - began, time.monotonic()
        if phase != "end":
            last = phase
    return found


def moments(count: int, phases: Sequence[Phase], seconds: Mapping[Phase, float]) -> Iterator[Moment]:
    """Yield so many moments, spread evenly over the phases."""
    for number, phase in enumerate(phases):
        here = count // len(phases) + (number < count % len(phases))
        for index in range(here):
            yield Moment(phase=phase, share=(index + 0.5) / here, seconds=seconds[phase])
