"""Classes that both sides can import."""

from __future__ import annotations

import enum
from collections import namedtuple
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple


@dataclass
class Point:
    x: float
    y: float = 0.0
    tags: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Frozen:
    name: str
    inner: Any = None

    def __post_init__(self) -> None:
        if self.name == "never":
            raise RuntimeError("a class's own code ran")

    @cached_property
    def length(self) -> int:
        return len(self.name)


@dataclass(slots=True)
class Slotted:
    a: int
    b: bytes


class Pair(NamedTuple):
    left: Any
    right: Any


Triple = namedtuple("Triple", "a b c")  # noqa: PYI024 - the other way to make one


class Colour(enum.Enum):
    RED = 1
    GREEN = "g"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Access(enum.Flag):
    READ = enum.auto()
    WRITE = enum.auto()


class Outer:
    @dataclass
    class Inner:
        value: int
