"""The single values of pandas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..buffers import BufferWriter
from ..format import Format, Parts, Reading, expect
from .pandas_arrays import zone_of

_MISSING = {"NaT": pd.NaT, "<NA>": pd.NA}


def _split_time(value: Any, _: BufferWriter) -> Parts:
    return Parts([int(value.asm8.view("i8")), value.unit], [zone_of(getattr(value, "tz", None))])


def _join_timestamp(payload: Any, children: list[Any], _: Reading) -> Any:
    made: Any = pd.Timestamp(np.datetime64(*payload))
    return made if children[0] is None else made.tz_localize("UTC").tz_convert(children[0])


def _join_timedelta(payload: Any, _: list[Any], __: Reading) -> Any:
    return pd.Timedelta(np.timedelta64(*payload))


def _join_period(payload: Any, _: list[Any], __: Reading) -> Any:
    ordinal, frequency = payload
    expect(type(ordinal) is int, "a period is no number")
    return pd.Period(ordinal=ordinal, freq=frequency)


FORMATS = (
    Format("pandas.timestamp", (pd.Timestamp,), _split_time, join=_join_timestamp),
    Format("pandas.timedelta", (pd.Timedelta,), _split_time, join=_join_timedelta),
    Format(
        "pandas.period", (pd.Period,), lambda value, _: Parts([value.ordinal, value.freqstr]), join=_join_period
    ),
    Format(
        "pandas.interval", (pd.Interval,), lambda value, _: Parts(value.closed, [value.left, value.right]),
        join=lambda payload, children, _: pd.Interval(children[0], children[1], payload),
    ),
    Format(
        "pandas.missing", (type(pd.NaT), type(pd.NA)), lambda value, _: Parts(str(value)),
        join=lambda payload, _, __: _MISSING[payload],
    ),
)  # fmt: skip
