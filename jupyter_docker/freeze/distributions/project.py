"""What the project's own files declare is about all its notebooks: it constrains what is needed, and adds little."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from packaging.markers import UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from jupyter_docker.freeze.distributions.declared import DeclaredRequirement
from jupyter_docker.freeze.distributions.versions import allows
from jupyter_docker.values.environment import Distribution
from jupyter_docker.values.events import Emit, Warned
from jupyter_docker.values.script import Declared


def project_constraints(lines: Iterable[Declared], markers: Mapping[str, str]) -> dict[str, DeclaredRequirement]:
    """Return the requirements by normalized name, those for another platform and those without a name left out."""
    found: dict[str, DeclaredRequirement] = {}
    for line in lines:
        try:
            requirement = Requirement(line.requirement)
            applies = requirement.marker is None or requirement.marker.evaluate({**markers, "extra": ""})
        except (InvalidRequirement, UndefinedEnvironmentName):
            continue
        if applies and not requirement.url:
            found.setdefault(
                canonicalize_name(requirement.name), DeclaredRequirement(requirement=requirement, why=line.why)
            )
    return found


def warn_of_conflicts(
    constraints: Mapping[str, DeclaredRequirement], reached: Mapping[str, Distribution], emit: Emit
) -> None:
    """Say which of what is needed is installed in another version than the project declares."""
    for name, each in constraints.items():
        installed = reached.get(name)
        if installed is not None and not allows(each.requirement.specifier, installed.version):
            message = (
                f"'{each.requirement}' is declared ({each.why}), but {installed.version} is installed and is what is "
                "pinned."
            )
            emit(Warned(step="freeze", message=message, hint="Install what is declared, or correct the line."))
