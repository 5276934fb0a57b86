"""The reason why a kernel ended: by its supervisor's report, by what it printed, and by the engine."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyter_docker.advice import Context, diagnose
from jupyter_docker.engine import container_events, describe, size_text
from jupyter_docker.values import EngineError, EngineLostError, RunResult, RunSpec

if TYPE_CHECKING:
    from jupyter_docker.engine import Engine

_FAILED, _KILLED, _SIGNALLED = 1, 137, 128
_SHOWN_LINES = 15
_TRIES, _PAUSE = 10, 0.1


@dataclass(frozen=True, kw_only=True)
class Death:
    """How a kernel ended: its exit status as a shell gives it, why, and what to do about it (may be empty)."""

    status: int
    reason: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.reason} {self.hint}".rstrip()


def explain(
    engine: Engine, spec: RunSpec, *, container: str, started: float, report: dict[str, int], log: str
) -> Death:
    """Return why the kernel in ``container`` (its ID), ``started`` at that time, ended; asks the engine if need be."""
    if "status" not in report:
        return _unreported(engine, spec, container, started)
    status = report["status"]
    code = status if status >= 0 else _SIGNALLED - status
    if code == _KILLED and report.get("kills"):
        return _out_of_memory(spec, container, report)
    if code == 0:
        return Death(status=0, reason="The kernel ended by itself.")
    if status > 0 and (found := diagnose(log, "kernel", Context(spec=spec))):
        return Death(status=code, reason=found.message, hint=found.advice.hint)
    return _by_status(spec, container, code, log)


def last_lines(log: str) -> str:
    """Return the end of what a kernel printed, for an error's text; empty where it printed nothing."""
    lines = [line for line in log.splitlines() if line.strip()]
    return "\n".join(lines[-_SHOWN_LINES:])


def _by_status(spec: RunSpec, container: str, code: int, log: str = "") -> Death:
    reason, hint = describe(RunResult(container_id=container, name="", exit_code=code), spec, what="The kernel")
    if code < _SIGNALLED - 2:  # no code of a shell's
        hint = f"It printed last: {last_lines(log).splitlines()[-1]}" if code == _FAILED and log.strip() else ""
        reason = f"The kernel's process ended with exit status {code}."
    return Death(status=code, reason=reason, hint=hint)


def _out_of_memory(spec: RunSpec, container: str, report: dict[str, int]) -> Death:
    result = RunResult(container_id=container, name="", exit_code=_KILLED, oom_killed=True)
    reason, hint = describe(result, spec, what="The kernel")
    peak = f" Its peak was {size_text(report['peak'])}." if "peak" in report else ""
    return Death(status=_KILLED, reason=f"{reason}{peak}", hint=hint)


def _unreported(engine: Engine, spec: RunSpec, container: str, started: float) -> Death:
    """Return why the whole container ended, the supervisor with it."""
    try:
        seen = _events(engine, container, started)
    except EngineLostError:
        reason = "The container engine went away while the kernel ran."
        return Death(status=_KILLED, reason=reason, hint=EngineLostError.default_hint)
    except EngineError as error:
        return Death(status=_KILLED, reason=f"The kernel's container ended: {error.message}", hint=error.hint)
    if "oom" in seen:
        return _out_of_memory(spec, container, {})
    return _by_status(spec, container, int(seen.get("die", _KILLED)))


def _events(engine: Engine, container: str, started: float) -> dict[str, str]:
    """Return what happened to the container, each with the exit status where it has one; raises EngineError."""
    seen: dict[str, str] = {}
    for _ in range(_TRIES):
        seen = container_events(engine, container, since=started)
        if "die" in seen:
            break
        time.sleep(_PAUSE)
    return seen
