"""A sweep that is watched: its progress as events until it ends, and a task's log as it grows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path

from jupyter_docker.clusters.cluster import Cluster
from jupyter_docker.clusters.progress import Progress, ProgressReader, SweepStates
from jupyter_docker.clusters.store import SweepFolder
from jupyter_docker.values import Emit
from jupyter_docker.values import Progress as ProgressEvent

_PAUSE, _LONGEST_PAUSE = 0.1, 1.0
_LOG_PAUSE = 0.2
_PIECE = 1 << 16


def progress_of(cluster: Cluster, folder: SweepFolder) -> Progress:
    """Return how far the sweep is."""
    states = _states(cluster, folder)
    cluster.fetch(folder)
    return ProgressReader(folder).read(states)


def _states(cluster: Cluster, folder: SweepFolder) -> SweepStates:
    """Return what the cluster says; a sweep that is being started goes on, though no task of it may be at work."""
    is_held = folder.is_held()  # before the cluster is asked, which knows the tasks once it is not
    states = cluster.states(folder)
    return replace(states, active=states.active or is_held)


def recorded(folder: SweepFolder) -> Progress:
    """Return what the records alone say of the sweep, where its cluster can't be asked."""
    return ProgressReader(folder).read(SweepStates(tasks={}, active=False))


def follow(cluster: Cluster, folder: SweepFolder, emit: Emit) -> Progress:
    """Emit the sweep's progress until it ends, and return it. An interrupt ends the watching, not the sweep.

    Args:
        cluster: Where the tasks run.
        folder: The folder of the sweep.
        emit: Takes the progress.
    """
    reader, pause, said = ProgressReader(folder), _PAUSE, ""
    while True:
        states = _states(cluster, folder)
        cluster.fetch(folder)
        progress = reader.read(states)
        if said != (said := _label(progress)):
            done, total = progress.ended, len(progress.states)
            emit(ProgressEvent(step="run", item=folder.id, label=said, current=done, total=total, done=done == total))
        if not progress.active:
            return progress
        time.sleep(pause)
        pause = min(_LONGEST_PAUSE, pause * 1.2)


def _label(progress: Progress) -> str:
    left = progress.seconds_left(max(progress.counts["running"], 1))
    return progress.summary() + (f", {_duration(left)} left" if left else "")


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes else f"{seconds:.0f} s"


def followed_text(log: Callable[[], Path | None], runs: Callable[[], bool]) -> Iterator[str]:
    """Yield what a file has and, as long as ``runs``, what comes to it; ``log`` finds it once it is there."""
    file: TextIOWrapper | None = None
    try:
        while True:
            goes_on = runs()  # before the file is read, to which nothing comes after its writer's end
            if file is None and (path := log()) is not None:
                file = path.open(encoding="utf-8", errors="replace", newline="")
            while file is not None and (text := file.read(_PIECE)):
                yield text
            if not goes_on:
                return
            time.sleep(_LOG_PAUSE)
    finally:
        if file is not None:
            file.close()
