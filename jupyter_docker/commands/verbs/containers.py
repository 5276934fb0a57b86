"""The verbs that act on containers: ps, logs, exec, stop, rm."""

from __future__ import annotations

from pathlib import Path

from jupyter_docker.commands.call import Call
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
    """Emit what the container printed; with --follow until it ends."""
    with call.connect() as engine:
        show_logs(
            engine,
            call.args.container,
            follow=call.args.follow,
            tail=call.args.tail,
            emit=call.emit,
            scope=_scope(call),
        )


def exec_(call: Call) -> int:
    """Run a command in a running container; returns its status. A kernel has no terminal to give it."""
    if not call.args.command:
        raise UsageError("Which command?", hint="Name it after the container: exec -it NAME bash")
    with call.connect() as engine:
        interactive = (call.args.interactive or call.args.tty) and call.has_terminal
        name, command, scope = call.args.container, call.args.command, _scope(call)
        return execute(engine, name, command, interactive=interactive, emit=call.emit, scope=scope)


def stop(call: Call) -> None:
    """Stop containers, each within the grace period."""
    with call.connect() as engine:
        for name in call.args.containers:
            stop_container(engine, name, grace=call.defaults.grace, scope=_scope(call))
    call.emit(Finished(summary=f"Stopped: {', '.join(call.args.containers)}", facts={}))


def rm(call: Call) -> None:
    """Remove containers, after what they wrote outside their mounts is saved."""
    folder = Path(call.defaults.log_folder)
    with call.connect() as engine:
        for name in call.args.containers:
            remove_container(engine, name, force=call.args.force, log_folder=folder, emit=call.emit, scope=_scope(call))
    call.emit(Finished(summary=f"Removed: {', '.join(call.args.containers)}", facts={}))


def _scope(call: Call) -> Scope:
    return "made" if call.args.any_owner else "own"
