"""The one way from a notebook and rows of values to a sweep: image, container, handle, and its tasks submitted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from jupyter_docker.clusters import Progress, Sweep, SweepFolder, SweepStore, cluster_of, follow, progress_of, sweep_id
from jupyter_docker.engine import Engine, size_text
from jupyter_docker.notebook import rows_text
from jupyter_docker.pipeline.container import container_spec
from jupyter_docker.pipeline.images import build_image
from jupyter_docker.values import (
    ActiveJobError,
    BuildChoices,
    Defaults,
    Emit,
    Image,
    InterruptedRunError,
    Mount,
    Recipe,
    RunSpec,
    Warned,
    counted,
    step,
    target_of,
)

_MEMORY_FACTOR, _MEMORY_MARGIN = 1.5, 64 << 20


@dataclass(frozen=True, kw_only=True)
class SweepRequest:
    """What is asked for: the rows, and how they run.

    ``spec`` is the container, its variables with their values; ``shared`` are those of its mounts that the person
    named, and that all tasks have.
    """

    rows: Sequence[Mapping[str, Any]]
    spec: RunSpec
    shared: tuple[Mount, ...] = ()
    data: Literal["auto", "none"] = "auto"
    cluster: str = "local"
    outputs: tuple[str, ...] = ()
    at_once: int = 0
    retries: int = 1
    engine: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)


def make_sweep(
    request: SweepRequest, choices: BuildChoices, engine: Engine, defaults: Defaults, emit: Emit
) -> tuple[SweepFolder, bool]:
    """Build the image and return the sweep's folder, and whether it is new: the same rows and image are one sweep.

    Args:
        request: The rows, the cluster and each task's limits.
        choices: The notebook and what its image is to have.
        engine: The engine that builds it.
        defaults: The site's configuration.
        emit: Called with each event.

    Raises:
        ContainerizeError: What building raises, or the cluster can't run such a sweep.
    """
    # A mount that the notebook has stored hides no data: its folder may be one that each task has for itself.
    choices = replace(choices, mounted=tuple(mount.target for mount in request.shared))
    recipe, image = build_image(choices, engine, defaults, emit)
    text = rows_text(request.rows)
    sweep = replace(
        _sweep(request, choices, recipe, image, grace=defaults.grace),
        id=sweep_id(choices.notebook, image.id, text, request.cluster, request.outputs),
    )
    cluster_of(sweep.cluster).check(sweep)
    return SweepStore().create(sweep, text)


def _sweep(request: SweepRequest, choices: BuildChoices, recipe: Recipe, image: Image, *, grace: float) -> Sweep:
    is_local = request.cluster == "local"
    spec = container_spec(request.spec, choices, recipe, image.reference, data=request.data, cache=is_local)
    own = _own_mounts(spec, request.shared, recipe)
    return Sweep(
        id="",
        notebook=str(choices.notebook.absolute()),
        image=spec.image,
        spec=replace(spec, env=_given_by_us(spec, request.spec), mounts=_others(spec.mounts, own)),
        count=len(request.rows),
        cluster=request.cluster,
        engine=request.engine,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        outputs=request.outputs,
        own_folders=tuple(mount.target for mount in own),
        variables=tuple(request.spec.env),
        at_once=request.at_once,
        retries=request.retries,
        grace=grace,
        settings=request.settings,
    )


def _own_mounts(spec: RunSpec, shared: Sequence[Mount], recipe: Recipe) -> tuple[Mount, ...]:
    """Return the folders that the notebook writes to before it reads there: each task has its own, empty at first."""
    targets = {target_of(each.path, recipe.workdir) for each in recipe.requirements.data if each.starts_empty}
    return tuple(
        mount
        for mount in spec.mounts
        if mount.target in targets and mount not in shared and (mount.make or Path(mount.source).is_dir())
    )


def _others(mounts: Sequence[Mount], own: Sequence[Mount]) -> tuple[Mount, ...]:
    return tuple(mount for mount in mounts if mount not in own)


def _given_by_us(spec: RunSpec, asked: RunSpec) -> dict[str, str]:
    """Return the variables that are no person's, and so no secrets."""
    return {name: value for name, value in spec.env.items() if name not in asked.env}


def start_sweep(
    folder: SweepFolder, variables: Mapping[str, str], emit: Emit, *, pilot: bool = False
) -> Progress | None:
    """Submit the rows that have no good record; with ``pilot`` the first of them runs alone before, to its end.

    Args:
        folder: The sweep's folder.
        variables: The person's variables for the tasks, by name; they are kept in no file of ours.
        emit: Called with each event.
        pilot: Whether the first row runs alone before.

    Returns:
        The progress where the pilot failed, and then the others are not submitted; else None.

    Raises:
        ActiveJobError: Another process starts it, or has.
    """
    with folder.held():
        cluster = cluster_of(folder.sweep.cluster)
        progress = progress_of(cluster, folder)
        if progress.active:
            raise ActiveJobError(f"The sweep '{folder.id}' is running.", hint="Stop it first, or wait for its end.")
        rest = list(progress.unfinished)
        if pilot and len(rest) > 1:
            failed = _run_pilot(folder, rest.pop(0), variables, emit)
            if failed is not None:
                return failed
        for index in rest:
            folder.put_aside(index)
        cluster.submit(folder, rest, variables, emit)
    return None


def _run_pilot(folder: SweepFolder, index: int, variables: Mapping[str, str], emit: Emit) -> Progress | None:
    """Run that row alone; what it took limits the others. Returns the progress where it failed."""
    cluster, sweep = cluster_of(folder.sweep.cluster), folder.sweep
    folder.put_aside(index)
    with step(emit, "run", f"Running row {index} of {sweep.id} alone") as outcome:
        cluster.submit(folder, [index], variables, emit)
        try:
            progress = follow(cluster, folder, emit)
        except KeyboardInterrupt:
            message = (
                f"Row {index} of the sweep '{sweep.id}' goes on without being watched; the others were not started."
            )
            hint = f"Start them once it has ended: sweep --resume {sweep.id}; or end it: stop {sweep.id}"
            raise InterruptedRunError(message, hint=hint) from None
        record = progress.records.get(index)
        if record is None or record.status != "ok":
            others = counted(len(progress.unfinished) - 1, "row")
            hint = f"Correct what failed and sweep again; or start them: sweep --resume {sweep.id}"
            emit(Warned(step="run", message=f"Row {index} failed, so the other {others} were not started.", hint=hint))
            outcome.summary = progress.summary()
            return progress
        size = sum(file.size for file in record.files)
        memory = sweep.spec.limits.memory or limit_of(record.peak_memory)
        parts = [f"{record.seconds:.1f} s", f"{size_text(record.peak_memory)} of memory", f"{size_text(size)} of files"]
        outcome.summary = f"{', '.join(parts)}; each of the others may use {size_text(memory)}"
    folder.keep(replace(sweep, spec=replace(sweep.spec, limits=replace(sweep.spec.limits, memory=memory))))
    return None


def limit_of(peak: int) -> int:
    """Return the limit of memory for tasks like one that used ``peak`` bytes, in whole megabytes."""
    return math.ceil((peak * _MEMORY_FACTOR + _MEMORY_MARGIN) / 2**20) * 2**20


def watch_sweep(folder: SweepFolder, emit: Emit) -> Progress:
    """Tell how far the sweep is until it ends, and return how it ended."""
    with step(emit, "run", f"Sweeping {counted(folder.sweep.count, 'row')}: {folder.id}") as outcome:
        progress = follow(cluster_of(folder.sweep.cluster), folder, emit)
        outcome.summary = progress.summary()
    return progress
