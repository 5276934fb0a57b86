"""The verbs that act on containers: ps, logs, exec, stop, rm."""

from __future__ import annotations

from jupyter_docker.commands.call import Call
from jupyter_docker.engine import ContainerInfo, execute, list_containers, remove_container, show_logs, stop_container


def ps(call: Call) -> tuple[ContainerInfo, ...]:
    """Return the containers made here; with --all every container there is."""
    with call.connect() as engine:
        return list_containers(engine, all=call.args.all, everything=call.args.all)


def logs(call: Call) -> None:
    """Emit what the container printed; with --follow until it ends."""
    with call.connect() as engine:
        show_logs(engine, call.args.container, follow=call.args.follow, tail=call.args.tail, emit=call.emit)


def exec_(call: Call) -> int:
    """Run a command in a running container; returns its status."""
    with call.connect() as engine:
        interactive, tty = call.args.interactive, call.args.tty
        return execute(engine, call.args.container, call.args.command, interactive=interactive, tty=tty, emit=call.emit)


def stop(call: Call) -> None:
    """Stop containers, each within the grace period."""
    with call.connect() as engine:
        for name in call.args.containers:
            stop_container(engine, name, grace=call.defaults.grace, emit=call.emit)


def rm(call: Call) -> None:
    """Remove containers."""
    with call.connect() as engine:
        for name in call.args.containers:
            remove_container(engine, name, force=call.args.force, emit=call.emit)
