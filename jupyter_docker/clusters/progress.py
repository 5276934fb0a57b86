"""Progress of a sweep: the state of each task by its record and its cluster, and failures by error and cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Literal, TypeAlias

from jupyter_docker.clusters.records import Record, read_record
from jupyter_docker.clusters.store import SweepFolder

State: TypeAlias = Literal["waiting", "running", "ok", "failed", "lost", "stopped"]
"""Lost is what ended without a record and may be tried again: killed, out of memory, its machine gone."""
_GONE = "the sweep ended before it did"
ENDED = frozenset[State]({"ok", "failed", "lost", "stopped"})


@dataclass(frozen=True, kw_only=True)
class TaskState:
    """A task as its cluster sees it; ``reason`` is why it has ended without a record, or what of it is not safe."""

    state: State
    reason: str = ""
    attempt: int = 1


@dataclass(frozen=True, kw_only=True)
class SweepStates:
    """What a cluster says: of each task that it knows, and whether the sweep goes on."""

    tasks: Mapping[int, TaskState]
    active: bool


@dataclass(frozen=True, kw_only=True)
class Progress:
    """The tasks of a sweep, all of them: ``states`` by index, the ``records`` that there are."""

    states: tuple[TaskState, ...]
    records: Mapping[int, Record]
    active: bool

    @property
    def counts(self) -> Counter[State]:
        """How many tasks are in each state."""
        return Counter(each.state for each in self.states)

    @property
    def ended(self) -> int:
        """How many tasks have ended."""
        return sum(each.state in ENDED for each in self.states)

    @property
    def succeeded(self) -> bool:
        """Whether every task has a good record."""
        return self.counts["ok"] == len(self.states)

    @property
    def unfinished(self) -> tuple[int, ...]:
        """The tasks that have no good record."""
        return tuple(index for index, each in enumerate(self.states) if each.state != "ok")

    def seconds_left(self, at_once: int) -> float | None:
        """Return how long the rest may take, by the median of those that ended; None where none has."""
        took = [record.seconds for record in self.records.values()]
        left = len(self.states) - self.ended
        return median(took) * left / max(1, at_once) if took else None

    def summary(self) -> str:
        """Return the counts in words: "38 ok, 2 failed"."""
        counts = self.counts
        return ", ".join(f"{counts[state]} {state}" for state in _ORDER if counts[state])

    def failures(self) -> list[str]:
        """Return the failures in words, by error and cell: "12 × ValueError in cell 3"."""
        groups = Counter(self._failures())
        return [f"{count} × {words}" for words, count in groups.most_common()]

    def unsaved(self) -> list[str]:
        """Return, in words, which rows ran well and wrote files that could not be saved, and where those are."""
        return [
            f"Row {index}: {each.reason}"
            for index, each in enumerate(self.states)
            if each.state == "ok" and each.reason
        ]

    def _failures(self) -> Iterator[str]:
        for index, each in enumerate(self.states):
            record = self.records.get(index)
            if record is not None and record.status == "failed":
                yield record.error + (f" in cell {record.position.cell}" if record.position else "")
            elif each.state in {"failed", "lost"}:
                yield each.reason or each.state


_ORDER: tuple[State, ...] = ("ok", "failed", "lost", "stopped", "running", "waiting")


class ProgressReader:
    """Reads the progress of a sweep again and again, each record once."""

    def __init__(self, folder: SweepFolder) -> None:
        self._folder, self._count = folder, folder.sweep.count
        self._records: dict[int, Record] = {}

    def read(self, states: SweepStates) -> Progress:
        """Return how far it is; a record decides over what the cluster says."""
        begun = {int(path.name) for path in self._tasks()}
        for index in begun.difference(self._records):
            record = read_record(self._folder.task(index), index)
            if record is not None:
                self._records[index] = record
        tasks = tuple(self._state(index, states) for index in range(self._count))
        return Progress(states=tasks, records=dict(self._records), active=states.active)

    def _tasks(self) -> Iterator[Path]:
        folder = self._folder.path / "tasks"
        if folder.is_dir():
            yield from (path for path in folder.iterdir() if path.name.isdecimal())

    def _state(self, index: int, states: SweepStates) -> TaskState:
        known = states.tasks.get(index, TaskState(state="waiting"))
        record = self._records.get(index)
        if record is not None:
            # The cluster's word "ok" is that it left a record, and its reason what it could not save.
            reason = known.reason if known.state == "ok" else ""
            return TaskState(state=record.status, reason=reason, attempt=record.attempt)
        if states.active or known.state in ENDED:
            return known
        # Nobody sees to it any more: its machine or its supervisor is gone, or it was stopped before its turn.
        return replace(known, state="stopped" if known.state == "waiting" else "lost", reason=_GONE)
