"""Imports of the code: every import statement and its like, with the cell and line that need it."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from jupyter_docker.freeze.data.uses import DataFinder, DataUse
from jupyter_docker.freeze.scan.dynamic import DynamicCode
from jupyter_docker.freeze.scan.guards import walk
from jupyter_docker.freeze.scan.magics import needs_of, read_magic, without_magics
from jupyter_docker.freeze.scan.path_names import NO_PATHS
from jupyter_docker.freeze.scan.programs import Program, find_programs
from jupyter_docker.freeze.scan.search_paths import SearchPaths
from jupyter_docker.freeze.scan.source_location import SourceLocation, line_of
from jupyter_docker.freeze.scan.uses import Use, UseFinder
from jupyter_docker.values import Script

M = TypeVar("M", bound=SourceLocation)


@dataclass(frozen=True, kw_only=True)
class Import(SourceLocation):
    """One import: ``from google.cloud import storage`` has the module "google.cloud" and the member "storage".

    ``level`` counts the leading dots. ``path`` is the file that ``%run`` starts, ``module`` is empty then. ``optional``
    is what the code can do without: in a ``try:`` that catches ImportError, or under a condition. ``deferred`` is what
    only a call of the function that it is in imports.
    """

    module: str
    members: tuple[str, ...] = ()
    level: int = 0
    path: str = ""
    optional: bool = False
    deferred: bool = False

    @property
    def candidates(self) -> tuple[str, ...]:
        """What may have to be found: a member can be a module of its own."""
        return tuple(f"{self.module}.{member}" for member in self.members) or (self.module,)

    @property
    def top(self) -> str:
        """The first part of the module's name."""
        return self.module.partition(".")[0]

    @property
    def why(self) -> str:
        """The import in words: "cell 3: import pandas"."""
        return f"{self.source}: {self.text}"


@dataclass(frozen=True, kw_only=True)
class Scan:
    """All that a notebook or a local file says of what it needs, in order.

    ``paths`` are the folders that it imports from besides, relative to the notebook's unless absolute; of these, what
    is in ``last_paths`` comes behind what is installed. ``path_names`` are the paths that its names stand for;
    ``signs`` are the names that it looks for where it climbs to a root.
    """

    imports: tuple[Import, ...] = ()
    uses: tuple[Use, ...] = ()
    programs: tuple[Program, ...] = ()
    paths: tuple[str, ...] = ()
    last_paths: frozenset[str] = frozenset()
    data: tuple[DataUse, ...] = ()
    path_names: Mapping[str, str] = field(default_factory=dict)
    signs: frozenset[str] = frozenset()


def scan_script(script: Script, shared: Mapping[str, str] = NO_PATHS) -> Scan:
    """Return what the cells need, without the modules that the notebook itself writes (``%%writefile mod.py``).

    Relative imports are left out: a notebook is in no package. ``shared`` are the paths that local files define.
    """
    found = _Found(data=DataFinder(shared=shared))
    lines = {cell.number: cell.source.split("\n") for cell in script.cells}
    for cell in script.cells:
        found.cell = cell.number
        found.read(cell.code)
    imports = [replace(each, text=_text(lines[each.cell or 0], each)) for each in found.imports]
    kept = [each for each in imports if not each.level and not _is_written(each, found.written)]
    programs = [replace(each, text=line_of(lines[each.cell or 0], each.line)) for each in found.programs]
    return Scan(
        imports=tuple(kept),
        uses=tuple(found.uses.resolved()),
        programs=tuple(programs),
        paths=tuple(dict.fromkeys(found.paths.found)),
        last_paths=frozenset(found.paths.last),
        data=tuple(_at(use, location) for use, location in found.data.found),
        signs=found.data.signs,
    )


def find_imports(script: Script) -> tuple[Import, ...]:
    """Return what the cells import, in their order."""
    return scan_script(script).imports


def scan_source(source: str, *, where: str, file: str = "", shared: Mapping[str, str] = NO_PATHS) -> Scan | None:
    """Return what a local file needs, relative imports too; None where it does not parse.

    ``file`` is where it lies as seen from the notebook, empty where that is another place in the image. ``shared`` are
    the paths that local files define.
    """
    if parse(source) is None:
        return None
    found = _Found(where=where, data=DataFinder(file, shared))
    found.read(source)
    lines = source.splitlines()
    return Scan(
        imports=tuple(replace(each, text=_text(lines, each)) for each in found.imports),
        uses=tuple(found.uses.resolved()),
        programs=tuple(replace(each, text=line_of(lines, each.line)) for each in found.programs),
        paths=tuple(dict.fromkeys(found.paths.found)),
        last_paths=frozenset(found.paths.last),
        data=tuple(_at(use, location) for use, location in found.data.found),
        signs=found.data.signs,
        path_names=found.data.names.paths(),
    )


def parse(source: str) -> ast.Module | None:
    """Return the syntax tree, None where ``source`` is not Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about escapes in strings: for the user to see when the code runs
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


@dataclass
class _Found:
    """What is found on the way through the sources and those inside them (the bodies of cell magics)."""

    cell: int | None = None
    where: str = ""
    imports: list[Import] = field(default_factory=list)
    programs: list[Program] = field(default_factory=list)
    uses: UseFinder = field(default_factory=UseFinder)
    paths: SearchPaths = field(default_factory=SearchPaths)
    dynamic: DynamicCode = field(default_factory=DynamicCode)
    data: DataFinder = field(default_factory=DataFinder)
    written: set[str] = field(default_factory=set)

    def read(self, source: str, *, above: int = 0, optional: bool = False) -> None:
        """Add what ``source`` needs; ``above`` is the number of lines before it."""
        tree = parse(source)
        for node, guarded, deferred in walk(tree) if tree else ():
            location = SourceLocation(line=getattr(node, "lineno", 1) + above, cell=self.cell, where=self.where)
            self.uses.visit(node, location)
            self.paths.visit(node)
            self.dynamic.visit(node)
            surely = not (deferred and self.where)  # what a module defines is for others too
            self.data.visit(node, location, optional=guarded or optional, called=surely)
            for each in self._imports(node):
                can_do_without = each.optional or guarded or optional
                self.imports.append(replace(_at(each, location), optional=can_do_without, deferred=deferred))
            if isinstance(node, ast.Call):
                self.programs += [_at(each, location) for each in find_programs(node)]
                self._magic(node, location, above=above, optional=guarded or optional)
                for code in self.dynamic.sources(node):
                    self.read(code, above=location.line - 1, optional=True)

    def _imports(self, node: ast.AST) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            yield from (Import(module=alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            members = tuple(alias.name for alias in node.names if alias.name != "*")
            yield Import(module=node.module or "", members=members, level=node.level)
        elif isinstance(node, ast.Call):
            # What a variable stands for is not certain, so that nothing is refused for it.
            certain = bool(node.args) and isinstance(node.args[0], ast.Constant)
            yield from (Import(module=name, optional=not certain) for name in self.dynamic.modules(node))
            yield from (Import(module="", path=path) for path in self.dynamic.scripts(node))

    def _magic(self, node: ast.Call, location: SourceLocation, *, above: int, optional: bool) -> None:
        magic = read_magic(node)
        if magic is None:
            return
        needs = needs_of(magic)
        named = [Import(module=name, optional=optional) for name in needs.modules]
        named += [Import(module=name, optional=True) for name in needs.optional]
        named += [Import(module="", path=path, optional=optional) for path in needs.paths]
        self.imports += [_at(each, location) for each in named]
        self.written.update(needs.written)
        for source, offset in needs.sources:
            kept = source if parse(source) else without_magics(source)
            self.read(kept, above=node.lineno + above - 1 + offset, optional=optional)


def _at(found: M, location: SourceLocation) -> M:
    return replace(found, line=location.line, cell=location.cell, where=location.where)


def _text(lines: Sequence[str], found: Import) -> str:
    return line_of(lines, found.line) or f"import {found.module or found.path}"


def _is_written(found: Import, written: set[str]) -> bool:
    names = {found.module, *found.candidates} if found.module else {found.path.removesuffix(".py").replace("/", ".")}
    return any(name == each or f"{each}.".startswith(f"{name}.") or f"{name}.".startswith(f"{each}.")
               for name in names for each in written)  # fmt: skip
