"""What the code imports: every import statement and its like, with the cell and line that need it."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from jupyter_docker.errors import CellPosition
from jupyter_docker.freeze.guards import walk
from jupyter_docker.freeze.magics import needs_of, read_magic, without_magics
from jupyter_docker.models import Script


@dataclass(frozen=True, kw_only=True)
class Import:
    """One import: ``from google.cloud import storage`` has the module "google.cloud" and the member "storage".

    ``level`` counts the leading dots. ``path`` is the file that ``%run`` starts, ``module`` is empty then. ``optional``
    is what the code can do without: in a ``try:`` that catches ImportError, or under a condition. ``line`` counts from
    1 in the cell, or, where ``cell`` is None, in the local file ``where``; ``text`` is that line.
    """

    module: str
    members: tuple[str, ...] = ()
    level: int = 0
    path: str = ""
    optional: bool = False
    line: int = 1
    cell: int | None = None
    where: str = ""
    text: str = ""

    @property
    def candidates(self) -> tuple[str, ...]:
        """What may have to be found: a member can be a module of its own."""
        return tuple(f"{self.module}.{member}" for member in self.members) or (self.module,)

    @property
    def top(self) -> str:
        """The first part of the module's name."""
        return self.module.partition(".")[0]

    @property
    def position(self) -> CellPosition | None:
        """Where in the notebook."""
        return None if self.cell is None else CellPosition(cell=self.cell, line=self.line)

    @property
    def place(self) -> str:
        """Where, in words: "cell 3, line 2" or "helpers.py, line 2"."""
        return str(self.position) if self.position else f"{self.where}, line {self.line}"

    @property
    def why(self) -> str:
        """The import in words: "cell 3: import pandas"."""
        return f"{self.where if self.cell is None else f'cell {self.cell}'}: {self.text}"


def find_imports(script: Script) -> tuple[Import, ...]:
    """Return what the cells import, in their order, without what the notebook itself writes (``%%writefile mod.py``).

    Relative imports are left out: a notebook is in no package.
    """
    found = _Found()
    imports = []
    for cell in script.cells:
        found.imports.clear()
        found.read(cell.code)
        lines = cell.source.split("\n")
        imports += [replace(each, cell=cell.number, text=_text(lines, each)) for each in found.imports]
    return tuple(each for each in imports if not each.level and not _is_written(each, found.written))


def scan_source(source: str, *, where: str) -> tuple[Import, ...] | None:
    """Return what a local file imports, relative imports too; None where it does not parse."""
    if parse(source) is None:
        return None
    found = _Found()
    found.read(source)
    lines = source.splitlines()
    return tuple(replace(each, where=where, text=_text(lines, each)) for each in found.imports)


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
    """What is found on the way through one source and those inside it (the bodies of cell magics)."""

    imports: list[Import] = field(default_factory=list)
    written: set[str] = field(default_factory=set)

    def read(self, source: str, *, above: int = 0, optional: bool = False) -> None:
        """Add what ``source`` imports; ``above`` is the number of lines before it."""
        tree = parse(source)
        for node, guarded in walk(tree) if tree else ():
            for each in self._imports(node):
                line = getattr(node, "lineno", 1) + above
                self.imports.append(replace(each, optional=each.optional or guarded or optional, line=line))
            if isinstance(node, ast.Call):
                self._magic(node, above=above, optional=guarded or optional)

    def _imports(self, node: ast.AST) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            yield from (Import(module=alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            members = tuple(alias.name for alias in node.names if alias.name != "*")
            yield Import(module=node.module or "", members=members, level=node.level)
        elif isinstance(node, ast.Call) and _is_import_call(node.func):
            name = node.args[0] if node.args else None
            if isinstance(name, ast.Constant) and isinstance(name.value, str) and not name.value.startswith("."):
                yield Import(module=name.value)

    def _magic(self, node: ast.Call, *, above: int, optional: bool) -> None:
        magic = read_magic(node)
        if magic is None:
            return
        needs, line = needs_of(magic), node.lineno + above
        self.imports += [Import(module=name, line=line, optional=optional) for name in needs.modules]
        self.imports += [Import(module=name, line=line, optional=True) for name in needs.optional]
        self.imports += [Import(module="", path=path, line=line, optional=optional) for path in needs.paths]
        self.written.update(needs.written)
        for source, offset in needs.sources:
            self.read(source if parse(source) else without_magics(source), above=line - 1 + offset, optional=optional)


def _is_import_call(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr == "import_module"
    return isinstance(function, ast.Name) and function.id in ("__import__", "import_module")


def _text(lines: Sequence[str], found: Import) -> str:
    return lines[found.line - 1].strip() if found.line <= len(lines) else f"import {found.module or found.path}"


def _is_written(found: Import, written: set[str]) -> bool:
    names = {found.module, *found.candidates} if found.module else {found.path.removesuffix(".py").replace("/", ".")}
    return any(name == each or f"{each}.".startswith(f"{name}.") or f"{name}.".startswith(f"{each}.")
               for name in names for each in written)  # fmt: skip
