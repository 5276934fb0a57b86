"""The diagnosis of a failed step: its log, looked up in the table of causes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jupyter_docker.advice.cause import Cause, Context, Step
from jupyter_docker.advice.code import CODE, START
from jupyter_docker.advice.installs import TOOLS, VERSIONS
from jupyter_docker.advice.network import DISK, NETWORK
from jupyter_docker.values import Advice

CAUSES = (*DISK, *NETWORK, *TOOLS, *VERSIONS, *CODE, *START)

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_CONTEXT = Context()
# A script goes on after many a failure, so that its last one counts; where packages are built or locked, the first.
_LAST_COUNTS = {"script"}


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What a log tells: the ``kind`` of failure ("unknown" where it is not known), and what to do about it.

    ``message`` says what failed; ``name`` is what the log names there, such as a module or a version's distribution.
    """

    kind: str = "unknown"
    message: str = ""
    name: str = ""
    advice: Advice = Advice()  # noqa: RUF009 - frozen

    def __bool__(self) -> bool:
        return self.kind != "unknown"


def diagnose(log: str, step: Step, context: Context = _CONTEXT, *, lines: int | None = None) -> Diagnosis:
    """Return the first cause in the table whose words are in the log.

    Args:
        log: What the step printed; colours in it are passed over.
        step: Which kind of step failed: the same words can mean another thing in each.
        context: What is known beside the log.
        lines: How many lines at the end of the log count; all of them where it is None.
    """
    plain = plain_text(log)
    if lines is not None:
        plain = "\n".join(plain.rstrip().splitlines()[-lines:])
    for cause in CAUSES:
        if step in cause.hints and (found := cause.find(plain, last=step in _LAST_COUNTS)):
            return _diagnosis(cause, found, step, context)
    return Diagnosis()


def plain_text(log: str) -> str:
    """Return the log without colours, which gcc and cargo put around their words where they are told to."""
    return _ANSI.sub("", log)


def _diagnosis(cause: Cause, found: re.Match[str], step: Step, context: Context) -> Diagnosis:
    groups = [group or "" for group in found.groups()]
    name = next(filter(None, groups), "")
    return Diagnosis(
        kind=cause.kind,
        message=cause.message.format(*groups, name=name, at=f": '{name}'" if name else "", image=context.spec.image),
        name=name,
        advice=cause.advice(step, name, context),
    )
