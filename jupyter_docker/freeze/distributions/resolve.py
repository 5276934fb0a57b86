"""The code's own needs: its imports and declared requirements as distributions, before their dependencies.

An import that nothing provides is an error, unless the code may run without it or what is declared may bring it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from packaging.utils import canonicalize_name

from jupyter_docker.freeze.distributions.declared import DeclaredRequirement, read_declared
from jupyter_docker.freeze.distributions.misspelled import warn_of_misspelled
from jupyter_docker.freeze.distributions.providers import Providers
from jupyter_docker.freeze.distributions.versions import allows
from jupyter_docker.freeze.local.files import find_module
from jupyter_docker.freeze.local.modules import find_local
from jupyter_docker.freeze.scan.imports import Import, Scan
from jupyter_docker.gate import Project
from jupyter_docker.values import (
    Declared,
    Distribution,
    Emit,
    LocalFile,
    PythonEnvironment,
    Unresolved,
    UnresolvedImportError,
    Warned,
    package_fix,
)


@dataclass(frozen=True, kw_only=True)
class Root:
    """A distribution that the code itself needs, its name normalized.

    ``version`` is the installed one; where it is empty, ``declared`` is the requirement as the user wrote it.
    ``cells`` are the numbers of the cells that need it.
    """

    name: str
    version: str = ""
    extras: tuple[str, ...] = ()
    declared: str = ""
    why: tuple[str, ...] = ()
    cells: tuple[int, ...] = ()

    @property
    def requirement(self) -> str:
        """The line to lock: "dask[dataframe]==2024.1", or as declared."""
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        return f"{self.name}{extras}=={self.version}" if self.version else self.declared

    def merged(self, other: Root) -> Root:
        """Return this root, needed for the reasons of both."""
        extras = tuple(sorted({*self.extras, *other.extras}))
        why = tuple(dict.fromkeys((*self.why, *other.why)))
        return replace(self, extras=extras, why=why, cells=tuple(sorted({*self.cells, *other.cells})))


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """The roots by name, the local files to copy with what they need, and what the code can do without.

    ``paths`` are the folders of the image to import from, beside the notebook's; ``path_names`` are the paths that the
    local files define.
    """

    roots: tuple[Root, ...]
    local: tuple[LocalFile, ...] = ()
    scans: tuple[Scan, ...] = ()
    paths: tuple[PurePosixPath, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    path_names: Mapping[str, str] = field(default_factory=dict)


def resolve_roots(
    scan: Scan,
    environment: PythonEnvironment,
    folder: Path,
    declared: Sequence[Declared],
    *,
    project: Mapping[str, DeclaredRequirement] = MappingProxyType({}),
    bounds: Project | None = None,
    start: Path = Path(),
    emit: Emit,
) -> Resolution:
    """Return which distributions and local files the notebook's imports mean, ``folder`` being its folder.

    ``project`` is what the project declares: of an import that nothing provides, the requirement of that name is taken.
    ``bounds`` are where the notebook's own files may be. What is said of mounts is written for ``start``.

    Raises UnresolvedImportError with every name that nothing provides, LockError for a declared line that can't be
    read. A name that the code can do without is a warning.
    """
    providers = Providers(environment)
    local = find_local(
        scan,
        folder,
        stdlib=environment.stdlib,
        path=environment.path,
        is_installed=lambda each: bool(providers.of(each)),
        links=[each.editable for each in environment.distributions if each.editable],
        project=bounds,
        start=start,
        emit=emit,
    )
    wanted = read_declared(declared, environment.distributions, folder, emit)
    owned = [(each, providers.of(each)) for each in local.imports]
    missing = [each for each, owners in owned if owners is None]
    meant = [*_meant(wanted, providers, local.imports, emit), *_named(project, missing)]
    roots = [
        *(_declared_root(each, providers, emit) for each in meant),
        *(installed_root(one, why=each.why, cell=each.cell) for each, owners in owned for one in owners or ()),
    ]
    warn_of_misspelled((each for each, owners in owned if owners), environment.path, emit)
    unresolved = sort_missing(
        missing,
        declared=[root.name for root in roots if not root.version],
        providers=providers,
        path=environment.path,
        emit=emit,
    )
    return Resolution(
        roots=merged_roots(roots),
        local=local.files,
        scans=local.scans,
        paths=local.paths,
        unresolved=unresolved,
        path_names=local.path_names,
    )


def _meant(
    wanted: Iterable[DeclaredRequirement], providers: Providers, imports: Iterable[Import], emit: Emit
) -> Iterator[DeclaredRequirement]:
    """Yield those that the package index is for: a name of conda's only where it is installed or imported."""
    known = {*providers.by_name, *(canonicalize_name(each.top) for each in imports)}
    for each in wanted:
        if not each.conda or each.name in known:
            yield each
            continue
        name = each.requirement.name
        message = (
            f"'{name}' ({each.why}) is not installed here, and is left out: the package index may have another one."
        )
        hint = f"Add it with --with {name} where it is a library of that index, with --apt where it is a program."
        emit(Warned(step="freeze", message=message, hint=hint, fixes=(package_fix(name),)))


def _named(project: Mapping[str, DeclaredRequirement], missing: Iterable[Import]) -> Iterator[DeclaredRequirement]:
    for each in missing:
        if (name := canonicalize_name(each.top)) in project:
            yield project[name]


def installed_root(installed: Distribution, *, why: str, cell: int | None = None, extras: tuple[str, ...] = ()) -> Root:
    """Return an installed distribution as a root."""
    name, cells = canonicalize_name(installed.name), () if cell is None else (cell,)
    return Root(name=name, version=installed.version, extras=extras, why=(why,), cells=cells)


def merged_roots(roots: Iterable[Root]) -> tuple[Root, ...]:
    """Return the roots by name, each once, with all its reasons."""
    by_name: dict[str, Root] = {}
    for root in roots:
        by_name[root.name] = by_name[root.name].merged(root) if root.name in by_name else root
    return tuple(by_name[name] for name in sorted(by_name))


def _by_module(wanted: DeclaredRequirement, providers: Providers) -> Distribution | None:
    """Return the installed distribution that is meant by its module's name: `pip install sklearn` is a mistake."""
    name = wanted.requirement.name
    owners = [each for each in providers.of(Import(module=name)) or [] if name in each.modules]
    return owners[0] if len(owners) == 1 and not wanted.requirement.url else None


def _declared_root(wanted: DeclaredRequirement, providers: Providers, emit: Emit) -> Root:
    requirement, extras = wanted.requirement, tuple(sorted(wanted.requirement.extras))
    installed = providers.by_name.get(wanted.name) or _by_module(wanted, providers)
    if installed is None:
        cells = () if wanted.cell is None else (wanted.cell,)
        return Root(name=wanted.name, extras=extras, declared=str(requirement), why=(wanted.why,), cells=cells)
    by_name = canonicalize_name(installed.name) == wanted.name
    if by_name and not allows(requirement.specifier, installed.version):
        message = (
            f"'{requirement}' is declared ({wanted.why}), but {installed.version} is installed and is what is pinned."
        )
        emit(Warned(step="freeze", message=message, hint="Install what is declared, or correct the line."))
    return installed_root(installed, why=wanted.why, cell=wanted.cell, extras=extras)


def sort_missing(
    missing: Iterable[Import], *, declared: Sequence[str], providers: Providers, path: Sequence[Path], emit: Emit
) -> tuple[Unresolved, ...]:
    """Return what the code can do without, or may never come to, with a warning each.

    ``declared`` are the distributions to install that are not installed here: which names they bring is not known, so
    with one of them a missing name is a warning too. Raises UnresolvedImportError.
    """
    needed = [each for each in missing if not each.optional and not each.deferred]
    if needed and not declared:
        raise _error(needed, providers, path)
    for each in missing:
        reason = "the code seems to do without" if each.optional else "only a function that is called imports it"
        if each in needed:
            reason = f"it may come with {', '.join(declared)}"
        emit(
            Warned(
                step="freeze", message=f"Nothing here provides '{providers.missing(each)}' ({each.location}); {reason}."
            )
        )
    return tuple(Unresolved(name=providers.missing(each), position=each.position, where=each.why) for each in missing)


def _error(needed: Sequence[Import], providers: Providers, path: Sequence[Path]) -> UnresolvedImportError:
    names = list(dict.fromkeys(providers.missing(each) for each in needed))
    quoted = ", ".join(f"'{name}'" for name in names)
    lines = [f"  {each.location}: {each.text}" for each in needed]
    hints = [_hint(name, providers, path) for name in names]
    return UnresolvedImportError(
        "\n".join([f"Nothing in this environment provides {quoted}:", *lines]),
        hint="\n".join(dict.fromkeys(hints)),
        position=needed[0].position,
    )


def _hint(name: str, providers: Providers, path: Sequence[Path]) -> str:
    top = name.partition(".")[0]
    similar = providers.like(top)
    for folder in path:
        files = find_module(folder, top)
        if files:
            return f"'{top}' is a file that no distribution installed: copy '{files[0]}' beside the notebook."
    if similar:
        return f"Is '{name}' the right name? {similar}"
    return "Install what provides it in the notebook's kernel (`%pip install …`), and freeze again."
