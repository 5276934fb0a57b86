"""The failure of a script, from what it printed: the cell and line, the error, and what to do about it."""

from __future__ import annotations

from pathlib import Path

from jupyter_docker.advice.cause import Context
from jupyter_docker.advice.diagnosis import diagnose, plain_text
from jupyter_docker.notebook import last_error, locate_failure
from jupyter_docker.values import Advice, RunResult, RunSpec, Script, ScriptFailedError, TimeLimitError

_TAIL = 64 * 1024
_SHELLS_FIRST = 126  # exit statuses from there on have a meaning of their own


def script_failure(script: Script, result: RunResult, spec: RunSpec, ending: str, hint: str) -> ScriptFailedError:
    """Return the error for a container that ended with another status than 0, or too late.

    The script's own words say more than the exit status, but for one that was stopped at the end of its timeout, which
    says nothing of why.

    Args:
        script: The script that ran, whose cells its lines are mapped back to.
        result: How the container ended.
        spec: The container, whose mounts and limits the fixes go by.
        ending: What the engine's side says of the exit status.
        hint: What it says to do.
    """
    if result.timed_out:
        return TimeLimitError(ending, hint=hint, log=str(result.log or ""))
    tail = script_output(result)
    position = locate_failure(script, tail)
    error = last_error(tail)
    message, advice = ending, Advice(hint=hint)
    if position is not None and error and not result.oom_killed:
        message = f"{error}\n    {script.line_of(position)}"
        known = diagnose(tail, "script", Context(spec=spec)).advice
        advice = known or Advice(hint="Correct that line, save the notebook, and run it again.")
    elif _ended_itself(result, tail):
        message = f"{ending}\n    {tail.rstrip().splitlines()[-1].strip()}"
        hint = "No exception was raised: the code called sys.exit, or its like. That is the last line it printed."
        advice = Advice(hint=hint)
    return ScriptFailedError(
        message.rstrip(),
        status=result.exit_code,
        hint=advice.hint,
        position=position,
        log=str(result.log or ""),
        fixes=advice.fixes,
    )


def _ended_itself(result: RunResult, tail: str) -> bool:
    """Whether the script printed something, and no exception."""
    own_status = 0 < result.exit_code < _SHELLS_FIRST and not result.oom_killed
    return own_status and bool(tail.strip()) and not last_error(tail)


def script_output(result: RunResult) -> str:
    """Return the end of what the script printed, without colours."""
    return plain_text(_log_tail(result.log))


def _log_tail(log: Path | None) -> str:
    if log is None or not log.exists():
        return ""
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - _TAIL))
        return stream.read().decode(errors="replace")


def missing_file_hint(error: str, spec: RunSpec) -> str:
    """Return what to do where an error names a missing file; empty where it does not."""
    found = diagnose(error, "script", Context(spec=spec))
    return found.advice.hint if found.kind == "file" else ""
