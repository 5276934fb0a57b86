"""Variables of the notebook into a session, and back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from jupyter_docker.cells.sessions import OpenSession
from jupyter_docker.exchange import (
    AUTO,
    SendPlan,
    auto_names,
    check_loaded,
    dump_code,
    load_code,
    parse_names,
    plan_send,
    read_values,
    write_bundle,
    write_values,
)
from jupyter_docker.kernel import remove_folder
from jupyter_docker.values import ContainerizeError, ExchangeError, UsageError

_BUNDLE = "exchange.zip"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What goes in: the ``plan`` of values, and ``imports``, statements for what the notebook imported."""

    plan: SendPlan
    imports: tuple[str, ...] = ()


def wanted_inputs(arguments: Sequence[str], code: str, namespace: Mapping[str, object]) -> Wanted:
    """Return what the words after ``-i`` mean for the cell ``code`` (plain Python); nothing is written yet.

    Raises UsageError, or ExchangeError where a value is missing or can't be sent.
    """
    names, imports = list[str](), tuple[str, ...]()
    for argument in arguments:
        if argument.strip() != AUTO:
            names += parse_names(argument)
            continue
        try:
            found = auto_names(code, namespace)
        except SyntaxError:  # the cell fails with it, and takes nothing
            continue
        names, imports = [*names, *found.values], found.imports
    return Wanted(plan=plan_send(dict.fromkeys(names), namespace), imports=imports)


def wanted_outputs(arguments: Sequence[str]) -> tuple[str, ...]:
    """Return the names after ``-o``; raises UsageError."""
    names = tuple(dict.fromkeys(name for argument in arguments for name in parse_names(argument)))
    if AUTO in names:
        raise UsageError("-o has no 'auto'.", hint="Name what is to come back, as in -o model,score")
    return names


class Exchange:
    """Moves values between this kernel and ``opened``; ``run`` executes code in its kernel without a trace."""

    def __init__(self, opened: OpenSession, run: Callable[[str], None]) -> None:
        self._opened, self._run = opened, run

    def send(self, wanted: Wanted) -> None:
        """Import and send; raises ExchangeError, and then nothing of it is there."""
        if wanted.imports:
            self._run("\n".join(wanted.imports))
        names = wanted.plan.names
        if not names:
            return
        with self._transfer() as (folder, inside, bundle):
            write_values(folder, wanted.plan)
            self._run(load_code(bundle, inside, names))
            check_loaded(folder)

    def receive(self, names: Sequence[str], namespace: dict[str, Any], *, trust: bool) -> None:
        """Bring values back into ``namespace``; those that can come do, then ExchangeError is raised for the others."""
        with self._transfer() as (folder, inside, bundle):
            self._run(dump_code(bundle, inside, names, trust=trust))
            received = read_values(folder, names, namespace=namespace, trust=trust)
        namespace.update(received.values)
        failures = list(received.failures.values())
        if len(failures) == 1:
            raise failures[0]
        if failures:
            raise ExchangeError("\n".join(each.message for each in failures), hint=failures[0].hint)

    @contextmanager
    def _transfer(self) -> Iterator[tuple[Path, PurePosixPath, PurePosixPath]]:
        """Yield a new folder, its path inside and that of the code that works there; the folder goes afterwards."""
        inside = self._opened.inside
        if inside is None:
            raise ExchangeError(
                "The engine is on another machine, so variables can't go there.",
                hint="Write them to a file in a named volume, or use an engine on this machine.",
            )
        try:
            if not (self._opened.folder / _BUNDLE).exists():
                write_bundle(self._opened.folder)
            folder = self._opened.folder / secrets.token_hex(8)
            folder.mkdir(mode=0o700)
        except OSError as error:
            raise _no_room(error) from error
        try:
            yield folder, inside / folder.name, inside / _BUNDLE
        except OSError as error:
            raise _no_room(error) from error
        finally:
            remove_folder(folder)


def _no_room(error: OSError) -> ContainerizeError:
    reason = error.strerror or str(error)
    return ExchangeError(f"The variables can't be written: {reason}.", hint="Free some space, or set TMPDIR.")
