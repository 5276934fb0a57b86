"""Providers of import names: installed distributions, by what each of them recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from difflib import get_close_matches

from packaging.utils import canonicalize_name

from jupyter_docker.freeze.scan.imports import Import
from jupyter_docker.values import Distribution, PythonEnvironment

# How like the name has to be: "sklaern" is like "sklearn", "scikit" not like "scipy".
_LIKENESS = 0.75


class Providers:
    """The importable names of an environment."""

    def __init__(self, environment: PythonEnvironment) -> None:
        self._owners: dict[str, list[Distribution]] = defaultdict(list)
        self._below: dict[str, list[Distribution]] = defaultdict(list)
        for distribution in environment.distributions:
            for module in distribution.modules:
                self._owners[module].append(distribution)
                for parent in _parents(module):
                    self._below[parent].append(distribution)
        self.by_name: dict[str, Distribution] = {
            canonicalize_name(each.name): each for each in environment.distributions
        }

    def of(self, found: Import) -> list[Distribution] | None:
        """Return the distributions that the import needs, None where a part of it is provided by none."""
        needed: list[Distribution] = []
        for name in found.candidates:
            owners = self._of_name(name)
            if not owners:
                return None
            needed += [each for each in owners if each not in needed]
        return needed

    def of_script(self, program: str) -> list[Distribution]:
        """Return the distributions that installed a program of that name."""
        return [each for each in self.by_name.values() if program in each.scripts]

    def of_plugin(self, group: str, name: str) -> list[Distribution]:
        """Return the distributions with the entry point ``name`` in ``group``."""
        return [each for each in self.by_name.values() if f"{group}:{name}" in each.plugins]

    def missing(self, found: Import) -> str:
        """Return the part of the import that none provides: a module of a namespace by its full name."""
        for name in found.candidates:
            if not self._of_name(name) and any(parent in self._below for parent in _parents(name)):
                return name
        return found.module

    def like(self, name: str) -> str:
        """Return a sentence about an installed distribution that may be meant by ``name``; empty where none is."""
        names = {module.lower(): module for module in self._owners} | {each: each for each in self.by_name}
        for match in get_close_matches(name.lower(), names, n=1, cutoff=_LIKENESS):
            distribution = self.by_name.get(match) or self._owners[names[match]][0]
            provides = ", ".join(f"'{module}'" for module in distribution.modules[:3]) or "no module"
            return f"'{distribution.name}' is installed and provides {provides}."
        return ""

    def _of_name(self, name: str) -> list[Distribution]:
        """Return the owners of the longest known beginning of ``name``, or all below the namespace that it is."""
        for known in (name, *_parents(name)):
            if known in self._owners:
                return self._owners[known]
            if known in self._below:
                # A namespace has nothing of its own: an attribute of it would have to be one of the modules below.
                return self._below[known] if known == name else []
        return []


def _parents(module: str) -> Iterator[str]:
    """Yield "a.b" and "a" for "a.b.c"."""
    while "." in module:
        module = module.rpartition(".")[0]
        yield module
