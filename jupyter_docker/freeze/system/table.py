"""The table of Debian packages in ``system_packages.toml``: by library, program, distribution and module."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from jupyter_docker.freeze.scan.uses import Use
from jupyter_docker.values import BaseSystem

_VERSION = re.compile(r"\.so\b.*")


@dataclass(frozen=True, kw_only=True)
class Started:
    """Programs that the methods ``names`` start where ``text`` is found in a text of the call."""

    names: frozenset[str]
    text: re.Pattern[str]
    programs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SystemTable:
    """What needs which library or program, and what package has that; names of distributions are normalized.

    ``by_import`` are distributions of which only the modules that the code names count, or the ``first`` ones.
    """

    base_libraries: frozenset[str]
    of_python: frozenset[str]
    libraries: Mapping[str, str]
    programs: Mapping[str, tuple[str, ...]]
    distributions: Mapping[str, tuple[str, ...]]
    brought_by: Mapping[str, tuple[str, ...]]
    leaner: Mapping[str, str]
    modules: Mapping[str, tuple[str, ...]]
    optional: Mapping[str, tuple[str, ...]]
    by_import: frozenset[str]
    first: tuple[str, ...]
    started: tuple[Started, ...]
    renamed: Mapping[str, Mapping[str, str]]
    headers: Mapping[str, str]
    links: Mapping[str, str]
    tools: Mapping[str, str]

    def packages(self, need: str, base: BaseSystem) -> tuple[str, ...]:
        """Return the packages that have a library or program; none where the base image has it or none is known."""
        if need in base.libraries or need in base.programs:
            return ()
        named = (self.libraries[need],) if need in self.libraries else self.programs.get(need, ())
        renamed = self.renamed.get(base.release, {})
        return tuple(renamed.get(name, name) for name in named)

    def for_building(self, kind: Literal["headers", "libraries", "links", "tools"], name: str) -> str:
        """Return the package that a build from source asks for by ``name``; empty where none is known."""
        if kind == "headers":
            known = [begin for begin in self.headers if name.startswith(begin)]
            return self.headers[max(known, key=len)] if known else ""
        if kind == "tools":
            return self.tools.get(name.lower().rpartition("-linux-gnu-")[2], "")
        return (self.libraries if kind == "libraries" else self.links).get(name, "")

    def started_by(self, use: Use) -> Iterator[str]:
        """Yield the programs that a method starts."""
        for each in self.started:
            if use.name.rpartition(".")[2] in each.names and any(map(each.text.search, ("", *use.texts))):
                yield from each.programs

    def of_distribution(self, name: str, files: Iterable[str], pinned: Collection[str]) -> Iterator[str]:
        """Yield what the distribution opens or starts and neither its own ``files`` nor others pinned bring."""
        names = [*files]
        for need in self.distributions.get(name, ()):
            stem = _VERSION.sub("", need)
            bundled = need != stem and any(file.rpartition("/")[2].startswith(stem) for file in names)
            if not bundled and not set(self.brought_by.get(need, ())) & set(pinned):
                yield need


def _started(entry: Mapping[str, Any]) -> Started:
    return Started(
        names=frozenset(entry["names"]), text=re.compile(entry.get("text", "")), programs=tuple(entry["programs"])
    )


@cache
def system_table() -> SystemTable:
    """Return the table; it is read once."""
    text = files("jupyter_docker.freeze.system").joinpath("system_packages.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return SystemTable(
        base_libraries=frozenset(table["base"]["libraries"]),
        of_python=frozenset(table["base"]["of_python"]),
        libraries=table["libraries"],
        leaner=table["leaner"],
        by_import=frozenset(table["by_import"]["distributions"]),
        first=tuple(table["by_import"]["first"]),
        started=tuple(_started(each) for each in table["started"]),
        renamed=table["renamed"],
        headers=table["headers"],
        links=table["links"],
        tools=table["tools"],
        **{
            key: {name: tuple(needs) for name, needs in table[key].items()}
            for key in ("programs", "distributions", "brought_by", "modules", "optional")
        },
    )
