"""A value → nodes (JSON) and buffers.

A document is ``{"version": 1, "root": CHILD, "nodes": [[id, kind, payload, [CHILD, …]], …]}``. A CHILD is an atom
(null, a truth value, a number, a text) as it is, or ``[id]`` for a node. So nestings of any depth are flat JSON, a
value that is used twice is one node, and one that contains itself refers to its own id. A node comes after its
children, except where it contains itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from .buffers import BufferWriter
from .problems import UnsupportedError, type_name
from .registry import format_of

VERSION = 1
MAX_DEPTH = 1000  # hash() of a tuple recurses in C, without a limit of its own
LONG_TEXT = 4096  # a longer one is a node, so that many uses of it are one
LONG_INT = 1 << 64
ATOMS = frozenset({type(None), bool, int, float, str})


def encode(value: object, buffers: BufferWriter) -> dict[str, Any]:
    """Return the document of ``value``, its bulk in ``buffers``; raises UnsupportedError where it is not all data."""
    encoder = _Encoder(buffers)
    root = encoder.encode(value)
    return {"version": VERSION, "root": root, "nodes": encoder.nodes}


class _Encoder:
    def __init__(self, buffers: BufferWriter) -> None:
        self.nodes: list[list[Any]] = []
        self._buffers = buffers
        self._ids: dict[int, int] = {}
        self._alive: list[object] = []  # so that no id() is used again
        self._open: list[_Open] = []
        self._positions: dict[int, int] = {}  # of the open ones, by their numbers

    def encode(self, value: object) -> Any:
        """Visit the values depth first, with a stack of our own in place of Python's."""
        if _is_atom(value):
            return value
        self._begin(value)
        while self._open:
            child = next(self._open[-1].waiting, self)
            if child is self:
                node = self._open.pop().node
                self.nodes.append(node)
                del self._positions[node[0]]
            elif len(self._open) >= MAX_DEPTH:
                raise UnsupportedError(f"it is nested more than {MAX_DEPTH} levels deep")
            else:
                self._begin(child)
        return [self._ids[id(value)]]

    def _begin(self, value: object) -> None:
        """Take a new value apart; its children are visited when each is asked for."""
        found = format_of(value)
        if found is None:
            name = type_name(value)
            raise UnsupportedError(f"'{name}' is not a data format", code="format", names=name)
        number = self._ids[id(value)] = len(self._ids)
        parts = found.split(value, self._buffers)
        self._alive += [value, parts.children]
        node: list[Any] = [number, found.kind, parts.payload, []]
        self._positions[number] = len(self._open)
        self._open.append(_Open(node, self._visit(parts.children, node[3]), filled=found.blank is not None))

    def _visit(self, children: Sequence[object], references: list[Any]) -> Iterator[object]:
        if _all_atoms(children):
            references.extend(children)
            return
        for child in children:
            if _is_atom(child):
                references.append(child)
                continue
            if id(child) not in self._ids:
                yield child
            references.append([self._ids[id(child)]])
            self._check_cycle(self._ids[id(child)])

    def _check_cycle(self, number: int) -> None:
        """Refuse a value that contains itself unless one on the way can be made empty, and filled later."""
        position = self._positions.get(number)
        if position is not None and not any(each.filled for each in self._open[position:]):
            raise UnsupportedError("it contains itself")


class _Open(NamedTuple):
    """A value whose children are being visited."""

    node: list[Any]
    waiting: Iterator[object]
    filled: bool


def _is_atom(value: object) -> bool:
    kind = type(value)
    if kind is str:
        return len(value) <= LONG_TEXT  # type: ignore[arg-type]
    if kind is int:
        return -LONG_INT < value < LONG_INT  # type: ignore[operator]
    return kind in ATOMS


def _all_atoms(values: Sequence[object]) -> bool:
    return set(map(type, values)) <= ATOMS and all(map(_is_atom, values))
