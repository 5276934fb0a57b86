"""What a running kernel has loaded beyond what its code is known to need: libraries load much without needing it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType

from packaging.utils import canonicalize_name

from jupyter_docker.freeze.closure import find_closure
from jupyter_docker.freeze.guards import walk
from jupyter_docker.freeze.imports import parse
from jupyter_docker.freeze.providers import Providers
from jupyter_docker.freeze.resolve import Root, installed_root
from jupyter_docker.models import Distribution, LoadedModule, PythonEnvironment

_OF_THE_KERNEL = ("debugpy", "ipykernel", "ipython", "jupyter-containerize")


def loaded_modules(modules: Mapping[str, ModuleType]) -> tuple[LoadedModule, ...]:
    """Return the modules of a process (``sys.modules``) with the files they came from, by name."""
    files = {name: getattr(module, "__file__", None) for name, module in list(modules.items())}
    return tuple(LoadedModule(name=name, file=file) for name, file in sorted(files.items()) if isinstance(file, str))


def find_candidates(
    reached: Mapping[str, Distribution], environment: PythonEnvironment, markers: Mapping[str, str]
) -> list[Distribution]:
    """Return the loaded distributions outside ``reached`` (by normalized name) and outside what the kernel needs."""
    providers = Providers(environment)
    own = [installed_root(providers.by_name[name], why="") for name in _OF_THE_KERNEL if name in providers.by_name]
    known = {*reached, *find_closure(own, environment, markers).distributions}
    loaded = {module.name for module in environment.loaded}
    return [
        each
        for name, each in sorted(providers.by_name.items())
        if name not in known and any(module in loaded for module in each.modules if not module.startswith("_"))
    ]


def needed_candidates(
    candidates: Iterable[Distribution], reached: Mapping[str, Distribution], environment: PythonEnvironment
) -> Iterator[Root]:
    """Yield the candidates that a loaded module of ``reached`` imports come what may, and none only tries to.

    One in a ``try:`` or under a condition is not needed for that; whether it was needed for another reason no trace can
    tell, so it stays a candidate.
    """
    owned = {module for each in reached.values() for module in each.modules}
    sources = [each for each in environment.loaded if _is_below(each.name, owned) and each.file.endswith(".py")]
    texts = {each.name: _read(Path(each.file)) for each in sources}
    for candidate in candidates:
        names = [name for name in candidate.modules if not name.startswith("_")]
        found = [(module, optional) for module, text in texts.items() for optional in _imports(text, names)]
        if found and not any(optional for _, optional in found):
            why = f"{found[0][0]}, which was loaded, imports it"
            yield Root(name=canonicalize_name(candidate.name), version=candidate.version, why=(why,))


def _imports(text: str, names: list[str]) -> Iterator[bool]:
    """Yield for each import of one of ``names`` in the source whether it can do without."""
    pattern = "|".join(re.escape(name) for name in names)
    if not re.search(rf"(?:import|from)\s+(?:{pattern})\b", text):
        return
    tree = parse(text)
    for node, optional in walk(tree) if tree else ():
        imported = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            imported = [node.module or ""]
        if any(_is_below(each, names) for each in imported):
            yield optional


def _is_below(module: str, names: Iterable[str]) -> bool:
    known = names if isinstance(names, set | frozenset) else set(names)
    parts = module.split(".")
    return any(".".join(parts[:length]) in known for length in range(1, len(parts) + 1))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
