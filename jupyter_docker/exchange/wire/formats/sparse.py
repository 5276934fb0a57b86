"""scipy's sparse arrays and matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from ..buffers import BufferWriter
from ..format import Format, Parts, Reading, expect

_KINDS = ("bsr", "coo", "csc", "csr", "dia", "dok", "lil")
_CLASSES: dict[str, Any] = {
    name: getattr(sparse, name)
    for kind in _KINDS
    for name in (f"{kind}_array", f"{kind}_matrix")
    if hasattr(sparse, name)
}
_NAMES = {made: name for name, made in _CLASSES.items()}


def _split(value: Any, _: BufferWriter) -> Parts:
    """Take the arrays of its own layout; of lists and dicts of keys, those of its coordinates."""
    kind = value.format
    plain = value.tocoo() if kind in {"dok", "lil"} else value
    if kind == "dia":
        arrays = [plain.data, plain.offsets]
    elif kind in {"coo", "dok", "lil"}:
        arrays = [plain.data, *(plain.coords if hasattr(plain, "coords") else (plain.row, plain.col))]
    else:
        arrays = [plain.data, plain.indices, plain.indptr]
    return Parts([_NAMES[type(value)], [int(size) for size in value.shape]], arrays)


def _join(payload: Any, arrays: list[Any], _: Reading) -> Any:
    name, shape = payload
    made, kind, shape = _CLASSES[name], name.split("_")[0], tuple(shape)
    expect(all(type(each) is np.ndarray and not each.dtype.hasobject for each in arrays), "a part is no array")
    data, *positions = arrays
    if kind == "dia":
        return made((data, *positions), shape=shape)
    if kind in {"coo", "dok", "lil"}:
        plain = _CLASSES[name.replace(kind, "coo")]((data, tuple(positions)), shape=shape)
        return plain if kind == "coo" else made(plain)
    value = made((data, *positions), shape=shape)
    value.check_format(full_check=True)  # scipy's loops trust the positions
    return value


FORMATS = (Format("scipy.sparse", tuple(_NAMES), _split, join=_join),)
