"""What the files of a project declare: requirements.txt and pyproject.toml, beside a notebook or above it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from jupyter_docker.gate.project import Project
from jupyter_docker.notebook.requirements import read_requirement_file
from jupyter_docker.values.errors import UsageError
from jupyter_docker.values.script import Declared

_HIGHEST = 4  # folders above the notebook's


def project_requirements(folder: Path) -> tuple[Declared, ...]:
    """Return the requirements of the nearest folder that declares any, up to the top of the repository.

    Files that can't be read count for nothing: they are not about this notebook alone.
    """
    project = Project.of(folder)
    for here in [folder, *folder.parents][: _HIGHEST + 1]:
        files = [here / "requirements.txt", here / "pyproject.toml"]
        lines, toml = (path if path.is_file() and not project.refusal(path) else None for path in files)
        found = (*(_of_requirements(lines, project) if lines else ()), *(_of_project(toml) if toml else ()))
        if found or (here / ".git").exists() or here == Path.home():
            return found
    return ()


def _of_requirements(path: Path, project: Project) -> tuple[Declared, ...]:
    try:
        found = read_requirement_file(path, why=path.name, project=project, skip_invalid=True)
        return tuple(replace(each, origin="project") for each in found)
    except UsageError:
        return ()


def _of_project(path: Path) -> Iterator[Declared]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    project = document.get("project")
    lines = project.get("dependencies") if isinstance(project, dict) else None
    for line in lines if isinstance(lines, list) else ():
        if isinstance(line, str):
            yield Declared(requirement=line, why=path.name, origin="project")
