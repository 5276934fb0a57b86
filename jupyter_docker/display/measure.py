"""Durations, amounts, percentages and positions as texts for people."""

from __future__ import annotations

from rich.filesize import decimal

from jupyter_docker.values import CellPosition, Failed, Progress

_MINUTE = 60
_HOUR = 3600
_TENTHS_BELOW = 10


def duration(seconds: float) -> str:
    """Return "0.7 s", "12 s", "3 min 5 s" or "2 h 0 min"."""
    tenths = round(max(seconds, 0), 1)
    if tenths < _TENTHS_BELOW:
        return f"{tenths:.1f} s"
    rounded = round(seconds)
    if rounded < _MINUTE:
        return f"{rounded} s"
    if rounded < _HOUR:
        return f"{rounded // _MINUTE} min {rounded % _MINUTE} s"
    return f"{rounded // _HOUR} h {rounded % _HOUR // _MINUTE} min"


def fraction(item: Progress) -> float | None:
    """Return how much of the item is done, from 0 to 1; None where it is unknown."""
    if item.done:
        return 1.0
    if item.current is None or not item.total:
        return None
    return min(max(item.current / item.total, 0.0), 1.0)


def amount(item: Progress) -> str:
    """Return "12.3 MB of 30.1 MB", "7 of 24", "12.3 MB", "cached", or nothing where nothing is known."""
    if item.cached:
        return "cached"
    if item.current is None:
        return ""
    write = decimal if item.unit == "bytes" else str
    return write(item.current) + (f" of {write(item.total)}" if item.total else "")


def plural(count: int, noun: str) -> str:
    """Return "1 line", "2 lines", "98,000 lines"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def position_text(failed: Failed) -> str:
    """Return "cell 3, line 2"; empty where that is not known, or in the message already."""
    return "" if failed.cell is None or failed.is_located else str(CellPosition(cell=failed.cell, line=failed.line))
