"""polars frames and series: numbers and times as numpy arrays, all else as lists of values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from ..buffers import BufferWriter
from ..format import Format, Parts, Reading, expect
from ..problems import UnsupportedError

_NUMBERS = ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64", "Float32", "Float64")
_PLAIN = (*_NUMBERS, "Boolean", "String", "Binary", "Date", "Time", "Null", "Object", "Categorical", "Int128")
_AS_ARRAYS = {*_NUMBERS, "Boolean", "Date", "Time", "Datetime", "Duration"}


def _describe(dtype: Any) -> Any:
    """Return a dtype as JSON: its name and what it is made of."""
    dtype = dtype() if isinstance(dtype, type) else dtype  # as older versions have it
    name = type(dtype).__name__
    if name in _PARTS:
        return [name, *_PARTS[name](dtype)]
    if name not in _PLAIN or dtype != getattr(pl, name)():
        raise UnsupportedError(f"the dtype '{dtype}' has no written form")
    return [name]


_PARTS: dict[str, Callable[[Any], list[Any]]] = {
    "Datetime": lambda dtype: [dtype.time_unit, dtype.time_zone],
    "Duration": lambda dtype: [dtype.time_unit],
    "Decimal": lambda dtype: [dtype.precision, dtype.scale],
    "Enum": lambda dtype: [dtype.categories.to_list()],
    "List": lambda dtype: [_describe(dtype.inner)],
    "Array": lambda dtype: [_describe(dtype.inner), dtype.size],
    "Struct": lambda dtype: [[[field.name, _describe(field.dtype)] for field in dtype.fields]],
}


def _dtype_of(description: Any) -> Any:
    name, *parts = description
    if name in {"Datetime", "Duration", "Decimal", "Enum"}:
        return getattr(pl, name)(*parts)
    if name in {"List", "Array"}:
        return getattr(pl, name)(_dtype_of(parts[0]), *parts[1:])
    if name == "Struct":
        return pl.Struct([pl.Field(field, _dtype_of(inner)) for field, inner in parts[0]])
    expect(name in _PLAIN and not parts, f"there is no dtype '{name}'")
    return getattr(pl, name)()


def _split_series(series: pl.Series, _: BufferWriter) -> Parts:
    description = _describe(series.dtype)
    if description[0] not in _AS_ARRAYS:
        return Parts([series.name, description], [series.to_list(), None])
    missing = series.is_null().to_numpy() if series.null_count() else None
    physical = series.to_physical()
    if missing is not None:
        physical = physical.fill_null(value=False if description[0] == "Boolean" else 0)
    return Parts([series.name, description], [physical.rechunk().to_numpy(), missing])


def _join_series(payload: Any, children: list[Any], _: Reading) -> pl.Series:
    name, description = payload
    dtype, (values, missing) = _dtype_of(description), children
    if description[0] not in _AS_ARRAYS:
        expect(type(values) is list, "a series has no values")
        return pl.Series(name, values, dtype=dtype, strict=True)
    expect(type(values) is np.ndarray and values.ndim == 1 and values.dtype.kind in "biuf", "a series has no numbers")
    series = pl.Series(name, values).cast(dtype)
    if missing is None:
        return series
    expect(type(missing) is np.ndarray and missing.shape == values.shape, "a series and its mask differ in length")
    return pl.select(pl.when(pl.Series(missing)).then(None).otherwise(series).alias(name)).to_series()


def _join_frame(_: Any, children: list[Any], __: Reading) -> pl.DataFrame:
    expect(all(type(child) is pl.Series for child in children), "a column is no series")
    return pl.DataFrame(children)


FORMATS = (
    Format("polars.series", (pl.Series,), _split_series, join=_join_series),
    Format(
        "polars.frame", (pl.DataFrame,), lambda frame, _: Parts(children=frame.get_columns()), join=_join_frame
    ),
)  # fmt: skip
