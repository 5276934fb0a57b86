"""System packages: the libraries and programs that the code and its distributions need and the base image lacks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from jupyter_docker.freeze.scan.imports import Import, Scan
from jupyter_docker.freeze.system.library_files import LibraryFile, library_files
from jupyter_docker.freeze.system.table import SystemTable, system_table
from jupyter_docker.values import BaseSystem, Emit, Pin, PythonEnvironment, SystemPackage, Warned

# What a library opens only where it is of use: drivers of screens and databases, and what only others are linked to.
_OPENED_LATER = re.compile(r"(?:^|/)(?:plugins|qml|tests?)/|\.libs/")
_MODULE = re.compile(r"(?:\.[\w-]+)*\.so$")

_OPENS = frozenset({"CDLL", "LoadLibrary", "dlopen"})  # of ctypes and cffi
_LATEST_RELEASE = "trixie"  # of the official images, where the base image can't be asked


def default_base(tag: str = "") -> BaseSystem:
    """Return what an official slim image has, as far as the table goes; its ``tag`` may name Debian's release."""
    release = next((name for name in ("bookworm", "trixie", "jammy", "noble") if name in tag), _LATEST_RELEASE)
    return BaseSystem(release=release, libraries=system_table().base_libraries)


def system_packages(
    scans: Sequence[Scan],
    pins: Sequence[Pin],
    environment: PythonEnvironment,
    *,
    base: BaseSystem,
    direct: Collection[str] | None = None,
    loaded: Sequence[str] = (),
    chosen: Sequence[SystemPackage] = (),
    left_out: Sequence[str] = (),
    emit: Emit,
) -> tuple[SystemPackage, ...]:
    """Return the packages by name, with what needs each: the ``chosen`` ones, and what is found to be missing.

    ``direct`` are the pins that the code itself needs (None: all): a program counts only for those, since others may
    never start it. ``loaded`` are libraries that the running kernel has. What is ``left_out`` is never added.
    """
    reasons: dict[str, dict[str, str]] = {}
    taken = {package.name.partition("=")[0] for package in chosen} | set(left_out)
    for need, who, reason in _needs(scans, pins, environment, direct, loaded):
        for name in set(system_table().packages(need, base)) - taken:
            reasons.setdefault(name, {}).setdefault(who, reason)
    if reasons and not base.has_apt:
        _warn_without_apt(reasons, emit)
        reasons = {}
    found = [SystemPackage(name=name, why="; ".join(why.values())) for name, why in reasons.items()]
    kept = [package for package in chosen if package.name not in left_out]
    return tuple(sorted([*kept, *found], key=lambda package: package.name))


def _needs(
    scans: Sequence[Scan],
    pins: Sequence[Pin],
    environment: PythonEnvironment,
    direct: Collection[str] | None,
    loaded: Iterable[str],
) -> Iterator[tuple[str, str, str]]:
    """Yield each library or program that something needs, what needs it, and that in words."""
    table, names = system_table(), [pin.name for pin in pins]
    files = library_files(environment, names)
    imports = [found for scan in scans for found in scan.imports]
    linked = missing_libraries(files, imports, table)
    opened = (
        (name, need)
        for name in names
        for need in table.of_distribution(name, [file.path for file in files.get(name, ())], names)
        if need not in table.programs or direct is None or name in direct
    )
    for name, need in (*linked, *opened):
        leaner = f" ({table.leaner[name]} does not)" if name in table.leaner else ""
        yield need, name, f"{name} needs {need}{leaner}"
    for found in imports:
        if not found.optional:
            yield from ((need, found.why, found.why) for need in table.modules.get(found.top, ()))
    for scan in scans:
        yield from ((program.name, program.why, program.why) for program in scan.programs)
        yield from ((need, use.why, f"{use.why} starts {need}") for use in scan.uses for need in table.started_by(use))
        opening = [use for use in scan.uses if use.name.rpartition(".")[2] in _OPENS]
        yield from ((text, use.why, f"{use.why} {text}") for use in opening for text in use.texts)
    for library in loaded:
        if library not in table.of_python:
            yield library, "kernel", f"the running kernel has loaded {library}"


def _warn_without_apt(reasons: dict[str, dict[str, str]], emit: Emit) -> None:
    needed = "; ".join(dict.fromkeys(reason for each in reasons.values() for reason in each.values()))
    message = f"The base image has no apt-get, so what is missing there is not installed: {needed}."
    emit(Warned(step="freeze", message=message, hint="Choose a base image that has it, or a Debian one, with --base."))


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
