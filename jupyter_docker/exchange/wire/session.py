"""The container's side of a cell: inputs are read before it, outputs written after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .files import REPORT, ExchangeFolder
from .policy import ReadPolicy
from .problems import MalformedError, UnsupportedError, type_name
from .variables import pack, pack_for_trusting, read_variable


def load(path: str, names: Sequence[str], namespace: dict[str, Any]) -> None:
    """Give ``namespace`` the values in the folder ``path``: all of them or, where one can't be read, none.

    The folder's report says why: name → code and reason.
    """
    values, reasons = dict[str, Any](), dict[str, Any]()
    with ExchangeFolder(path) as folder:
        for number, name in enumerate(names):
            try:
                values[name] = read_variable(folder, number, ReadPolicy(), trust=True)
            except (MalformedError, UnsupportedError) as error:
                reasons[name] = [_code(error), str(error)]
        folder.write_json(REPORT, reasons)
    namespace.update({} if reasons else values)


def dump(path: str, names: Sequence[str], namespace: Mapping[str, Any], *, trust: bool = False) -> None:
    """Write the values of ``names`` into the folder ``path``; pickle those of no data format where ``trust``.

    The folder's report says why one is not there: name → code and reason.
    """
    reasons = dict[str, Any]()
    with ExchangeFolder(path) as folder:
        for number, name in enumerate(names):
            if name not in namespace:
                reasons[name] = ["missing", "the cell left no variable of that name"]
                continue
            value = namespace[name]
            try:
                (pack_for_trusting(value) if trust else pack(value)).write(folder, number)
            except (UnsupportedError, OSError, MemoryError) as error:
                kind = type_name(value)
                named = isinstance(error, UnsupportedError) and error.names == kind
                reasons[name] = [_code(error), f"{error}" if named else f"{error}, in a '{kind}'"]
        folder.write_json(REPORT, reasons)


def _code(error: Exception) -> str:
    return error.code if isinstance(error, UnsupportedError) else ""
