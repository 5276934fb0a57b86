"""Nodes and buffers → the value. What is read may be forged: each format's ``join`` must be safe for any input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .encoding import ATOMS, MAX_DEPTH, VERSION
from .format import Format, Reading, expect
from .problems import MalformedError
from .registry import format_named

_MAX_HASHED = (
    10**8
)  # values, in a second or so: tuples of the same tuples of the same … are small here but endless to hash
_NOT_HASHED = {"list", "dict", "set"}


def decode(document: Any, reading: Reading) -> Any:
    """Return the value of a document; raises MalformedError or UnsupportedError."""
    expect(type(document) is dict and document.get("version") == VERSION, "it is of another version")
    return _Decoder(document["nodes"], reading).decode(document["root"])


class _Decoder:
    def __init__(self, nodes: Any, reading: Reading) -> None:
        expect(type(nodes) is list and all(map(_is_node, nodes)), "a node is not one")
        self._nodes, self._reading = nodes, reading
        self._values: dict[int, Any] = {}
        self._depths: dict[int, int] = {}
        self._weights: dict[int, int] = {}
        self._formats: dict[int, Format] = {}
        self._missing: dict[int, int] = {}  # how many children a value still waits for
        self._waiting: dict[int, list[list[Any]]] = {}  # and who waits for a child
        self._left_to_hash = _MAX_HASHED

    def decode(self, root: Any) -> Any:
        """Make the values that may contain themselves first, empty; then all others, each after its children."""
        named = {kind: format_named(kind, self._reading.policy) for kind in {node[1] for node in self._nodes}}
        for number, kind, payload, _ in self._nodes:
            expect(number not in self._formats, "two values have the same number")
            found = self._formats[number] = named[kind]
            if found.blank is not None:
                self._values[number] = found.blank(payload, self._reading)
        for node in self._nodes:
            self._make_when_ready(node)
        expect(not self._waiting, "it refers to a value that is not there")
        return self._value(root)

    def _make_when_ready(self, node: list[Any]) -> None:
        """Make a value whose children are there, and then those that waited for it."""
        missing = {each[0] for each in node[3] if type(each) is list and each[0] not in self._values}
        if missing:
            self._missing[node[0]] = len(missing)
        for number in missing:
            self._waiting.setdefault(number, []).append(node)
        ready = [] if missing else [node]
        while ready:
            node = ready.pop()
            self._make(node, self._formats[node[0]])
            for other in self._waiting.pop(node[0], ()):
                self._missing[other[0]] -= 1
                ready += [] if self._missing[other[0]] else [other]

    def _make(self, node: list[Any], found: Format) -> None:
        number, _, payload, references = node
        self._weigh(number, references, found)
        children = references if set(map(type, references)) <= ATOMS else [self._value(each) for each in references]
        if found.fill is not None:
            found.fill(self._values[number], payload, children)
        elif found.join is not None:
            self._values[number] = found.join(payload, children, self._reading)

    def _weigh(self, number: int, references: Sequence[Any], found: Format) -> None:
        """Refuse what is too deep or takes too long to hash."""
        used = [child[0] for child in references if type(child) is list]
        weight = len(references) + sum(self._weights.get(child, 0) for child in used)
        self._weights[number] = 1 if found.kind in _NOT_HASHED else 1 + weight
        self._depths[number] = 1 + max((self._depths.get(child, 0) for child in used), default=0)
        self._left_to_hash -= weight if found.hashes else 0
        expect(self._depths[number] <= MAX_DEPTH, f"it is nested more than {MAX_DEPTH} levels deep")
        expect(self._left_to_hash >= 0, "its keys take too long to hash")

    def _value(self, reference: Any) -> Any:
        if type(reference) in ATOMS:
            return reference
        expect(type(reference) is list and len(reference) == 1, "a reference is not one")
        try:
            return self._values[reference[0]]
        except (KeyError, TypeError):
            raise MalformedError("it refers to a value that is not there") from None


def _is_node(node: Any) -> bool:
    return (
        type(node) is list
        and [type(part) for part in node[:2]] == [int, str]
        and len(node) == 4  # noqa: PLR2004
        and type(node[3]) is list
        and all(type(child) is not list or (len(child) == 1 and type(child[0]) is int) for child in node[3])
    )
