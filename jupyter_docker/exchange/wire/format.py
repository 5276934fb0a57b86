"""The interface of a format: values of some types are taken apart into JSON, buffers and other values, and rebuilt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .buffers import BufferReader, BufferWriter
from .policy import ReadPolicy
from .problems import MalformedError


@dataclass(frozen=True)
class Parts:
    """A value taken apart: ``payload`` is JSON that ``json`` can write, ``children`` are values of any format."""

    payload: Any = None
    children: Sequence[Any] = ()


@dataclass(frozen=True)
class Reading:
    """What is needed to put a value together."""

    policy: ReadPolicy
    buffers: BufferReader


@dataclass(frozen=True)
class Format:
    """A data format of values of exactly the ``types``.

    ``split`` raises UnsupportedError for a value that it can't keep exactly; ``join`` must be safe for any payload and
    children, and raises whatever it likes for those that ``split`` does not make. A format of values that may contain
    themselves has ``blank`` and ``fill`` in place of ``join``.
    ``hashes`` says that children are hashed while it is put together.
    """

    kind: str
    types: tuple[type, ...]
    split: Callable[[Any, BufferWriter], Parts]
    join: Callable[[Any, list[Any], Reading], Any] | None = None
    blank: Callable[[Any, Reading], Any] | None = None
    fill: Callable[[Any, Any, list[Any]], None] | None = None
    hashes: bool = False


def expect(condition: object, what: str) -> None:
    """Raise MalformedError unless ``condition``."""
    if not condition:
        raise MalformedError(what)
