"""The rows of a sweep: sets of values for a notebook's parameters, from a grid or a table, checked against them."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from jupyter_docker.task_runner import Parameter, ParameterError, checked, from_text, read_rows, split_value
from jupyter_docker.values import UsageError, counted

Row: TypeAlias = dict[str, Any]

MAX_ROWS = 100_000
_OPENING, _CLOSING = "([{", ")]}"


def grid_rows(parameters: Iterable[Parameter], arguments: Iterable[str], *, zipped: bool = False) -> list[Row]:
    """Return a row for each combination of the values of ``NAME=A,B,C`` or ``NAME=range(…)`` words.

    Raises UsageError for a name or a value that the notebook does not take.

    Args:
        parameters: The notebook's.
        arguments: What to try for each parameter; the last one changes fastest.
        zipped: Whether the first values make the first row, the second ones the second, and so on.
    """
    known = {each.name: each for each in parameters}
    try:
        axes = {name: list(_values(known, name, text)) for name, text in map(split_value, arguments)}
    except ParameterError as error:
        raise UsageError(error.message, hint=error.hint) from None
    lengths = {len(values) for values in axes.values()}
    if zipped and len(lengths) > 1:
        named = ", ".join(f"{name} has {len(values)}" for name, values in axes.items())
        raise UsageError(
            f"With --zip every parameter has as many values: {named}.", hint="Add some, or leave out --zip."
        )
    _check_count(math.prod(len(values) for values in axes.values()) if not zipped else max(lengths, default=0))
    combined = zip(*axes.values(), strict=True) if zipped else itertools.product(*axes.values())
    return [dict(zip(axes, values, strict=True)) for values in combined]


def table_rows(parameters: Iterable[Parameter], path: Path) -> list[Row]:
    """Return the rows of a table (CSV, JSON, JSON lines, Parquet); an empty field leaves the default.

    Raises UsageError for a file that can't be read, and for a name or a value that the notebook does not take.
    """
    known = {each.name: each for each in parameters}
    try:
        found = _parquet_rows(path) if path.suffix.lower() == ".parquet" else read_rows(str(path))
    except ParameterError as error:
        raise UsageError(error.message, hint=error.hint) from None
    _check_count(len(found))
    return [_checked(known, row, number, path) for number, row in enumerate(found)]


def rows_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the rows as JSON lines, which the program of an image reads."""
    return "".join(json.dumps(row, default=_plain) + "\n" for row in rows)


def _checked(known: Mapping[str, Parameter], row: Mapping[str, Any], number: int, path: Path) -> Row:
    try:
        return {name: checked(known, name, value) for name, value in row.items()}
    except ParameterError as error:
        raise UsageError(f"'{path.name}', row {number}: {error.message}", hint=error.hint) from None


def _values(known: Mapping[str, Parameter], name: str, text: str) -> Iterator[Any]:
    """Yield the values of one word: a range, a list where the parameter is none, else texts with commas between."""
    if (numbers := _range(text)) is not None:
        yield from (checked(known, name, number) for number in numbers)
        return
    for piece in _split(text):
        yield from_text(known, name, piece.strip())


def _range(text: str) -> range | None:
    """Return the numbers of ``range(…)`` with one to three whole numbers; None where it is something else."""
    text = text.strip()
    if not (text.startswith("range(") and text.endswith(")")):
        return None
    try:
        found = range(*map(int, text[len("range(") : -1].split(",")))
    except (TypeError, ValueError):
        raise ParameterError(f"'{text}' is not a range.", "Write range(STOP) or range(START, STOP, STEP).") from None
    try:
        _check_count(len(found))
    except OverflowError:
        raise ParameterError(f"'{text}' is too long.", f"A sweep has {MAX_ROWS} rows at most: split it.") from None
    return found


def _split(text: str) -> list[str]:
    """Return what is between the commas that are in no bracket and no quotes."""
    pieces, depth, quote, start = list[str](), 0, "", 0
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"" and not text[start:at].strip():
            quote = sign
        elif sign in _OPENING + _CLOSING:
            depth += 1 if sign in _OPENING else -1
        elif sign == "," and depth <= 0:
            pieces.append(text[start:at])
            start = at + 1
    return [*pieces, text[start:]]


def _check_count(count: int) -> None:
    if count == 0:
        raise UsageError("There are no rows to run.", hint="Give values: --grid alpha=0.1,0.2, or --table sets.csv")
    if count > MAX_ROWS:
        raise UsageError(f"That is {counted(count, 'row')}.", hint=f"A sweep has {MAX_ROWS} at most: split it.")


def _parquet_rows(path: Path) -> Sequence[Mapping[str, Any]]:
    try:
        from pyarrow import parquet
    except ImportError:
        hint = "Install pyarrow, or write it as CSV or JSON lines."
        raise ParameterError(f"'{path}' is Parquet, which can't be read here.", hint) from None
    try:
        return plain_rows(parquet.read_table(path).to_pylist())
    except (OSError, ValueError) as error:  # pyarrow's own are of these
        raise ParameterError(f"'{path}' can't be read: {error}", "Check the path.") from None


def plain_rows(rows: Iterable[Mapping[Any, Any]]) -> list[Row]:
    """Return rows of a frame without what is missing in them, and with the numbers of numpy as Python's."""
    return [{str(name): _plain(value) for name, value in row.items() if not _is_missing(value)} for row in rows]


def _is_missing(value: Any) -> bool:
    """Whether it is None, NaN, or another value that is not even itself (pandas' NA says neither)."""
    try:
        return value is None or bool(value != value)  # noqa: PLR0124
    except (TypeError, ValueError):
        return type(value).__name__ == "NAType"


def _plain(value: Any) -> Any:
    """Return the value as JSON can hold it."""
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=repr)
    for convert in ("item", "tolist", "isoformat"):  # of numpy, and of times
        if not isinstance(value, (str, bytes)) and hasattr(value, convert):
            try:
                return getattr(value, convert)()
            except (TypeError, ValueError):  # an array of more than one has no item
                continue
    return value if isinstance(value, (str, int, float, bool, list, dict, tuple)) else str(value)
