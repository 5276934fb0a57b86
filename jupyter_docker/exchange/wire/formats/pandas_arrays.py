"""The arrays of pandas' own dtypes, which are the columns of frames and the values of indexes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import pandas_dtype
from pandas.arrays import (
    ArrowExtensionArray,
    ArrowStringArray,
    BooleanArray,
    DatetimeArray,
    FloatingArray,
    IntegerArray,
    IntervalArray,
    NumpyExtensionArray,
    PeriodArray,
    SparseArray,
    StringArray,
    TimedeltaArray,
)  # fmt: skip

from ..buffers import BufferWriter
from ..format import Format, Parts, Reading, expect
from ..problems import UnsupportedError
from .times import FORMATS as TIME_FORMATS

_array: Any = pd.array
_intervals: Any = IntervalArray.from_arrays
_ZONES = {kind for found in TIME_FORMATS for kind in found.types if found.kind in {"zoneinfo", "timezone"}}


def _split_masked(value: Any, _: BufferWriter) -> Parts:
    dtype = value.dtype.numpy_dtype
    return Parts(children=[value.to_numpy(dtype, na_value=dtype.type(0)), np.asarray(value.isna())])


def _join_masked(made: Any) -> Any:
    def join(_: Any, children: list[Any], __: Reading) -> Any:
        expect(all(type(each) is np.ndarray and each.ndim == 1 for each in children), "a column is not an array")
        data, mask = children
        expect(data.shape == mask.shape, "a column and its mask differ in length")
        return made(data, mask)

    return join


def _split_text(value: Any, _: BufferWriter) -> Parts:
    """Texts with None for what is missing; the storage only where it is not that side's own choice."""
    missing = "nan" if getattr(value.dtype, "na_value", pd.NA) is not pd.NA else "NA"
    storage = "" if value.dtype == _text_dtype("", missing) else value.dtype.storage
    objects: Any = np.array(value, object)
    objects[np.asarray(pd.isna(value))] = None
    return Parts([storage, missing], objects.tolist())


def _join_text(payload: Any, children: list[Any], reading: Reading) -> Any:
    if payload[0] == "pyarrow":
        reading.policy.require("pyarrow")
    expect(all(child is None or type(child) is str for child in children), "a column of texts has something else")
    return _array(children, dtype=_text_dtype(*payload))


def _text_dtype(storage: str, missing: str) -> pd.StringDtype:
    if missing == "NA":
        return pd.StringDtype(storage or None)  # type: ignore[arg-type]
    return pd.StringDtype(storage or None, na_value=np.nan)  # type: ignore[arg-type]


def zone_of(value: Any) -> Any:
    """Return a time zone as data: itself, or its name, which that side's pandas makes the same zone of."""
    if value is None or type(value) in _ZONES:
        return value
    if getattr(value, "zone", None) is None:
        raise UnsupportedError(f"the time zone '{value}' has no name")
    return value.zone


def _split_times(value: Any, _: BufferWriter) -> Parts:
    return Parts(value.unit, [value.asi8, zone_of(getattr(value, "tz", None))])


def _join_datetimes(payload: Any, children: list[Any], _: Reading) -> Any:
    numbers, zone = children
    naive = _array(_int64(numbers).view(f"M8[{payload}]"), dtype=f"M8[{payload}]", copy=False)
    return naive if zone is None else pd.Series(naive).dt.tz_localize("UTC").dt.tz_convert(zone).array


def _join_timedeltas(payload: Any, children: list[Any], _: Reading) -> Any:
    return _array(_int64(children[0]).view(f"m8[{payload}]"), dtype=f"m8[{payload}]", copy=False)


def _int64(numbers: Any) -> np.ndarray[Any, Any]:
    expect(type(numbers) is np.ndarray and numbers.dtype == np.int64 and numbers.ndim == 1, "times are not numbers")
    return np.ascontiguousarray(numbers)


def _join_periods(payload: Any, children: list[Any], _: Reading) -> Any:
    return PeriodArray(_int64(children[0]), dtype=pd.PeriodDtype(payload))


def _split_categories(value: pd.Categorical, _: BufferWriter) -> Parts:
    return Parts(bool(value.ordered), [value.codes, value.categories])


def _join_categories(payload: Any, children: list[Any], _: Reading) -> pd.Categorical:
    codes, categories = children
    expect(type(codes) is np.ndarray and isinstance(categories, pd.Index), "a column of categories is not one")
    return pd.Categorical.from_codes(codes, categories=categories, ordered=bool(payload))  # which checks the codes


def _split_sparse(value: Any, _: BufferWriter) -> Parts:
    if not hasattr(SparseArray, "from_indices"):
        raise UnsupportedError("a sparse column takes pandas 3")
    positions = value.sp_index.to_int_index().indices
    return Parts([len(value), value.kind], [value.sp_values, positions, value.fill_value])


def _join_sparse(payload: Any, children: list[Any], _: Reading) -> Any:
    length, kind = payload
    values, positions, fill = children
    expect(type(values) is np.ndarray and type(positions) is np.ndarray, "a sparse column has no values")
    made: Any = SparseArray
    return made.from_indices(values, positions, length, fill, kind)  # which checks the positions


def _join_arrow(_: Any, children: list[Any], reading: Reading) -> ArrowExtensionArray:
    reading.policy.require("pyarrow")
    return ArrowExtensionArray(children[0])


def _split_numpy(value: Any, _: BufferWriter) -> Parts:
    return Parts(children=[value.to_numpy(copy=False)])


def _dtype_format() -> Format:
    names: Any = {
        type(pandas_dtype(name))
        for name in ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64", "Float32", "Float64")
    } | {pd.BooleanDtype}
    return Format(
        "pandas.dtype", tuple(names), lambda value, _: Parts(str(value)),
        join=lambda payload, _, __: {str(each()): each() for each in names}[payload],
    )  # fmt: skip


FORMATS = (
    Format("pandas.integers", (IntegerArray,), _split_masked, join=_join_masked(IntegerArray)),
    Format("pandas.floats", (FloatingArray,), _split_masked, join=_join_masked(FloatingArray)),
    Format("pandas.booleans", (BooleanArray,), _split_masked, join=_join_masked(BooleanArray)),
    Format("pandas.texts", (StringArray, ArrowStringArray), _split_text, join=_join_text),
    Format("pandas.datetimes", (DatetimeArray,), _split_times, join=_join_datetimes),
    Format("pandas.timedeltas", (TimedeltaArray,), _split_times, join=_join_timedeltas),
    Format(
        "pandas.periods", (PeriodArray,), lambda value, _: Parts(value.freqstr, [value.asi8]),
        join=_join_periods,
    ),
    Format(
        "pandas.intervals", (IntervalArray,), lambda value, _: Parts(value.closed, [value.left, value.right]),
        join=lambda payload, children, _: _intervals(*children, payload),
    ),
    Format("pandas.categories", (pd.Categorical,), _split_categories, join=_join_categories, hashes=True),
    Format("pandas.sparse", (SparseArray,), _split_sparse, join=_join_sparse),
    Format(
        "pandas.arrow", (ArrowExtensionArray,), lambda value, _: Parts(children=[value.__arrow_array__()]),
        join=_join_arrow,
    ),
    Format(
        "pandas.numpy", (NumpyExtensionArray,), _split_numpy,
        join=lambda _, children, __: NumpyExtensionArray(children[0]),
    ),
    _dtype_format(),
)  # fmt: skip
