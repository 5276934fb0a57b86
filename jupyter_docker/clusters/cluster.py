"""The one protocol of what runs the tasks of a sweep, and which there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from jupyter_docker.clusters.progress import SweepStates
from jupyter_docker.clusters.store import JOBS, SweepFolder
from jupyter_docker.clusters.sweep import Sweep
from jupyter_docker.values import Emit, MissingError

# Imported when chosen: none costs anything where another one runs.
_CLUSTERS = {"local": "local.cluster.LocalCluster", "slurm": "slurm.cluster.SlurmCluster"}
CLUSTERS = tuple(_CLUSTERS)


class Cluster(Protocol):
    """What runs tasks. The records that these leave decide what came of them; a cluster only says who is at work."""

    def check(self, sweep: Sweep) -> None:
        """Raise ContainerizeError where it can't run such a sweep."""

    def submit(self, folder: SweepFolder, indices: Sequence[int], variables: Mapping[str, str], emit: Emit) -> None:
        """Start those tasks and return; ``variables`` are the container's own, with values, which are kept nowhere."""

    def states(self, folder: SweepFolder) -> SweepStates:
        """Return what it knows of the tasks."""

    def logs(self, folder: SweepFolder, index: int, *, follow: bool) -> Iterator[str]:
        """Yield what the task printed, in pieces; with ``follow`` until it ends."""

    def fetch(self, folder: SweepFolder) -> None:
        """Bring here what the tasks left elsewhere."""

    def cancel(self, folder: SweepFolder) -> None:
        """Start no more tasks, and let those that run end: SIGTERM, and after the grace SIGKILL."""

    def clear(self, folder: SweepFolder, log_folder: Path, emit: Emit) -> None:
        """Remove what is left of an ended sweep outside its folder.

        What its tasks wrote, and is nowhere else, is first saved in ``log_folder``. Raises EngineError.
        """


def cluster_of(name: str) -> Cluster:
    """Return the cluster of that name; raises MissingError where it is none of `CLUSTERS`."""
    if name not in _CLUSTERS:
        raise MissingError(f"There is no cluster '{name}'.", hint=f"There are {', '.join(CLUSTERS)}.")
    module, _, kind = _CLUSTERS[name].rpartition(".")
    return cast("Cluster", getattr(import_module(f"jupyter_docker.clusters.{module}"), kind)())


def cluster_in(folder: SweepFolder) -> Cluster:
    """Return the cluster of the sweep there; by what that left where the handle can't be read."""
    with suppress(MissingError):
        return cluster_of(folder.sweep.cluster)
    return cluster_of("slurm" if (folder.path / JOBS).exists() else "local")
