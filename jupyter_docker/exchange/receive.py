"""Files that the container wrote → values. They may be forged: see ``wire`` for what is read and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from jupyter_docker.exchange.reports import Reason, read_report, shortened
from jupyter_docker.exchange.wire.files import ExchangeFolder
from jupyter_docker.exchange.wire.policy import UntrustedPolicy
from jupyter_docker.exchange.wire.problems import MalformedError, UnsupportedError
from jupyter_docker.exchange.wire.variables import read_variable
from jupyter_docker.values import ExchangeError, NotReceivableError

_PART_OF_MEMORY = 0.8


@dataclass(frozen=True, kw_only=True)
class Received:
    """What came back, by name: ``values``, and why the others did not come; ``left`` of the limit, in bytes."""

    values: Mapping[str, Any]
    failures: Mapping[str, NotReceivableError]
    left: int


def read_values(
    folder: Path,
    names: Sequence[str],
    *,
    namespace: Mapping[str, object],
    trust: bool = False,
    limit: int | None = None,
) -> Received:
    """Return the values that the container wrote for ``names``; one that fails keeps no other from coming.

    Dataclasses, named tuples and enumerations are filled where ``namespace`` has their class.

    Args:
        folder: The exchange folder as the host sees it.
        names: The variables' names.
        namespace: The notebook's own names, by which classes are found; it is not changed.
        trust: Whether pickles are read.
        limit: The bytes that all values may take; None is four fifths of the free memory.
    """
    limit = _limit() if limit is None else limit
    policy = UntrustedPolicy(namespace=namespace, mapped=False, limit=limit)
    values, failures = dict[str, Any](), dict[str, NotReceivableError]()
    try:
        reasons = read_report(folder)
    except ExchangeError as error:
        failed = {name: _failure(name, error.message.rstrip(".")) for name in names}
        return Received(values={}, failures=failed, left=limit)
    for number, name in enumerate(names):
        try:
            values[name] = _read(folder, number, name, reasons, policy, trust=trust)
        except (MalformedError, UnsupportedError, OSError, MemoryError) as error:
            failures[name] = _failure(name, error)
    return Received(values=values, failures=failures, left=policy.limit or 0)


def _read(
    folder: Path, number: int, name: str, reasons: Mapping[str, Reason], policy: UntrustedPolicy, *, trust: bool
) -> Any:
    if name in reasons:
        raise UnsupportedError(reasons[name].text, code=reasons[name].code)
    with ExchangeFolder(folder) as opened:
        return read_variable(opened, number, policy, trust=trust)


def _limit() -> int:
    return int(_PART_OF_MEMORY * psutil.virtual_memory().available)


def _failure(name: str, reason: object) -> NotReceivableError:
    code = reason.code if isinstance(reason, UnsupportedError) else ""
    hint = "The cell's other results are not lost."
    if code == "format":
        hint = (
            "Bring back arrays, frames or plain values of it; or add --trust to unpickle it, which runs code of the "
            "container's choice here."
        )
    elif code == "class":
        hint = "Define or import that class in the notebook too, or bring back dataclasses.asdict(…) or a tuple."
    return NotReceivableError(f"'{name}' can't come back: {shortened(reason)}.", name=name, hint=hint)
