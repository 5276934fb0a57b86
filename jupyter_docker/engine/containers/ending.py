"""The end of a container, described for people."""

from __future__ import annotations

import signal

from jupyter_docker.values import RunResult, RunSpec, duration_text

_CANNOT_RUN, _NOT_FOUND, _SIGNALLED = 126, 127, 128
_SHELLS_MOST = 165  # 128 and the highest signal


def describe(result: RunResult, spec: RunSpec, *, what: str = "The run") -> tuple[str, str]:
    """Return what happened to ``what``, and what to do about it (may be empty); for exit code 0 nothing is wrong.

    Args:
        result: How the container ended.
        spec: The container, whose limits explain some statuses.
        what: The subject of the sentence.
    """
    code = result.exit_code
    if result.timed_out:
        return out_of_time(spec.limits.timeout or 0, what)
    if code == 0:
        return f"{what} ended well.", ""
    if result.oom_killed:
        return _out_of_memory(spec, what)
    if code in {_CANNOT_RUN, _NOT_FOUND}:
        return _no_command(code, spec)
    if _SIGNALLED < code < _SHELLS_MOST:
        return _signalled(code - _SIGNALLED, spec, what)
    return f"The script failed: exit status {code}.", "The last lines of the log say why."


def _out_of_memory(spec: RunSpec, what: str) -> tuple[str, str]:
    limit = spec.limits.memory
    if limit is None:
        return (
            f"{what} was stopped because the machine ran out of memory.",
            "Load less data at once, or give the engine more memory (Docker Desktop: Settings, Resources).",
        )
    double = f"{max(1, round(2 * limit / 2**20))}m"
    return (
        f"{what} was stopped because it used all the memory it may, {size_text(limit)}.",
        f"Allow it more, as in --memory {double}, or load less data at once.",
    )


def out_of_time(timeout: float, what: str = "The run") -> tuple[str, str]:
    """Return that ``what`` was stopped after so many seconds, and what to do about it."""
    return (
        f"{what} was stopped because it took longer than it may, {duration_text(timeout)}.",
        f"Allow it more, as in --timeout {duration_text(2 * timeout)}, or let it do less.",
    )


def _no_command(code: int, spec: RunSpec) -> tuple[str, str]:
    program = f"the program '{spec.command[0]}'" if spec.command else "the program of its own command"
    if code == _NOT_FOUND:
        return f"The image does not have {program}.", "Check the spelling, or install it: --apt PACKAGE"
    return f"The image can't execute {program}.", "Check that it is a program and may be executed (chmod +x)."


def _signalled(number: int, spec: RunSpec, what: str) -> tuple[str, str]:
    status = f"exit status {_SIGNALLED + number}"
    match number:
        case signal.SIGKILL:
            return (
                f"{what} was killed from outside ({status}).",
                "Somebody killed it (docker kill), or the machine ran out of memory"
                + (": give it a limit with --memory." if spec.limits.memory is None else "."),
            )
        case signal.SIGTERM:
            return f"{what} was stopped from outside ({status}).", "Somebody stopped it, or the engine shut down."
        case signal.SIGSEGV:
            return (
                f"The Python process crashed: segmentation fault ({status}).",
                "A compiled package did that, not your code; try another version of the one imported last.",
            )
        case signal.SIGILL:
            return (
                f"The Python process used an instruction that this processor does not have ({status}).",
                "A package was built for a newer processor, or for another platform.",
            )
        case signal.SIGABRT:
            return f"The Python process aborted ({status}).", "The log's last lines say why."
    return f"{what} was ended by signal {_name(number)} ({status}).", "The log's last lines may say why."


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def size_text(count: int) -> str:
    """Return an amount of memory for people: "1.5 GB"."""
    for unit, size in (("GB", 2**30), ("MB", 2**20)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} bytes"
