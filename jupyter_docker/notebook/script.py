"""A notebook, or one cell → Script: plain Python where the notebook is, else text for IPython."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal
from warnings import catch_warnings

from jupyter_docker.gate import Project
from jupyter_docker.notebook.cells import SourceCell, plain_text, source_cells
from jupyter_docker.notebook.layout import HEADER, layout, plain_layout
from jupyter_docker.notebook.requirements import read_requirement_file
from jupyter_docker.notebook.sections import Section, read_sections
from jupyter_docker.task_runner import read_parameters, read_parts
from jupyter_docker.values import Cell, Declared, Emit, Script, UsageError, slug

_HIGHEST = 4  # folders above the notebook's


def export_script(
    notebook: Mapping[str, Any],
    *,
    source: Path | None,
    name: str,
    emit: Emit,
) -> Script:
    """Return the script of ``notebook``.

    The same cells and tags give the same text; values of its parameters are set when it runs.

    Args:
        notebook: The notebook as JSON, of format 3 or 4.
        source: The notebook's file, beside which files that it installs from are; None where there is none.
        name: The name that the script is called after.
        emit: Called with each event.

    Raises:
        CellSyntaxError: A cell does not parse.
    """
    folder = source.parent if source is not None else Path()
    with catch_warnings(action="ignore"):  # Python's own, of the notebook's code, are left to the run
        sections, declared = read_sections(source_cells(notebook), folder, emit)
        return _script(sections, declared, name=name, source=source)


def export_cell(text: str, *, name: str = "cell", number: int = 1, folder: Path | None = None, emit: Emit) -> Script:
    """Return the script of one code cell.

    Args:
        text: The cell's source.
        name: The name that the script is called after.
        number: What Jupyter shows in the cell's brackets.
        folder: The notebook's folder, where files that it installs from are.
        emit: Called with each event.
    """
    kept = plain_text(text)
    cells = [SourceCell(kind="code", index=0, number=number, text=kept, tags=frozenset())] if kept.strip() else []
    with catch_warnings(action="ignore"):
        sections, declared = read_sections(cells, folder or Path(), emit)
        return _script(sections, declared, name=name, source=None)


def script_of_text(text: str, *, name: str) -> Script:
    """Return the script that an image has as the file ``name``; its cells are known by their marker lines alone."""
    parts = [part for part in read_parts(text) if part.name.startswith("cell ") and part.name[5:].isdecimal()]
    return Script(
        name=name,
        text=text,
        source=None,
        cells=tuple(
            Cell(number=int(part.name[5:]), index=index, first_line=part.line, source=part.source, code=part.source)
            for index, part in enumerate(parts)
        ),
        parameters=read_parameters(text),
        interpreter="ipython" if name.endswith(".ipy") else "python",
    )


def script_name(name: str, extension: Literal["py", "ipy"]) -> str:
    """Return a file name for ``name``; always with a hyphen in it, so that no import can find it.

    Without, the script of numpy.ipynb would itself be ``import numpy`` for the code that runs beside it.
    """
    stem = slug(name, fallback="my-notebook")
    return f"{stem if '-' in stem else f'{stem}-notebook'}.{extension}"


def _script(
    sections: Sequence[Section],
    declared: Sequence[Declared],
    *,
    name: str,
    source: Path | None,
) -> Script:
    laid = plain_layout(sections)
    plain = laid is not None
    text, cells = laid or layout(sections, HEADER)
    return Script(
        name=script_name(name, "py" if plain else "ipy"),
        text=text,
        source=source,
        cells=cells,
        parameters=read_parameters(text),
        declared=tuple(declared),
        project=() if source is None else project_requirements(source.absolute().parent),
        interpreter="python" if plain else "ipython",
    )


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
