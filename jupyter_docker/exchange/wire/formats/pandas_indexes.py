"""The indexes of pandas."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pandas.arrays import NumpyExtensionArray
from pandas.tseries.frequencies import to_offset

from ..buffers import BufferWriter
from ..format import Format, Parts, Reading, expect
from ..problems import UnsupportedError

_WITH_FREQUENCY = (pd.DatetimeIndex, pd.TimedeltaIndex)


def values_of(value: Any) -> Any:
    """Return the array of an index or a series: numpy's where it is in one."""
    return value.to_numpy() if type(value.array) is NumpyExtensionArray else value.array


def _split_index(index: Any, _: BufferWriter) -> Parts:
    frequency = index.freq if isinstance(index, _WITH_FREQUENCY) else None
    if frequency is not None and to_offset(frequency.freqstr) != frequency:
        raise UnsupportedError(f"the frequency '{frequency}' has parameters")
    return Parts([type(index).__name__, frequency and frequency.freqstr], [values_of(index), index.name])


def _join_index(payload: Any, children: list[Any], _: Reading) -> Any:
    kind, frequency = payload
    values, name = children
    index: Any = pd.Index(values, dtype=values.dtype, name=name, copy=False, tupleize_cols=False)
    expect(type(index).__name__ == kind, "an index is of another type")
    if frequency is not None:
        expect(isinstance(index, _WITH_FREQUENCY), "an index has a frequency without times")
        index.freq = frequency  # which checks that the times have it
    return index


def _split_range(index: pd.RangeIndex, _: BufferWriter) -> Parts:
    return Parts([index.start, index.stop, index.step], [index.name])


def _join_range(payload: Any, children: list[Any], _: Reading) -> pd.RangeIndex:
    start, stop, step = payload
    return pd.RangeIndex(start, stop, step, name=children[0])


def _split_multi(index: Any, _: BufferWriter) -> Parts:
    return Parts(index.sortorder, [list(index.levels), list(index.codes), list(index.names)])


def _join_multi(payload: Any, children: list[Any], _: Reading) -> pd.MultiIndex:
    levels, codes, names = children
    expect(all(isinstance(level, pd.Index) for level in levels), "a level is no index")
    return pd.MultiIndex(levels, codes, payload, names=names, verify_integrity=True)


FORMATS = (
    Format(
        "pandas.index",
        (pd.Index, *_WITH_FREQUENCY, pd.PeriodIndex, pd.IntervalIndex, pd.CategoricalIndex),
        _split_index,
        join=_join_index,
        hashes=True,
    ),
    Format("pandas.range", (pd.RangeIndex,), _split_range, join=_join_range),
    Format("pandas.multi", (pd.MultiIndex,), _split_multi, join=_join_multi, hashes=True),
)
