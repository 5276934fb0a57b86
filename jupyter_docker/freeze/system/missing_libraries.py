"""The libraries that distributions are linked to and none of them brings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from jupyter_docker.freeze.scan.imports import Import
from jupyter_docker.freeze.system.library_files import LibraryFile
from jupyter_docker.freeze.system.table import SystemTable

# What a library opens only where it is of use: drivers of screens and databases, and what only others are linked to.
_OPENED_LATER = re.compile(r"(?:^|/)(?:plugins|qml|tests?)/|\.libs/")
_MODULE = re.compile(r"(?:\.[\w-]+)*\.so$")


def missing_libraries(
    files: Mapping[str, tuple[LibraryFile, ...]], imports: Iterable[Import], table: SystemTable
) -> Iterator[tuple[str, str]]:
    """Yield each distribution of ``files`` with a library that one of its modules needs, in order.

    What is reached through the libraries of other distributions counts for the one that needs it.
    """
    named = {name for found in imports for name in found.candidates}
    by_name = {name: file for brought in files.values() for file in brought for name in file.names}
    for distribution in sorted(files):
        first = [file for file in files[distribution] if not _OPENED_LATER.search(file.path)]
        if distribution in table.by_import:
            first = _imported(first, named, table.first)
        optional = table.optional.get(distribution, ())
        for name in sorted(_unmet(first, by_name)):
            if not any(name.startswith(each) for each in optional):
                yield distribution, name


def _imported(files: list[LibraryFile], named: set[str], first: tuple[str, ...]) -> list[LibraryFile]:
    """Return the modules that the code names, or those that any other would load."""
    modules = {_MODULE.sub("", file.path).replace("/", "."): file for file in files if _MODULE.search(file.path)}
    chosen = [file for module, file in modules.items() if any(f"{each}.".startswith(f"{module}.") for each in named)]
    return chosen or [file for module, file in modules.items() if module.rpartition(".")[2] in first]


def _unmet(files: Iterable[LibraryFile], by_name: Mapping[str, LibraryFile]) -> set[str]:
    """Return what is needed in the end and is not in ``by_name``."""
    pending, seen, unmet = [*files], set[str](), set[str]()
    while pending:
        for name in pending.pop().linkage.needed:
            if name in by_name and name not in seen:
                pending.append(by_name[name])
            elif name not in by_name:
                unmet.add(name)
            seen.add(name)
    return unmet
