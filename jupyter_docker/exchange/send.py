"""Values → files that the container reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jupyter_docker.exchange.reports import read_report
from jupyter_docker.exchange.wire.files import ExchangeFolder
from jupyter_docker.exchange.wire.problems import UnsupportedError, type_name
from jupyter_docker.exchange.wire.variables import Packed, pack_for_trusting
from jupyter_docker.values import MissingNameError, NotSendableError


@dataclass(frozen=True, kw_only=True)
class SendPlan:
    """Values that can be sent, by name; arrays and frames are not copied, so they are written as they are then."""

    values: Mapping[str, Packed]

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in the order of their files."""
        return tuple(self.values)

    @property
    def size(self) -> int:
        """Bytes of the values' buffers."""
        return sum(packed.buffers.size for packed in self.values.values())


def plan_send(names: Iterable[str], namespace: Mapping[str, object]) -> SendPlan:
    """Return how to send the values of ``names``, as data or else pickled; nothing is written.

    Raises MissingNameError, or NotSendableError for a value that no other process can have (a lock, a socket, an open
    file, a generator, a module).
    """
    wanted = tuple(names)
    for name in wanted:
        if name not in namespace:
            hint = "Run the cell that defines it, or correct the name; nothing was run."
            raise MissingNameError(f"There is no variable '{name}' to send.", name=name, hint=hint)
    return SendPlan(values={name: _pack(name, namespace[name]) for name in wanted})


def _pack(name: str, value: object) -> Packed:
    try:
        return pack_for_trusting(value)
    except UnsupportedError as error:
        hint = "Leave it out, and make it in the cell that needs it; nothing was run."
        message = f"'{name}' ({type_name(value)}) can't be sent: {error}."
        raise NotSendableError(message, name=name, hint=hint) from None


def write_values(folder: Path, plan: SendPlan) -> None:
    """Write the values into ``folder``, a new and empty one; raises OSError."""
    with ExchangeFolder(folder) as opened:
        for number, packed in enumerate(plan.values.values()):
            packed.write(opened, number)


def check_loaded(folder: Path) -> None:
    """Raise NotSendableError where the container's kernel could not load a value: it then has none of them."""
    for name, (_, reason) in read_report(folder).items():
        hint = "The image has to have what the value is made of: import it in the cell, in the version used here."
        raise NotSendableError(f"'{name}' can't be read in the container: {reason}.", name=name, hint=hint)
