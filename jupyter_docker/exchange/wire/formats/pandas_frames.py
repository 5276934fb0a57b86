"""pandas frames and series."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..buffers import BufferWriter
from ..format import Format, Parts, Reading, expect
from .pandas_indexes import values_of


def _split_series(series: pd.Series, _: BufferWriter) -> Parts:
    children = [series.index, series.name, series.attrs, values_of(series)]
    return Parts(series.flags.allows_duplicate_labels, children)


def _join_series(payload: Any, children: list[Any], _: Reading) -> Any:
    index, name, attrs, values = children
    return _finish(_series(values, index, name), payload, attrs)


def _series(values: Any, index: Any, name: Any = None) -> Any:
    expect(isinstance(index, pd.Index) and len(index) == len(values), "an index has another length than its values")
    # With its dtype said, pandas does not look for a better one.
    return pd.Series(values, index=index, name=name, dtype=values.dtype, copy=False)


def _finish(made: Any, duplicates: Any, attrs: Any) -> Any:
    expect(type(attrs) is dict, "the attributes are no dict")
    made.attrs = attrs
    return made if duplicates else made.set_flags(allows_duplicate_labels=False)


def _split_frame(frame: pd.DataFrame, _: BufferWriter) -> Parts:
    children: list[Any] = [frame.index, frame.columns, frame.attrs]
    dtypes = set(frame.dtypes)
    uniform = len(dtypes) == 1 and isinstance(next(iter(dtypes)), np.dtype)
    children += [frame.to_numpy()] if uniform else [values_of(frame.iloc[:, i]) for i in range(frame.shape[1])]
    return Parts([frame.flags.allows_duplicate_labels, "whole" if uniform else "columns"], children)


def _join_frame(payload: Any, children: list[Any], _: Reading) -> Any:
    duplicates, layout = payload
    index, columns, attrs, *values = children
    if layout == "whole":
        made = pd.DataFrame(values[0], index=index, columns=columns, dtype=values[0].dtype, copy=False)
    else:
        made = pd.DataFrame({i: _series(column, index) for i, column in enumerate(values)}, index=index, copy=False)
        expect(len(columns) == len(values), "a frame has another number of columns")
        made.columns = columns
    return _finish(made, duplicates, attrs)


FORMATS = (
    Format("pandas.series", (pd.Series,), _split_series, join=_join_series),
    Format("pandas.frame", (pd.DataFrame,), _split_frame, join=_join_frame),
)
