"""What a failed run says it lacks → the installed distribution or the Debian package that has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from jupyter_docker.freeze import default_base
from jupyter_docker.freeze.imports import Import
from jupyter_docker.freeze.providers import Providers
from jupyter_docker.freeze.system_table import system_table
from jupyter_docker.models import BaseSystem, PythonEnvironment, Requirements

_MODULE = re.compile(
    r"No module named ['\"]?([\w.]+)|Missing optional dependency ['\"]([\w.-]+)['\"]|`?[Ii]mport (\w+)`? failed|"
    r"pip3? install (?:-\S+ )*['\"]?([A-Za-z][\w.-]*\w)|"
    r"requires? (?:the )?['\"`]?([\w.-]+)['\"`]? (?:package|to be installed)"
)
_LIBRARY = re.compile(r"(lib[\w.+-]+\.so[.\d]*): cannot open shared object file|cannot load library '(lib[\w.+-]+)'")
_PROGRAM = re.compile(
    r"No such file or directory: ['\"](?:PosixPath\(')?([\w.+-]+)['\"]|(?:^|[:\s])([\w.+-]+): (?:command )?not found|"
    r"failed to execute (?:PosixPath\(')?['\"]?([\w.+-]+)",
    re.MULTILINE,
)
_LAST_LINES = 60


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
    end = "\n".join(log.rstrip().splitlines()[-_LAST_LINES:])
    pinned = {pin.name for pin in requirements.pins}
    system = {package.name.partition("=")[0] for package in requirements.system}
    found = [
        *(Repair(kind="requirements", name=name) for name in _distributions(end, environment) if name not in pinned),
        *(Repair(kind="apt", name=name) for name in _packages(end, base or default_base()) if name not in system),
    ]
    return tuple(dict.fromkeys(found))


def _distributions(text: str, environment: PythonEnvironment) -> Iterator[str]:
    providers = Providers(environment)
    by_distribution = {each.name: name for name, each in providers.by_name.items()}
    for groups in _MODULE.findall(text):
        name = next(filter(None, groups))
        named = providers.by_name.get(name.lower().replace("_", "-"))
        owners = providers.of(Import(module=name)) or ([named] if named else [])
        yield from (by_distribution[each.name] for each in owners)


def _packages(text: str, base: BaseSystem) -> Iterator[str]:
    table = system_table()
    for groups in _LIBRARY.findall(text):
        name = next(filter(None, groups))
        known = [each for each in table.libraries if each == name or each.startswith(f"{name}.so")]
        yield from (package for each in known for package in table.packages(each, base))
    for groups in _PROGRAM.findall(text):
        yield from table.packages(next(filter(None, groups)), base)
