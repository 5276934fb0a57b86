"""Data of JSON, Plotly and Vega held against each other by structure: key by key, number by number."""

from __future__ import annotations

import base64
import binascii
import json
import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from jupyter_docker.compare.findings import SAME, Finding, together
from jupyter_docker.compare.rules import Rules
from jupyter_docker.compare.text import Reader, nearness

# How a figure looks by itself, and what each drawing calls itself: no data, and no choice of the notebook's.
_STYLE: Final = frozenset({"template", "$schema", "usermeta", "uid", "uirevision", "config", "plotlyServerURL"})
_FORMATS: Final = {
    "f8": "d", "f4": "f", "i8": "q", "i4": "i", "i2": "h", "i1": "b", "u8": "Q", "u4": "I", "u2": "H", "u1": "B",
}  # fmt: skip
_MAX_LEAVES = 200_000
_MAX_DEPTH = 100


def is_structure(mime: str) -> bool:
    """Whether what has this type is data to be compared by structure."""
    return mime == "application/json" or (mime.startswith("application/vnd.") and mime.endswith("json"))


def compare_structures(saved: Any, new: Any, reader: Reader) -> Finding:
    """Return how two pieces of JSON data differ; the order of keys, and style, count for nothing.

    What is nested deeper than a person's data is, and Python can follow, is held against each other as text.
    """
    if _is_deep(saved) or _is_deep(new):
        return reader.compare(_flat(saved), _flat(new))
    if saved == new:
        return SAME
    one, other = _normal(saved), _normal(new)
    if one == other:
        return Finding(look="equivalent", note="only style and names differ")
    return together(_walk(one, other, reader, "", _Budget()))


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_MAX_DEPTH):
        level = [each for item in level for _, each in _items(item) if isinstance(each, list | Mapping)]
        if not level:
            return False
    return True


def _items(value: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _flat(value: Any) -> str:
    """Return each key with its depth and what it has, line by line."""
    lines, left = [], [(0, "", value)]
    while left:
        depth, key, item = left.pop()
        inner = [(depth + 1, str(name), each) for name, each in _items(item)]
        shown = f"{type(item).__name__} of {len(inner)}" if isinstance(item, list | Mapping) else json.dumps(item)
        lines.append(f"{depth} {key}: {shown}")
        left += reversed(inner)
    return "\n".join(lines)


class _Budget:
    """How many leaves are still compared; a figure of millions is compared by its equality alone."""

    def __init__(self) -> None:
        self.left = _MAX_LEAVES


def _walk(one: Any, other: Any, reader: Reader, path: str, budget: _Budget) -> Iterator[Finding]:
    """Yield a finding for each leaf, and for each part that only one side has."""
    budget.left -= 1
    if one == other or budget.left < 0:
        yield SAME if one == other else Finding(look="value", score=0.0, note=f"{path or 'the data'} differs")
    elif isinstance(one, dict) and isinstance(other, dict):
        for key in one | other:
            where = f"{path}.{key}" if path else key
            if key not in one or key not in other:
                yield Finding(look="value", score=0.0, note=f"'{where}' is {'new' if key in other else 'gone'}")
            else:
                yield from _walk(one[key], other[key], reader, where, budget)
    elif isinstance(one, list) and isinstance(other, list):
        yield from _walk_lists(one, other, reader, path, budget)
    else:
        yield _leaf(one, other, reader, path)


def _walk_lists(one: list[Any], other: list[Any], reader: Reader, path: str, budget: _Budget) -> Iterator[Finding]:
    if len(one) == len(other) and len(one) > 1 and _sorted(one) == _sorted(other):
        yield Finding(look="order", note=f"'{path}' is in another order")
        return
    for index, (a, b) in enumerate(zip(one, other, strict=False)):
        yield from _walk(a, b, reader, f"{path}[{index}]", budget)
    if len(one) != len(other):
        yield Finding(look="value", score=0.0, note=f"'{path}' has {len(one)} items → {len(other)} items")


def _leaf(one: Any, other: Any, reader: Reader, path: str) -> Finding:
    if _is_number(one) and _is_number(other):
        is_exact = isinstance(one, int) and isinstance(other, int) and reader.rules.rtol == Rules.rtol
        close = not is_exact and reader.rules.are_close(one, other)
        score = 1.0 if close else nearness(one, other)
        return Finding(look="equivalent" if close else "value", score=score, note=f"'{path}': {one} → {other}")
    if isinstance(one, str) and isinstance(other, str):
        finding = reader.compare(one, other)
        return Finding(look=finding.look, score=finding.score, note=f"'{path}': {finding.note}")
    return Finding(look="value", score=0.0, note=f"'{path}': {_brief(one)} → {_brief(other)}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _sorted(items: list[Any]) -> list[str]:
    return sorted(json.dumps(item, sort_keys=True, default=str) for item in items)


def _brief(value: Any) -> str:
    return json.dumps(value, default=str)[:40]


def _normal(value: Any) -> Any:
    """Return the data without style, arrays written out, and data sets by their place and not their digest."""
    if isinstance(value, list):
        return [_normal(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    array = _array(value)
    if array is not None:
        return array
    value = {key: item for key, item in value.items() if key not in _STYLE}
    sets = value.get("datasets")
    if isinstance(sets, dict):  # Vega-Lite names each by the digest of its content
        value = {**value, "datasets": list(sets.values()), "data": None}
    return {key: _normal(item) for key, item in value.items()}


def _array(value: Mapping[str, Any]) -> list[Any] | None:
    """Return the numbers of an array that Plotly 6 writes as bytes; None where it is none."""
    form, text = _FORMATS.get(str(value.get("dtype"))), value.get("bdata")
    if form is None or not isinstance(text, str):
        return None
    try:
        raw = base64.b64decode(text, validate=True)
        return [number for (number,) in struct.iter_unpack(f"<{form}", raw)]
    except (binascii.Error, struct.error, ValueError):
        return None
