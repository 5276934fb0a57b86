"""What stands in the way of a run without network, in classes, from what the script printed."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """A class of failures: ``needs`` completes "the notebook …", ``hint`` is what to do about it."""

    kind: str
    needs: str
    hint: str
    pattern: re.Pattern[str]


UNKNOWN = Obstacle(
    kind="unknown",
    needs="fails, in a way that no package mends",
    hint="The run's log has the whole traceback; correct that line, or add what it needs with --with or --apt.",
    pattern=re.compile(""),
)

# The first whose words are in the log: a name that can't be resolved goes before the file that was not downloaded.
_OBSTACLES = (
    Obstacle(
        kind="network",
        needs="needs the network",
        hint="Verification runs without one. Keep the downloaded file beside the notebook, or run it without --verify.",
        pattern=re.compile(
            r"name resolution|Name or service not known|Network is unreachable|gaierror|Max retries exceeded|"
            r"ConnectError|ConnectionError|URLError|No address associated|Could not resolve host",
            re.IGNORECASE,
        ),
    ),
    Obstacle(
        kind="file",
        needs="needs a file that is not there",
        hint="Put it beside the notebook, or correct the path.",
        pattern=re.compile(r"FileNotFoundError|No such file or directory|does not exist", re.IGNORECASE),
    ),
    Obstacle(
        kind="version",
        needs="meets packages whose versions do not fit together",
        hint="Run that cell here: if it fails here too, install versions that fit, and verify again.",
        pattern=re.compile(
            r"cannot import name|has no attribute|dtype size changed|compiled using NumPy|VersionConflict|"
            r"unexpected keyword argument|is required for a normal functioning|incompatible with",
        ),
    ),
    Obstacle(
        kind="platform",
        needs="needs another machine",
        hint="It needs a GPU, more memory, or another processor: see --gpus, --memory and --platform.",
        pattern=re.compile(
            r"CUDA|NVIDIA driver|Illegal instruction|Exec format error|MemoryError|no kernel image is available|"
            r"could not connect to display|no display name",
        ),
    ),
    Obstacle(
        kind="module",
        needs="needs a module that is not installed here",
        hint="Install it in the notebook's kernel, run the notebook there, and verify again.",
        pattern=re.compile(r"ModuleNotFoundError|Missing optional dependency"),
    ),
)


def find_obstacle(log: str) -> Obstacle:
    """Return the class of the failure that ``log`` ends in."""
    end = "\n".join(log.rstrip().splitlines()[-12:])
    return next((each for each in _OBSTACLES if each.pattern.search(end)), UNKNOWN)
