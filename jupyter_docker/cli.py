"""``jupyter containerize VERB …``: the words in, events and a value shown, the exit status out."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any

from jupyter_docker import __version__

if TYPE_CHECKING:
    from jupyter_docker.commands import Command
    from jupyter_docker.display import JsonDisplay, TerminalDisplay


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: the container's, an error's own, or 0."""
    if "_ARGCOMPLETE" in os.environ:  # a shell asks what may follow
        from jupyter_docker.commands import complete_for_shell

        complete_for_shell()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in {"-h", "--help"}:
        return _help()
    if arguments[0] == "--version":
        sys.stdout.write(f"{__version__}\n")
        return 0
    _take_signals()
    _open_streams()
    try:
        return _run(arguments)
    except KeyboardInterrupt:  # while this was still importing what shows it
        return _say_interrupted(as_json="--json" in arguments)


def _say_interrupted(*, as_json: bool) -> int:
    from jupyter_docker.commands import failed
    from jupyter_docker.values import InterruptedRunError

    with _display(as_json=as_json, verbose=False) as emit:
        emit(failed(InterruptedRunError("Interrupted.", hint="Nothing was left behind.")))
    return InterruptedRunError.exit_code


def _help() -> int:
    from jupyter_docker.commands import build_help_parser

    build_help_parser().print_help()
    return 0


def _take_signals() -> None:
    """Let what ends a program clean up as Ctrl-C does: a job scheduler sends SIGTERM, a closed terminal SIGHUP."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # Under nohup SIGHUP is ignored, and stays so.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _interrupt)


def _open_streams() -> None:
    """Give the streams that were closed (``>&-``) a sink: Python has None in their place."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - to the end


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _run(arguments: list[str]) -> int:
    from jupyter_docker.commands import read_command

    # Where the words themselves are wrong, only they can say how to show it.
    with _display(as_json="--json" in arguments, verbose=False) as emit:
        status, command = _guarded(emit, lambda: read_command(arguments))
    if command is None:
        return status
    with _display(as_json=command.as_json, verbose=command.verbose) as emit:
        status, value = _guarded(emit, lambda: _perform(command, emit))
        if status == 0:
            failure, shown = _guarded(emit, lambda: _show(value, command))
            status = failure or shown
    return status


def _perform(command: Command, emit: TerminalDisplay | JsonDisplay) -> Any:
    from jupyter_docker.commands import Call, perform
    from jupyter_docker.values import load_defaults

    return perform(
        Call(
            args=command.args,
            request=command.request,
            has_terminal=True,
            defaults=load_defaults(),
            emit=emit,
            confirm=_confirm,
        )
    )


def _guarded(emit: TerminalDisplay | JsonDisplay, action: Callable[[], Any]) -> tuple[int, Any]:
    """Return 0 and the action's value, or an error's exit status and None once the error is shown."""
    from jupyter_docker.commands import as_error, failed
    from jupyter_docker.values import ContainerizeError

    try:
        return 0, action()
    except (ContainerizeError, OSError, KeyboardInterrupt) as error:
        known = as_error(error)
        if known is None:
            raise
        emit(failed(known))
        return known.exit_code, None


def _display(*, as_json: bool, verbose: bool) -> TerminalDisplay | JsonDisplay:
    if as_json:
        from jupyter_docker.display import JsonDisplay

        return JsonDisplay(sys.stdout, sys.stderr)
    from jupyter_docker.display import TerminalDisplay

    return TerminalDisplay(sys.stdout, sys.stderr, verbose=verbose)


def _confirm(question: str) -> bool:
    sys.stderr.write(f"{question}\n")
    if not sys.stdin.isatty():
        sys.stderr.write("Nothing was done: add --force to do it.\n")
        return False
    sys.stderr.write("Do it? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _show(value: Any, command: Command) -> int:
    from jupyter_docker.commands import TextView, as_json, exit_status, view

    if not command.as_json:
        shown = view(value, why=command.why)
    else:
        shown = None if (text := as_json(value)) is None else TextView(text=f"{text}\n")
    if shown is not None:
        shown.print(sys.stdout)
    return exit_status(value)
