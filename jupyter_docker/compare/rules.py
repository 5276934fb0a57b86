"""Rules of a cell: how near two numbers must be, and what its tags, comments and metadata say to leave out."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from jupyter_docker.compare.findings import Part
from jupyter_docker.notebook import METADATA_KEY

ALL: Final = "all"
# https://nbval.readthedocs.io/en/latest/: as a tag with hyphens, or as a comment in capitals.
_IGNORING = frozenset({"nbval-ignore-output", "nbval-skip", "pytest-validate-ignore-output"})
_RAISING = frozenset({"nbval-raises-exception", "raises-exception"})
_COMMENT = re.compile(r"^[ \t]*#[ \t]*((?:NBVAL|PYTEST_VALIDATE)_[A-Z_]+)", re.MULTILINE)
_PARTS = frozenset(get_args(Part)) | {ALL}


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What holds for one cell. ``ignored`` are parts of its outputs, or "all"; ``may_fail`` is where it is to raise."""

    rtol: float = 1e-6
    atol: float = 1e-12
    ignored: frozenset[str] = frozenset()
    may_fail: bool = False

    def ignores(self, part: Part) -> bool:
        """Whether what differs in this part is left out."""
        return part in self.ignored or ALL in self.ignored

    def are_close(self, one: float, other: float) -> bool:
        """Whether two numbers are the same within the tolerances; not a number is close to another such."""
        if math.isnan(one) or math.isnan(other):
            return math.isnan(one) and math.isnan(other)
        return math.isclose(one, other, rel_tol=self.rtol, abs_tol=self.atol)


def rules_of(cell: Mapping[str, Any], notebook: Mapping[str, Any]) -> Rules:
    """Return the rules of a cell: its own metadata ``containerize.compare``, else the notebook's, and its tags."""
    said = {**_said(notebook.get("metadata")), **_said(cell.get("metadata"))}
    words = _tags(cell) | {_as_tag(word) for word in _COMMENT.findall(str(cell.get("source", "")))}
    ignored = {ALL} if words & _IGNORING else _ignored(said.get("ignore"))
    default = Rules()
    return Rules(
        rtol=_tolerance(said.get("rtol"), default.rtol),
        atol=_tolerance(said.get("atol"), default.atol),
        ignored=frozenset(ignored),
        may_fail=bool(words & _RAISING),
    )


def _said(metadata: Any) -> dict[str, Any]:
    own = metadata.get(METADATA_KEY) if isinstance(metadata, Mapping) else None
    said = own.get("compare") if isinstance(own, Mapping) else None
    return dict(said) if isinstance(said, Mapping) else {}


def _tags(cell: Mapping[str, Any]) -> set[str]:
    tags = cell.get("metadata", {}).get("tags")
    return {_as_tag(tag) for tag in tags if isinstance(tag, str)} if isinstance(tags, list) else set()


def _as_tag(word: str) -> str:
    return word.lower().replace("_", "-")


def _ignored(value: Any) -> set[str]:
    if value is True:
        return {ALL}
    return {each for each in value if each in _PARTS} if isinstance(value, list) else set()


def _tolerance(value: Any, default: float) -> float:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf
    return float(value) if usable else default
