"""The verbs that act on containers: ps, logs, exec, stop, rm."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jupyter_docker.clusters import SweepFolder, SweepStore
from jupyter_docker.commands.call import Call
from jupyter_docker.commands.verbs.sweeps import remove_sweep, show_log, stop_sweep, task_named
from jupyter_docker.engine import ContainerInfo, Scope, list_containers
from jupyter_docker.engine import exec_ as execute
from jupyter_docker.engine import logs as show_logs
from jupyter_docker.engine import remove as remove_container
from jupyter_docker.engine import stop as stop_container
from jupyter_docker.values import Finished, UsageError


def ps(call: Call) -> tuple[ContainerInfo, ...]:
    """Return the containers that this user made; with --all every container there is, with its owner."""
    with call.connect() as engine:
        return list_containers(engine, all=call.args.all, scope="all" if call.args.all else "own")


def logs(call: Call) -> None:
    """Emit what the container or the task of a sweep printed; with --follow until it ends."""
    if (task := task_named(call.args.container)) is not None:
        return show_log(call, *task)
    follow, tail, scope = call.args.follow, call.args.tail, _scope(call)
    with call.connect() as engine:
        return show_logs(engine, call.args.container, follow=follow, tail=tail, emit=call.emit, scope=scope)


def exec_(call: Call) -> int:
    """Run a command in a running container; returns its status. A kernel has no terminal to give it."""
    if not call.args.command:
        raise UsageError("Which command?", hint="Name it after the container: exec -it NAME bash")
    with call.connect() as engine:
        interactive = (call.args.interactive or call.args.tty) and call.has_terminal
        name, command, scope = call.args.container, call.args.command, _scope(call)
        return execute(engine, name, command, interactive=interactive, emit=call.emit, scope=scope)


def stop(call: Call) -> None:
    """Stop containers, each within the grace period, and sweeps."""
    found, names = _sweeps(call.args.containers)
    for each in found:
        stop_sweep(each)
    if names:
        with call.connect() as engine:
            for name in names:
                stop_container(engine, name, grace=call.defaults.grace, scope=_scope(call))
    call.emit(Finished(summary=f"Stopped: {', '.join(call.args.containers)}", facts={}))


def rm(call: Call) -> None:
    """Remove containers, after what they wrote outside their mounts is saved, and sweeps."""
    found, names = _sweeps(call.args.containers)
    folder, force, scope = Path(call.defaults.log_folder), call.args.force, _scope(call)
    for each in found:
        remove_sweep(each, force=force, log_folder=folder, emit=call.emit)
    if names:
        with call.connect() as engine:
            for name in names:
                remove_container(engine, name, force=force, log_folder=folder, emit=call.emit, scope=scope)
    call.emit(Finished(summary=f"Removed: {', '.join(call.args.containers)}", facts={}))


def _sweeps(names: Sequence[str]) -> tuple[list[SweepFolder], list[str]]:
    """Return the sweeps among the names, and the other names."""
    store = SweepStore()
    return [store.find(name) for name in names if store.has(name)], [name for name in names if not store.has(name)]


def _scope(call: Call) -> Scope:
    return "made" if call.args.any_owner else "own"
