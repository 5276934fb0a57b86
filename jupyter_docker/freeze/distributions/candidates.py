"""Candidates of a running kernel: distributions that it has loaded beyond those its code is known to need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType

from packaging.utils import canonicalize_name

from jupyter_docker.freeze.distributions.closure import find_closure
from jupyter_docker.freeze.distributions.providers import Providers
from jupyter_docker.freeze.distributions.resolve import Root, installed_root
from jupyter_docker.freeze.environment.loaded_imports import read_imports
from jupyter_docker.values import Distribution, LoadedModule, PythonEnvironment

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
    candidates: Sequence[Distribution], reached: Mapping[str, Distribution], environment: PythonEnvironment
) -> Iterator[Root]:
    """Yield the candidates that a loaded module of ``reached`` imports come what may, and none only tries to.

    One in a ``try:`` or under a condition is not needed for that; whether it was needed for another reason no trace can
    tell, so it stays a candidate.
    """
    owned = {module for each in reached.values() for module in each.modules}
    sources = {each.file: each.name for each in environment.loaded if _is_source(each, owned)}
    names = {each.name: {name for name in each.modules if not name.startswith("_")} for each in candidates}
    packages = frozenset(name.partition(".")[0] for each in names.values() for name in each)
    imports = read_imports(sources, packages, owner=str(environment.executable))
    for each in candidates:
        found = [
            (file, optional)
            for file, imported in imports.items()
            for module, optional in imported.items()
            if _is_below(module, names[each.name])
        ]
        if found and not any(optional for _, optional in found):
            why = f"{sources[found[0][0]]}, which was loaded, imports it"
            yield Root(name=canonicalize_name(each.name), version=each.version, why=(why,))


def _is_source(module: LoadedModule, owned: set[str]) -> bool:
    return module.file.endswith(".py") and _is_below(module.name, owned)


def _is_below(module: str, names: set[str]) -> bool:
    parts = module.split(".")
    return any(".".join(parts[:length]) in names for length in range(1, len(parts) + 1))
