"""The verbs of sweeps: sweep, sweeps, results; and what logs, stop and rm do with one."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jupyter_docker.clusters import (
    Progress,
    SweepFolder,
    SweepStore,
    SweepTable,
    cluster_in,
    cluster_of,
    progress_of,
    recorded,
)
from jupyter_docker.commands.call import Call
from jupyter_docker.commands.options.request import container_options
from jupyter_docker.commands.options.values import run_spec
from jupyter_docker.exchange import parse_names
from jupyter_docker.gate import Admitted
from jupyter_docker.notebook import grid_rows, notebook_parameters, parameter_values, table_rows
from jupyter_docker.pipeline import SweepRequest, make_sweep, notebook_of, start_sweep, watch_sweep
from jupyter_docker.task_runner import Parameter
from jupyter_docker.values import (
    ActiveJobError,
    BuildChoices,
    ContainerizeError,
    Emit,
    EngineError,
    Finished,
    InterruptedRunError,
    Log,
    MissingError,
    UsageError,
    Warned,
    counted,
)

_TASK = re.compile(r"(?P<sweep>.+)/(?P<index>\d+)")
_MAX_FAILURES = 5


@dataclass(frozen=True, kw_only=True)
class SweepSummary:
    """A sweep in a list: ``states`` is how many tasks came to what, in words."""

    id: str
    notebook: str
    cluster: str
    states: str
    active: bool
    created: str


def sweep(call: Call) -> SweepTable | None:
    """Run a notebook once for each row of values; the same rows and image find the sweep that there is."""
    if call.args.resume:
        return _resume(call, SweepStore().find(call.args.resume))
    choices, spec = call.about.choices(), call.about.spec()
    rows = rows_of(call.args, notebook_parameters(notebook_of(choices)), choices)
    request = SweepRequest(
        rows=rows,
        spec=spec,
        shared=replace(call.about, asked=Admitted()).spec().mounts,
        data=call.about.data,
        cluster=call.args.on,
        outputs=parse_names(call.args.output) if call.args.output else (),
        at_once=call.args.at_once,
        retries=call.args.retries,
        engine=call.args.engine or call.defaults.engine,
        settings={"runtime": call.defaults.cluster_runtime} if call.args.on == "slurm" else {},
    )
    with call.connect() as engine:
        folder, is_new = make_sweep(request, replace(choices, parameters=()), engine, call.defaults, call.emit)
    if is_new:
        return _begun(call, folder, spec.env)
    return _found(call, folder)


def rows_of(args: Namespace, parameters: tuple[Parameter, ...], choices: BuildChoices) -> list[dict[str, Any]]:
    """Return the rows that are asked for, over the values of ``-P``, which all have; raises UsageError."""
    if bool(args.grid) == bool(args.table):
        hint = "Give values: --grid alpha=0.1,0.2 --grid seed=range(5); or a table: --table sets.csv"
        raise UsageError("Which rows? One of --grid and --table says it.", hint=hint)
    fixed = parameter_values(parameters, choices.parameters)
    rows = table_rows(parameters, args.table) if args.table else grid_rows(parameters, args.grid, zipped=args.zip)
    return [{**fixed, **row} for row in rows]


def _begun(call: Call, folder: SweepFolder, variables: Mapping[str, str]) -> SweepTable | None:
    failed = start_sweep(folder, variables, call.emit, pilot=call.args.pilot)
    if failed is not None:
        return _ended(call, folder, failed)
    if call.args.detach:
        call.emit(Finished(summary=f"The sweep '{folder.id}' has begun.", facts=_commands(folder)))
        return None
    return _watched(call, folder)


def _found(call: Call, folder: SweepFolder) -> SweepTable | None:
    """Go on with the sweep that there is: watch one that runs, show one that has ended."""
    progress = progress_of(cluster_of(folder.sweep.cluster), folder)
    if progress.active:
        call.emit(Warned(step="run", message=f"The sweep '{folder.id}' of these rows runs already.", hint=""))
        return None if call.args.detach else _watched(call, folder)
    if not progress.succeeded:
        message = f"The sweep '{folder.id}' of these rows has ended, {progress.summary()}."
        hint = f"Run what has no good record: sweep --resume {folder.id}; or forget it all: rm {folder.id}"
        call.emit(Warned(step="run", message=message, hint=hint))
    return _ended(call, folder, progress)


def _resume(call: Call, folder: SweepFolder) -> SweepTable | None:
    """Run the rows that have no good record, with the limits and variables that are given now."""
    progress = progress_of(cluster_of(folder.sweep.cluster), folder)
    if progress.active:
        raise ActiveJobError(f"The sweep '{folder.id}' is running.", hint="Stop it first, or wait for its end.")
    if progress.succeeded:
        return _ended(call, folder, progress)
    given = run_spec(container_options(call.args), Admitted(), start=Path.cwd(), folder=Path.cwd())
    lacking = [name for name in folder.sweep.variables if name not in given.env]
    if lacking:
        hint = f"Values are kept nowhere: add {' '.join(f'-e {name}' for name in lacking)}"
        raise UsageError(f"The sweep was given {counted(len(lacking), 'variable')} that this is not.", hint=hint)
    said = {name: value for name, value in vars(given.limits).items() if value is not None}
    spec = folder.sweep.spec
    limited = replace(folder.sweep, spec=replace(spec, limits=replace(spec.limits, **said)))
    folder.keep(replace(limited, at_once=call.args.at_once or limited.at_once, retries=call.args.retries))
    return _begun(call, folder, given.env)


def _watched(call: Call, folder: SweepFolder) -> SweepTable:
    try:
        progress = watch_sweep(folder, call.emit)
    except KeyboardInterrupt:
        hint = f"See how far it is: results {folder.id}; or end it: stop {folder.id}"
        raise InterruptedRunError(f"The sweep '{folder.id}' goes on without being watched.", hint=hint) from None
    return _ended(call, folder, progress)


def _ended(call: Call, folder: SweepFolder, progress: Progress) -> SweepTable:
    failures = progress.failures()
    facts = {"failures": "; ".join(failures[:_MAX_FAILURES])} if failures else {}
    for each in progress.unsaved()[:_MAX_FAILURES]:
        call.emit(Warned(step="run", message=each))
    if not progress.succeeded:
        facts |= {"run those again": f"jupyter containerize sweep --resume {folder.id}"}
    summary = f"{progress.counts['ok']} of {counted(len(progress.states), 'row')} ran well: {folder.id}."
    call.emit(Finished(summary=summary, facts=facts, exit_code=0 if progress.succeeded else 1))
    return SweepTable(folder=folder, progress=progress)


def _commands(folder: SweepFolder) -> dict[str, str]:
    command = "jupyter containerize"
    return {
        "its table": f"{command} results {folder.id}",
        "a task's log": f"{command} logs {folder.id}/0",
        "end it": f"{command} stop {folder.id}",
    }


def sweeps(_call: Call) -> tuple[SweepSummary, ...]:
    """Return the sweeps that there are, newest first."""
    return tuple(_summaries())


def _summaries() -> Iterator[SweepSummary]:
    for folder in SweepStore().all():
        try:
            progress, problem = _known(folder)
        except MissingError:  # its handle is damaged, which keeps no other from the list
            words = f"can't be read; remove it: rm {folder.id}"
            yield SweepSummary(id=folder.id, notebook="", cluster="", states=words, active=False, created="")
            continue
        yield SweepSummary(
            id=folder.id,
            notebook=folder.sweep.notebook,
            cluster=folder.sweep.cluster,
            states=f"{progress.counts['ok']} ok, the others not known" if problem else progress.summary(),
            active=progress.active,
            created=folder.sweep.created,
        )


def _known(folder: SweepFolder) -> tuple[Progress, ContainerizeError | None]:
    """Return what is known of the sweep, by its records alone where its cluster can't be asked, and why."""
    try:
        return progress_of(cluster_of(folder.sweep.cluster), folder), None
    except ContainerizeError as error:
        return recorded(folder), error


def results(call: Call) -> SweepTable | None:
    """Return the table of a sweep, also while it runs; or write it into a file."""
    folder = SweepStore().find(call.args.sweep)
    progress, problem = _known(folder)
    if problem is not None:
        hint = "The table has what the records say."
        call.emit(Warned(step="run", message=f"'{folder.sweep.cluster}' can't be asked: {problem.message}", hint=hint))
    table = SweepTable(folder=folder, progress=progress)
    if call.args.output is None:
        return table
    table.write(call.args.output)
    call.emit(Finished(summary=f"'{call.args.output}' has {counted(len(table.rows), 'row')}.", facts={}))
    return None


def task_named(name: str) -> tuple[SweepFolder, int] | None:
    """Return the sweep and the task of ``ID/7``, or ``ID`` for its first; None where it is no sweep's."""
    match = _TASK.fullmatch(name)
    store, sweep_name = SweepStore(), match["sweep"] if match else name
    if not store.has(sweep_name):
        return None
    folder, index = store.find(sweep_name), int(match["index"]) if match else 0
    if index >= folder.sweep.count:
        raise MissingError(f"The sweep '{folder.id}' has {counted(folder.sweep.count, 'task')}, counted from 0.")
    return folder, index


def show_log(call: Call, folder: SweepFolder, index: int) -> None:
    """Emit what a task printed; with --follow until it ends."""
    pieces = cluster_of(folder.sweep.cluster).logs(folder, index, follow=call.args.follow)
    if call.args.tail is None:
        for piece in pieces:
            call.emit(Log(step="run", text=piece))
        return
    lines = "".join(pieces).splitlines(keepends=True)
    call.emit(Log(step="run", text="".join(lines[max(0, len(lines) - call.args.tail) :])))


def stop_sweep(folder: SweepFolder) -> None:
    """Start no more of its tasks, and end those that run."""
    cluster_in(folder).cancel(folder)


def remove_sweep(folder: SweepFolder, *, force: bool, log_folder: Path, emit: Emit) -> None:
    """Remove it with its records, logs and files, also one whose handle is damaged; with ``force`` one that runs too.

    A container that its process left behind goes with it, after what nobody has saved of it is in ``log_folder``.
    """
    cluster = cluster_in(folder)
    if cluster.states(folder).active or folder.is_held():
        if not force:
            hint = f"Stop it first: jupyter containerize stop {folder.id}; or remove it all the same: rm -f {folder.id}"
            raise ActiveJobError(f"The sweep '{folder.id}' is running.", hint=hint)
        cluster.cancel(folder)
    try:
        cluster.clear(folder, log_folder, emit)
    except EngineError as error:
        message = f"What its tasks may have left on the engine is still there: {error.message}"
        emit(Warned(step="prune", message=message, hint="`jupyter containerize prune` removes it."))
    folder.remove()
