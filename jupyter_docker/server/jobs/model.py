"""A job, as the schema ``Job`` of openapi.yaml, and what was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self, TypeAlias

JobState: TypeAlias = Literal["queued", "running", "stopping", "succeeded", "failed", "cancelled", "lost"]
_ACTIVE = {"queued", "running", "stopping"}


@dataclass(frozen=True, kw_only=True)
class JobRequest:
    """What a job is asked to do; ``folder`` and ``words`` are where its command runs, and what it is given.

    ``server`` is the process that has the values of the variables ``secret_names``, which are nowhere else.
    """

    verb: str
    notebook: str
    image: str
    options: Mapping[str, Any]
    kernel_id: str
    secret_names: tuple[str, ...]
    container: str
    folder: str
    words: tuple[str, ...]
    server: str


@dataclass(frozen=True, kw_only=True)
class Job:
    """One job at one moment; see the schema for what the fields are."""

    id: str
    verb: str
    notebook: str
    image: str
    options: Mapping[str, Any]
    state: JobState
    created: str
    started: str = ""
    finished: str = ""
    seq: int = 0
    step: str = ""
    title: str = ""
    summary: str = ""
    hint: str = ""
    fixes: tuple[Mapping[str, str], ...] = ()
    error: str = ""
    exit_code: int | None = None
    cell: int | None = None
    line: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    container: str = ""
    secret_names: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()

    @property
    def active(self) -> bool:
        """Whether it has not ended."""
        return self.state in _ACTIVE

    def as_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return asdict(self)

    @classmethod
    def parse(cls, fields: Mapping[str, Any]) -> Self:
        """Return what `as_json` gave; raises KeyError or TypeError where it is another version's."""
        lists = {key: tuple(value) for key, value in fields.items() if isinstance(value, list)}
        return cls(**{**fields, **lists})
