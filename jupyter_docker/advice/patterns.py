"""Patterns of logs that more than one cause is known by, and the names that they find there."""

from __future__ import annotations

import re
from dataclasses import dataclass

MISSING_MODULE = r"No module named ['\"]([\w.]+)['\"]|Missing optional dependency ['\"]([\w.-]+)['\"]"
# What libraries say where they can do without it but not well.
SUGGESTED_MODULE = (
    r"No module named ['\"]?([\w.]+)|Missing optional dependency ['\"]([\w.-]+)['\"]|`?[Ii]mport (\w+)`? failed|"
    r"pip3? install (?:-\S+ )*['\"]?([A-Za-z][\w.-]*\w)|"
    r"requires? (?:the )?['\"`]?([\w.-]+)['\"`]? (?:package|to be installed)"
)
MISSING_FILE = r"(?:FileNotFoundError|No such file or directory)[^\n]*?['\"]([^'\"\n]+)['\"]"
MISSING_LIBRARY = r"(lib[\w.+-]+\.so[.\d]*): cannot open shared object file"
SUGGESTED_LIBRARY = rf"{MISSING_LIBRARY}|cannot load library '(lib[\w.+-]+)'"
MISSING_PROGRAM = (
    r"No such file or directory: ['\"](?:PosixPath\(')?([\w.+-]+)['\"]|(?:^|[:\s])([\w.+-]+): (?:command )?not found|"
    r"failed to execute (?:PosixPath\(')?['\"]?([\w.+-]+)"
)
DISK_FULL = r"(?i:no space left on device|disk quota exceeded)"
CERTIFICATE = (
    r"(?i:certificate[ _]verify[ _]failed|invalid peer certificate|certificate signed by unknown authority|"
    r"certificate verification failed|self.signed certificate)"
)
NO_NAME = (
    r"(?i:name resolution|temporary failure resolving|name or service not known|failed to lookup address|"
    r"could not resolve|no such host)"
)


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
        modules=_named(SUGGESTED_MODULE, end),
        libraries=_named(SUGGESTED_LIBRARY, end),
        programs=_named(MISSING_PROGRAM, end),
    )


def _named(pattern: str, text: str) -> tuple[str, ...]:
    matches = re.finditer(pattern, text, re.MULTILINE)
    return tuple(next(filter(None, match.groups())) for match in matches)
