"""The stamp: what environment, data and image made a notebook's outputs, as the notebook itself keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

STAMP_KEY: Final = "stamp"
"""Its name in the notebook's metadata ``containerize``."""


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What made the outputs of a notebook.

    ``lock`` is the digest of all pins and system packages, ``packages`` are the versions of those that its code needs
    itself, ``data`` are digests by path. ``image``, ``base`` and ``engine`` are empty where no container made them.
    """

    time: str
    python: str
    lock: str
    packages: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    image: str = ""
    base: str = ""
    engine: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON has it, without what is empty."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, value: object) -> Stamp | None:
        """Return the stamp that a notebook has; None where it has none, or one of another form."""
        if not isinstance(value, Mapping):
            return None
        texts = {name: value.get(name, "") for name in ("time", "python", "lock", "image", "base", "engine")}
        tables = {name: value.get(name, {}) for name in ("packages", "data")}
        if not all(isinstance(text, str) for text in texts.values()):
            return None
        if not all(isinstance(table, Mapping) and _is_of_texts(table) for table in tables.values()):
            return None
        return cls(**texts, **tables)


def _is_of_texts(table: Mapping[Any, Any]) -> bool:
    return all(isinstance(text, str) for pair in table.items() for text in pair)
