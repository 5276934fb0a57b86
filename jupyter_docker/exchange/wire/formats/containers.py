"""The collections of Python."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from typing import Any

from ..buffers import BufferWriter
from ..format import Format, Parts, Reading, expect
from ..problems import UnsupportedError

# What a defaultdict may make; another function can't come as data.
_FACTORIES: dict[str, Callable[[], Any] | None] = {
    "": None, "bool": bool, "bytearray": bytearray, "bytes": bytes, "complex": complex, "dict": dict, "float": float,
    "frozenset": frozenset, "int": int, "list": list, "set": set, "str": str, "tuple": tuple,
}  # fmt: skip


def _items(value: Any, _: BufferWriter) -> Parts:
    return Parts(children=list(value))


def _pairs(value: Any, _: BufferWriter) -> Parts:
    return Parts(children=[*value.keys(), *value.values()])


def _fill_pairs(value: Any, _: Any, children: list[Any]) -> None:
    half = len(children) // 2
    expect(len(children) == 2 * half, "a key has no value")
    dict.update(value, zip(children[:half], children[half:]))  # noqa: B905 (Python 3.9)


def _split_default(value: defaultdict[Any, Any], writer: BufferWriter) -> Parts:
    names = {factory: name for name, factory in _FACTORIES.items()}
    if value.default_factory not in names:
        raise UnsupportedError("the factory of a defaultdict is a function")
    return Parts(names[value.default_factory], _pairs(value, writer).children)


def _fill_ordered(value: OrderedDict[Any, Any], _: Any, children: list[Any]) -> None:
    pairs: dict[Any, Any] = {}
    _fill_pairs(pairs, None, children)
    value.update(pairs)


def _blank_deque(payload: Any, _: Reading) -> deque[Any]:
    expect(payload is None or type(payload) is int, "a deque's length is no number")
    return deque(maxlen=payload)


FORMATS = (
    Format(
        "list", (list,), _items,
        blank=lambda *_: [],
        fill=lambda value, _, children: value.extend(children),
    ),
    Format("tuple", (tuple,), _items, join=lambda _, children, __: tuple(children)),
    Format(
        "set", (set,), _items,
        blank=lambda *_: set(),
        fill=lambda value, _, children: value.update(children),
        hashes=True,
    ),
    Format("frozenset", (frozenset,), _items, join=lambda _, children, __: frozenset(children), hashes=True),
    Format("dict", (dict,), _pairs, blank=lambda *_: {}, fill=_fill_pairs, hashes=True),
    Format("ordereddict", (OrderedDict,), _pairs, blank=lambda *_: OrderedDict(), fill=_fill_ordered, hashes=True),
    Format("counter", (Counter,), _pairs, blank=lambda *_: Counter(), fill=_fill_pairs, hashes=True),
    Format(
        "defaultdict", (defaultdict,), _split_default,
        blank=lambda payload, *_: defaultdict(_FACTORIES[payload]),
        fill=_fill_pairs,
        hashes=True,
    ),
    Format(
        "deque", (deque,), lambda value, _: Parts(value.maxlen, list(value)),
        blank=_blank_deque,
        fill=lambda value, _, children: value.extend(children),
    ),
)  # fmt: skip
