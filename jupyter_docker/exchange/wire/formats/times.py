"""Dates, times and time zones."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from ..buffers import BufferWriter
from ..format import Format, Parts, Reading, expect
from ..problems import UnsupportedError

_DATETIME = ("year", "month", "day", "hour", "minute", "second", "microsecond")
_TIME = ("hour", "minute", "second", "microsecond")


def _split_datetime(value: Any, _: BufferWriter) -> Parts:
    names = _DATETIME if isinstance(value, datetime) else _TIME
    return Parts([*(getattr(value, name) for name in names), value.fold], [value.tzinfo])


def _join_datetime(payload: Any, children: list[Any], _: Reading) -> datetime:
    *parts, fold = payload
    return datetime(*parts, *_zone(children), fold=fold)  # noqa: DTZ001


def _join_time(payload: Any, children: list[Any], _: Reading) -> time:
    *parts, fold = payload
    return time(*parts, *_zone(children), fold=fold)


def _zone(children: list[Any]) -> list[Any]:
    expect(len(children) == 1 and type(children[0]) in {type(None), timezone, ZoneInfo}, "a time zone is not one")
    return children


def _split_zone(value: ZoneInfo, _: BufferWriter) -> Parts:
    if value.key is None:
        raise UnsupportedError("a time zone has no name")
    return Parts(value.key)


def _join_zone(payload: Any, _: list[Any], __: Reading) -> ZoneInfo:
    return ZoneInfo(payload)  # which refuses names that leave the folder of time zones


def _split_offset(value: timezone, _: BufferWriter) -> Parts:
    offset, *name = value.__getinitargs__()  # type: ignore[attr-defined]
    return Parts(name, [offset])


def _join_offset(payload: Any, children: list[Any], _: Reading) -> timezone:
    return timezone(*children, *payload)


FORMATS = (
    Format(
        "date", (date,), lambda value, _: Parts([value.year, value.month, value.day]),
        join=lambda payload, _, __: date(*payload),
    ),
    Format("datetime", (datetime,), _split_datetime, join=_join_datetime),
    Format("time", (time,), _split_datetime, join=_join_time),
    Format(
        "timedelta", (timedelta,), lambda value, _: Parts([value.days, value.seconds, value.microseconds]),
        join=lambda payload, _, __: timedelta(*payload),
    ),
    Format("zoneinfo", (ZoneInfo,), _split_zone, join=_join_zone),
    Format("timezone", (timezone,), _split_offset, join=_join_offset),
)  # fmt: skip
