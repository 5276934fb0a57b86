"""Names of modules, libraries and programs that a log says are missing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jupyter_docker.advice import patterns

_LAST_LINES = 60


@dataclass(frozen=True, kw_only=True)
class Missing:
    """What the end of a log names, in its order: ``modules`` can also be names of distributions."""

    modules: tuple[str, ...]
    libraries: tuple[str, ...]
    programs: tuple[str, ...]


def find_missing(log: str) -> Missing:
    """Return what the last lines of the log say is missing."""
    end = "\n".join(log.rstrip().splitlines()[-_LAST_LINES:])
    return Missing(
        modules=_named(patterns.SUGGESTED_MODULE, end),
        libraries=_named(patterns.SUGGESTED_LIBRARY, end),
        programs=_named(patterns.MISSING_PROGRAM, end),
    )


def _named(pattern: str, text: str) -> tuple[str, ...]:
    matches = re.finditer(pattern, text, re.MULTILINE)
    return tuple(next(filter(None, match.groups())) for match in matches)
