"""One thing that `doctor` looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "advice", "problem"]


@dataclass(frozen=True, kw_only=True)
class Check:
    """What was found: ``detail`` says it, ``remedy`` what to do where ``level`` is not "ok".

    An "advice" does not stop anything; a "problem" does. ``repair`` is what mends it from here: the base image can be
    pulled, and disk space be freed.
    """

    name: str
    detail: str
    level: Level = "ok"
    remedy: str = ""
    repair: Literal["", "pull", "free"] = ""

    @property
    def ok(self) -> bool:
        """Whether a notebook can be built and run as far as this goes."""
        return self.level != "problem"
