"""numpy's scalars and dtypes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..buffers import BufferWriter
from ..format import Format, Parts, Reading, expect
from .arrays import describe, dtype_of

_MAX_SCALAR = 2**20  # bytes of a scalar
_CODES = "?bhilqpBHILQPefdgFDGMm"
# Where C has two types of one size, only one of them has a dtype of its own in a description.
_TYPES = {np.dtype(np.dtype(code).str).type for code in _CODES} | {np.void}
_DTYPES = {type(np.dtype(code)) for code in [*_CODES, "S", "U", "V", "O"]}


def _split_scalar(value: np.generic, _: BufferWriter) -> Parts:
    return Parts([describe(value.dtype), value.tobytes().hex()])


def _join_scalar(payload: Any, _: list[Any], __: Reading) -> Any:
    dtype, data = dtype_of(payload[0]), bytes.fromhex(payload[1])
    expect(dtype.itemsize == len(data) <= _MAX_SCALAR, "a scalar has another size")
    return np.ndarray((), dtype, data)[()]


def _split_dtype(value: np.dtype[Any], _: BufferWriter) -> Parts:
    return Parts("O" if value.char == "O" else describe(value))


def _join_dtype(payload: Any, _: list[Any], __: Reading) -> np.dtype[Any]:
    return np.dtype(object) if payload == "O" else dtype_of(payload)


def _join_text(payload: Any, _: list[Any], __: Reading) -> np.str_:
    expect(type(payload) is str, "a text is not one")
    return np.str_(payload)


FORMATS = (
    Format("numpy.scalar", tuple(_TYPES), _split_scalar, join=_join_scalar),
    Format("numpy.str", (np.str_,), lambda value, _: Parts(str.__str__(value)), join=_join_text),
    Format(
        "numpy.bytes", (np.bytes_,), lambda value, _: Parts(bytes.hex(value)),
        join=lambda payload, _, __: np.bytes_(bytes.fromhex(payload)),
    ),
    Format("numpy.dtype", tuple(_DTYPES), _split_dtype, join=_join_dtype),
)  # fmt: skip
