"""Reports of the container's side about its work: JSON of a few names and reasons, which may be forged."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from jupyter_docker.exchange.wire.files import REPORT, ExchangeFolder
from jupyter_docker.exchange.wire.policy import ReadPolicy
from jupyter_docker.exchange.wire.problems import MalformedError
from jupyter_docker.values import ExchangeError

_MAX_BYTES = 2**26  # bytes of memory
_MAX_TEXT = 300


class Reason(NamedTuple):
    """Why a variable failed: a ``code`` that `UnsupportedError` knows, or empty, and the text."""

    code: str
    text: str


def read_report(folder: Path) -> dict[str, Reason]:
    """Return name → reason for each variable that failed; raises ExchangeError where the report can't be read."""
    try:
        with ExchangeFolder(folder) as opened:
            report = opened.read_json(REPORT, ReadPolicy(limit=_MAX_BYTES))
    except (MalformedError, OSError) as error:
        hint = "The session may have ended: run the cell again, with --fresh if that does not help."
        raise ExchangeError(f"The container did not say what became of the variables: {error}.", hint=hint) from None
    if type(report) is not dict or not all(map(_is_reason, report.values())):
        raise ExchangeError("The container's report about the variables is not one.", hint="Run it with --fresh.")
    return {name: Reason(code, shortened(text)) for name, (code, text) in report.items()}


def _is_reason(value: object) -> bool:
    return type(value) is list and [type(part) for part in value] == [str, str]


def shortened(text: object) -> str:
    """Return a text of the container's as one line that can be shown anywhere."""
    line = "".join(character if character.isprintable() else " " for character in str(text)[: _MAX_TEXT + 1]).rstrip(
        ". "
    )
    return line if len(line) <= _MAX_TEXT else line[:_MAX_TEXT] + "…"
