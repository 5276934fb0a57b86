"""Advice: the log of a failed step to its cause, and to what mends it.

`diagnose` looks a log up in one table of causes, for scripts, verification, builds, locks, kernels and starts.
"""

from jupyter_docker.advice.cause import Cause, Context, Step
from jupyter_docker.advice.diagnosis import Diagnosis, diagnose, plain_text
from jupyter_docker.advice.missing import Missing, find_missing
from jupyter_docker.advice.scripts import missing_file_hint, script_failure, script_output

__all__ = [
    "Cause",
    "Context",
    "Diagnosis",
    "Missing",
    "Step",
    "diagnose",
    "find_missing",
    "missing_file_hint",
    "plain_text",
    "script_failure",
    "script_output",
]
