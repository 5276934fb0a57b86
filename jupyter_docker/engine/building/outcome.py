"""The error of a failed build, from its log."""

from __future__ import annotations

import re

from jupyter_docker.advice import Context, diagnose
from jupyter_docker.freeze import system_table
from jupyter_docker.values import Advice, BaseImageError, BuildError, DiskFullError, EngineError, EngineLostError

_SHOWN_LINES = 15
_NO_SPACE = re.compile(r"no space left on device|disk quota exceeded", re.IGNORECASE)
_NO_BASE = re.compile(
    r"failed to resolve source metadata|pull access denied|no match for platform in manifest|manifest unknown"
    r"|Head \"https?://\S+/manifests/|Get \"https?://\S+/v2/"
)
_LOST = re.compile(
    r"error reading from server|closing transport|code = Unavailable|Cannot connect to the Docker daemon"
    r"|connection reset by peer|no active session|failed to dial|use of closed network connection"
)
_COMMAND = re.compile(r'process ".*" did not complete successfully: ', re.DOTALL)
_COMMAND_OF_CLASSIC = re.compile(r"The command '.*' returned a non-zero code", re.DOTALL)
_UNKNOWN = "The end of the step's log says why; `jupyter containerize export` writes the Dockerfile, to try by hand."


def build_failed(*, step: str, log: str, reason: str) -> EngineError:
    """Return the error for a build that stopped at ``step`` (empty where it began none) after printing ``log``."""
    text = f"{log}\n{reason}"
    if _NO_SPACE.search(text):
        return DiskFullError(f"The engine's disk is full: the build stopped at '{step or reason}'.")
    if _LOST.search(reason):
        return EngineLostError(f"The container engine went away during the build: {reason.rstrip('.?')}.")
    if _NO_BASE.search(reason):
        return BaseImageError(f"The base image can't be had: {reason}.", hint=_advice(reason).hint)
    ending = _COMMAND_OF_CLASSIC.sub("exit code", _COMMAND.sub("", reason)).rstrip(".")
    advice = _advice(text)
    return BuildError(
        f"The build failed at '{step}': {ending}." if step else f"The build failed: {ending}.",
        step_name=step,
        log_tail="\n".join(log.splitlines()[-_SHOWN_LINES:]),
        hint=advice.hint or _UNKNOWN,
        fixes=advice.fixes,
    )


def build_cut_off(program: str, number: int) -> BuildError:
    """Return the error for a build whose ``program`` was ended by that signal; the engine gives up what it began."""
    return BuildError(
        f"The build was cut off: '{program}', which sees to it, was ended by signal {number}.",
        hint="Run the command again. If nobody ended it, this machine ran out of memory: end other programs first.",
    )


def _advice(log: str) -> Advice:
    return diagnose(log, "build", Context(debian_package=system_table().for_building)).advice
