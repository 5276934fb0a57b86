"""The case folders: a notebook, the environment it ran in, and what its image must have."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import cast

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.case_environments import Project, environment_with_project, shared_environment, site_packages

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One folder. ``needs`` are the distributions that the code itself needs; their dependencies come with them.

    ``added`` are versions of what is declared and not installed, ``why`` reasons that must be given, ``warned`` the
    beginnings of warnings, ``error`` that of the error in whose place nothing is frozen. ``project`` says how the
    folder of that name is installed.
    """

    name: str
    folder: Path
    environment: str
    notebook: str
    project: Project | None = None
    needs: tuple[str, ...] = ()
    local: tuple[str, ...] = ()
    added: Mapping[str, str] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
    warned: tuple[str, ...] = ()
    error: str = ""

    @property
    def path(self) -> Path:
        """The notebook's."""
        return self.folder / self.notebook

    def make_environment(self, temporary: Path) -> Path:
        """Return the environment's folder: a shared one, or one of its own in ``temporary``."""
        if self.project is None:
            return shared_environment(self.environment)
        return environment_with_project(temporary, self.environment, self.folder / "project", self.project)


def read_cases() -> list[Case]:
    """Return the cases, by name ("optional/parquet")."""
    return [_case(path.parent) for path in sorted(CASES.glob("*/*/case.toml"))]


def _case(folder: Path) -> Case:
    chosen = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    return Case(
        name=folder.relative_to(CASES).as_posix(),
        folder=folder,
        environment=chosen["environment"],
        notebook=chosen.get("notebook", f"{folder.name}.ipynb"),
        project=cast("Project | None", chosen.get("project")),
        needs=tuple(chosen.get("needs", ())),
        local=tuple(chosen.get("local", ())),
        added=chosen.get("added", {}),
        why=chosen.get("why", {}),
        warned=tuple(chosen.get("warned", ())),
        error=chosen.get("error", ""),
    )


def installed(environment: Path) -> dict[str, Distribution]:
    """Return what is installed in the environment, by normalized name."""
    found = distributions(path=[str(site_packages(environment))])
    return {canonicalize_name(each.metadata["Name"]): each for each in found}


def expected_closure(names: tuple[str, ...], host: dict[str, Distribution]) -> set[str]:
    """Return ``names`` and what they require here, as far as it is installed."""
    reached, pending = set[str](), list(names)
    while pending:
        name = pending.pop()
        if name not in reached and name in host:
            reached.add(name)
            requirements = [Requirement(line) for line in host[name].requires or ()]
            needed = [each for each in requirements if each.marker is None or each.marker.evaluate({"extra": ""})]
            pending += [canonicalize_name(each.name) for each in needed]
    return reached
