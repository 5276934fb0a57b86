"""Requirements of a cell that a session's image lacks: its imports and its install lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from jupyter_docker.freeze import Import, Providers, find_imports, inspect_environment
from jupyter_docker.notebook import export_cell
from jupyter_docker.values import ContainerizeError, Event, Recipe, Script

_MAY_NEED = re.compile(r"import|^\s*[%!]|^\s*(?:pip|conda|mamba|uv)\s|///", re.MULTILINE)


def lacking(cell: str, recipe: Recipe, folder: Path) -> tuple[str, ...]:
    """Return the names that ``cell`` needs and an image of ``recipe`` has not; what it can do without is left out."""
    if not _MAY_NEED.search(cell):
        return ()
    try:
        script = export_cell(cell, folder=folder, emit=_ignore)
    except ContainerizeError:  # Python says why, when it runs
        return ()
    return tuple(dict.fromkeys((*_undeclared(script, recipe), *_unimportable(script, recipe))))


def _undeclared(script: Script, recipe: Recipe) -> Iterator[str]:
    held = _pinned(recipe)
    for declared in script.declared:
        try:
            name = Requirement(declared.requirement).name
        except InvalidRequirement:  # a file or an address
            name = declared.requirement
        if canonicalize_name(name) not in held and declared not in recipe.script.declared:
            yield name


def _unimportable(script: Script, recipe: Recipe) -> Iterator[str]:
    wanted = [each for each in find_imports(script) if not each.optional and each not in _imports(recipe)]
    if not wanted:
        return
    environment = inspect_environment()
    providers, held = Providers(environment), _pinned(recipe)
    for each in wanted:
        owners = providers.of(each)
        if each.top in environment.stdlib or (owners is None and _is_local(each, recipe)):
            continue
        if owners is None or not {canonicalize_name(owner.name) for owner in owners} <= held:
            yield each.module or each.path


def _imports(recipe: Recipe) -> tuple[Import, ...]:
    return find_imports(recipe.script)


def _pinned(recipe: Recipe) -> set[str]:
    return {canonicalize_name(pin.name) for pin in (*recipe.requirements.pins, *recipe.kernel)}


def _is_local(found: Import, recipe: Recipe) -> bool:
    tops = {file.target.parts[0].partition(".")[0] for file in recipe.requirements.local}
    return found.top in tops or found.path in {str(file.target) for file in recipe.requirements.local}


def _ignore(_event: Event) -> None:
    pass
