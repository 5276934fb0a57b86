"""A value of each kind that goes there and comes back, and what it means that two of them are the same."""

from __future__ import annotations

import math
import uuid
import zoneinfo
from array import array
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from ipaddress import ip_address, ip_network
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import polars.testing
import pyarrow as pa
from PIL import Image
from scipy import sparse

from tests.unit.exchange.exchange_classes import Access, Colour, Frozen, Level, Outer, Pair, Point, Slotted, Triple

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
MISSING = float("nan")


def plain() -> dict[str, Any]:
    return {
        "none": None,
        "booleans": [True, False],
        "integers": [0, -1, 2**63, -(2**64), 2**64, 10**5000],
        "floats": [0.1, -0.0, 1e308, 5e-324, math.inf, -math.inf, MISSING],
        "text": ["", "é\n\0", "\ud800", "😀", "long " * 2000],
        "nested": {"a": [1, {"b": [None, "x"]}], 2: {3.5: []}, None: True, (1, "k"): {"deep": [[[[]]]]}},
        "tuple": (1, ("a", ()), [2]),
        "set": {1, "a", (2, 3), frozenset({4})},
        "frozenset": frozenset({1, frozenset()}),
        "ordered dict": OrderedDict([("b", 1), ("a", 2)]),
        "counter": Counter("hello"),
        "default dict": defaultdict(list, {"a": [1]}),
        "deque": deque([1, 2, 3], maxlen=5),
        "bytes": [b"", b"\0\xff", bytes(10**6)],
        "bytearray": bytearray(b"abc"),
        "array": array("d", [1.5, 2.5]),
        "complex": [complex(1, -0.0), complex(math.inf, 2)],
        "range": range(2, 10**30, 3),
        "slice": slice(1, None, 2),
        "ellipsis": (..., NotImplemented),
        "decimal": [Decimal("1.10"), Decimal("-Infinity"), Decimal("1E+1000"), Decimal("-0")],
        "fraction": Fraction(-3, 2**70 + 1),
        "uuid": uuid.UUID(int=7),
        "path": [Path("a/b c.txt"), PurePosixPath("/x"), PureWindowsPath("C:\\x")],
        "addresses": [ip_address("127.0.0.1"), ip_address("::1"), ip_network("10.0.0.0/8")],
    }


def times() -> dict[str, Any]:
    ambiguous = datetime(2024, 10, 27, 2, 30, tzinfo=PARIS, fold=1)
    return {
        "date": date(2024, 2, 29),
        "datetime": [datetime(2024, 1, 1, 1, 2, 3, 4), datetime(1, 1, 1, tzinfo=UTC), ambiguous],  # noqa: DTZ001
        "time": [time(1, 2, 3, 4), time(1, fold=1), time(2, tzinfo=UTC)],
        "timedelta": [timedelta(-1, 5, 7), timedelta.max],
        "time zone": [UTC, timezone(timedelta(hours=-3), "BRT"), timezone(timedelta(seconds=1)), PARIS],
    }


def own_classes() -> dict[str, Any]:
    return {
        "dataclass": Point(1.5, tags=[Point(0.0)]),
        "frozen dataclass": {Frozen("a", (1, 2)): [Frozen("b")]},
        "slotted dataclass": Slotted(1, b"x"),
        "dataclass in a class": Outer.Inner(3),
        "named tuples": [Pair(1, "x"), Triple(1, 2, [3])],
        "enum": [Colour.RED, Colour.GREEN, Level.HIGH],
        "flag": [Access.READ, Access.READ | Access.WRITE, Access(0)],
    }


def arrays() -> dict[str, Any]:
    structured = np.dtype([("a", "<i4"), (("title", "b"), ">f8", (2, 3)), ("c", [("x", "u1")])])
    return {
        "matrix": np.arange(12.0).reshape(3, 4),
        "fortran order": np.asfortranarray(np.arange(12).reshape(3, 4)),
        "part of an array": np.arange(240).reshape(4, 6, 10)[::2, ::-1, 3],
        "big-endian": np.arange(3, dtype=">i2"),
        "large array": np.arange(400_000.0),
        "no elements": np.empty((0, 3), "f4"),
        "no dimension": np.array(2.5),
        "array of booleans": np.array([True, False]),
        "array of complex": np.array([1 + 2j, MISSING]),
        "array of texts": np.array(["a", "héllo"]),
        "array of bytes": np.array([b"a", b"bc"]),
        "array of times": np.array(["2024-01-01", "NaT"], "M8[D]"),
        "array of durations": np.array([1, 2], "m8[ns]"),
        "structured array": np.zeros(3, structured),
        "aligned array": np.ones(2, np.dtype([("a", "i1"), ("b", "f8")], align=True)),
        "array of objects": np.array([[1, "a", None], [{"k": [1]}, (1,), np.float32(2)]], object),
        "masked array": np.ma.masked_array([1, 2, 3], [False, True, False], fill_value=9),
        "numpy scalars": [
            np.float32(0.1),
            np.int8(-1),
            np.bool_(True),
            np.complex64(1j),
            np.datetime64("2024-01-01", "s"),
        ],
        "numpy texts": [np.str_("é\0"), np.bytes_(b"a\0"), np.timedelta64(3, "D"), np.float16(1.5)],
        "dtypes": [np.dtype("f8"), np.dtype("O"), structured, np.dtype("M8[us]")],
    }


def series_and_indexes() -> dict[str, Any]:
    months = pd.date_range("2024-01-01", periods=3, freq="MS", tz="Europe/Paris", name="when")
    return {
        "series": pd.Series([1.5, MISSING], index=["a", "b"], name=("n", 1)),
        "range index": pd.RangeIndex(1, 10, 3, name="i"),
        "index of texts": pd.Index(["a", "b"], name="k"),
        "index of objects": pd.Index([1, "a", (2, 3)], dtype=object, tupleize_cols=False),
        "index of times": months,
        "index of durations": pd.timedelta_range("1h", periods=3, freq="h"),
        "index of periods": pd.period_range("2024-01", periods=3, freq="Q"),
        "index of intervals": pd.interval_range(0, 3, closed="both"),
        "index of categories": pd.CategoricalIndex(["b", "a", "b"], categories=["b", "a", "c"], ordered=True),
        "multi-index": pd.MultiIndex.from_product([["a", "b"], months[:2]], names=["x", None]),
        "nullable": [pd.Series([1, None], dtype=name) for name in ("Int8", "UInt64", "Float32", "boolean")],
        "texts": [pd.Series(["a", None, "é"], dtype=name) for name in ("str", "string", "string[python]", object)],
        "categories": pd.Series(["x", None, "y"], dtype=pd.CategoricalDtype(["y", "x"], ordered=True)),
        "sparse series": pd.Series(pd.arrays.SparseArray([0, 0, 1, 2], fill_value=0)),
        "arrow series": pd.Series([[1], None], dtype=pd.ArrowDtype(pa.list_(pa.int64()))),
        "timestamps": [
            pd.Timestamp("2024-10-27 00:30Z").tz_convert(PARIS),
            pd.Timestamp("2024-01-01").as_unit("s"),
            pd.NaT,
        ],
        "pandas scalars": [pd.Timedelta("1D"), pd.Period("2024-01", "M"), pd.Interval(1, 2, closed="left"), pd.NA],
    }


def frames() -> dict[str, Any]:
    mixed = pd.DataFrame({
        "a": [1, 2], "b": ["x", None], "c": pd.Categorical(["u", "v"]), "d": pd.to_datetime(["2024", "2025"], utc=True),
        "e": pd.array([1, None]), "f": [[1], {"k": 2}], "g": np.array([1, 2], "m8[s]"),
    }, index=pd.MultiIndex.from_tuples([("p", 1), ("q", 2)], names=["n", None]))  # fmt: skip
    mixed.attrs = {"source": {"year": 2024}}
    twice = pd.DataFrame([[1, "a"], [2, "b"]], columns=["same", "same"])
    return {
        "frame": mixed,
        "frame of numbers": pd.DataFrame(np.arange(6.0).reshape(2, 3), columns=pd.Index(["x", "y", "z"], name="c")),
        "frame with two columns of one name": twice,
        "frame without rows": mixed.iloc[:0],
        "frame without columns": pd.DataFrame(index=[1, 2]),
        "frame of two levels": mixed.iloc[:, :2].T,
    }


def other_libraries() -> dict[str, Any]:
    frame = pl.DataFrame({
        "i": [1, None], "f": [1.5, MISSING], "s": ["x", None], "b": [True, None], "l": [[1], [2, None]],
        "n": [None, None],
        "d": [{"q": 1}, None], "t": [datetime(2024, 1, 1, tzinfo=PARIS), None], "y": [date(2024, 1, 1), None],
        "m": [Decimal("1.10"), None], "x": [b"a", None], "h": [time(1), None], "u": [timedelta(1), None],
        "c": pl.Series(["r", "g"], dtype=pl.Categorical), "e": pl.Series(["a", "b"], dtype=pl.Enum(["b", "a"])),
    })  # fmt: skip
    table = pa.table({
        "i": [1, None, 3], "s": ["x", None, "zz"], "l": [[1], None, [2, 3]], "d": [{"x": 1}, None, {"x": 2}],
        "c": pa.array(["a", "b", "a"]).dictionary_encode(), "n": pa.nulls(3), "m": pa.array([Decimal("1.1")] * 3),
        "k": pa.array([[("k", 1)], None, []], pa.map_(pa.string(), pa.int64())), "b": [True, None, False],
        "t": pa.array([1, 2, 3], pa.timestamp("us", "Europe/Paris")),
        "f": pa.array([[1, 2]] * 3, pa.list_(pa.int8(), 2)),
    }).replace_schema_metadata({"who": "me"})  # fmt: skip
    dense = np.array([[0, 1.5, 0], [2, 0, 0]])
    kinds = [getattr(sparse, f"{kind}_{form}") for kind in ("bsr", "coo", "csc", "csr", "dia", "dok", "lil")
             for form in ("array", "matrix")]  # fmt: skip
    palette = Image.new("P", (3, 2), 1)
    palette.putpalette(bytes(range(12)))
    palette.info["transparency"] = 1
    return {
        "polars frame": frame,
        "polars series": pl.Series("n", [[[1]], [None]], dtype=pl.List(pl.Array(pl.UInt8, 1))),
        "polars series in pieces": pl.concat([pl.Series([1, 2]), pl.Series([None, 4])], rechunk=False),
        "arrow table": table,
        "part of an arrow table": table.slice(1, 2),
        "arrow record batch": table.to_batches()[0],
        "arrow array": pa.array(["a", None] * 3)[1:4],
        "arrow schema": table.schema,
        "sparse": [kind(dense) for kind in kinds],
        "images": [Image.new(mode, (5, 3), 1) for mode in ("1", "L", "I", "F", "I;16")],
        "images of colours": [
            Image.effect_mandelbrot((9, 7), (-3, -2, 2, 2), 9).convert(mode) for mode in ("RGB", "RGBA", "CMYK")
        ],
        "image with a palette": palette,
    }


VALUES = plain() | times() | own_classes() | arrays() | series_and_indexes() | frames() | other_libraries()


def same_frame(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    pd.testing.assert_frame_equal(one, other, check_freq=True, check_flags=True)
    return one.attrs == other.attrs


def same_array(one: Any, other: Any) -> bool:
    if one.dtype == object:
        return one.shape == other.shape and same(one.ravel().tolist(), other.ravel().tolist())
    assert other.flags.f_contiguous if one.flags.fnc else other.flags.c_contiguous
    assert other.flags.writeable
    return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())


def same_mapping(one: Any, other: Any) -> bool:
    return list(map(repr, one)) == list(map(repr, other)) and all(
        same(one[k], v) for k, v in zip(one, other.values(), strict=True)
    )


def same_sparse(one: Any, other: Any) -> bool:
    return one.dtype == other.dtype and bool((one.toarray() == other.toarray()).all())


# The equality that each library defines.
SAME: dict[type, Callable[[Any, Any], Any]] = {
    float: lambda one, other: one.hex() == other.hex(),
    complex: lambda one, other: repr(one) == repr(other),
    list: lambda one, other: len(one) == len(other) and all(map(same, one, other)),
    dict: same_mapping,
    datetime: lambda one, other: (one, one.fold, one.tzinfo) == (other, other.fold, other.tzinfo),
    time: lambda one, other: (one, one.fold) == (other, other.fold),
    deque: lambda one, other: (one, one.maxlen) == (other, other.maxlen),
    defaultdict: lambda one, other: (one, one.default_factory) == (other, other.default_factory),
    Decimal: lambda one, other: one.as_tuple() == other.as_tuple(),
    np.ndarray: same_array,
    np.ma.MaskedArray: lambda one, other: repr(one) == repr(other) and same_array(one.mask, other.mask),
    pd.DataFrame: same_frame,
    pd.Series: lambda one, other: pd.testing.assert_series_equal(one, other, check_freq=True) is None,
    pl.DataFrame: lambda one, other: pl.testing.assert_frame_equal(one, other) is None,
    pl.Series: lambda one, other: pl.testing.assert_series_equal(one, other) is None,
    pa.Table: lambda one, other: other.validate(full=True) is None and one.equals(other, check_metadata=True),
    pa.Schema: lambda one, other: one.equals(other, check_metadata=True),
    pd.Timestamp: lambda one, other: (one, one.tz, one.unit) == (other, other.tz, other.unit),
    Image.Image: lambda one, other: one == other and one.info == other.info,
} | {kind: lambda one, other: one is other for kind in (type(pd.NaT), type(pd.NA))}  # fmt: skip


def same(one: Any, other: Any) -> bool:
    """Return whether two values are the same, of the same type."""
    assert type(one) is type(other), f"{type(one)} is not {type(other)}"
    if isinstance(one, pd.Index):
        pd.testing.assert_index_equal(one, other, exact=True)
        return getattr(one, "freq", None) == getattr(other, "freq", None)
    if isinstance(one, (sparse.sparray, sparse.spmatrix)):
        return bool(same_sparse(one, other))
    return bool(SAME.get(type(one), lambda one, other: one == other)(one, other))
