"""Repairs of a failed run: what its log says is missing, as the installed distribution or Debian package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from jupyter_docker.advice import Missing, find_missing
from jupyter_docker.freeze import Import, Providers, default_base, system_table
from jupyter_docker.values import BaseSystem, PythonEnvironment, Requirements


@dataclass(frozen=True, kw_only=True)
class Repair:
    """What to add: a distribution's name for ``kind`` "requirements", a Debian package's for "apt"; and why."""

    kind: Literal["requirements", "apt"]
    name: str
    why: str = ""

    @property
    def stored(self) -> str:
        """The text that is kept in the notebook's metadata."""
        return f"{self.name}  # {self.why}"


def find_repairs(
    log: str, requirements: Requirements, environment: PythonEnvironment, base: BaseSystem | None
) -> tuple[Repair, ...]:
    """Return what the end of ``log`` names and the image does not have yet; of distributions only installed ones."""
    missing = find_missing(log)
    pinned = {pin.name for pin in requirements.pins}
    system = {package.name.partition("=")[0] for package in requirements.system}
    found = [
        *(
            Repair(kind="requirements", name=name)
            for name in _distributions(missing, environment)
            if name not in pinned
        ),
        *(Repair(kind="apt", name=name) for name in _packages(missing, base or default_base()) if name not in system),
    ]
    return tuple(dict.fromkeys(found))


def _distributions(missing: Missing, environment: PythonEnvironment) -> Iterator[str]:
    providers = Providers(environment)
    by_distribution = {each.name: name for name, each in providers.by_name.items()}
    for name in missing.modules:
        named = providers.by_name.get(name.lower().replace("_", "-"))
        owners = providers.of(Import(module=name)) or ([named] if named else [])
        yield from (by_distribution[each.name] for each in owners)


def _packages(missing: Missing, base: BaseSystem) -> Iterator[str]:
    table = system_table()
    for name in missing.libraries:
        known = [each for each in table.libraries if each == name or each.startswith(f"{name}.so")]
        yield from (package for each in known for package in table.packages(each, base))
    for name in missing.programs:
        yield from table.packages(name, base)
