"""Names of variables: those after ``-i`` and ``-o``, and those that ``-i auto`` finds."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from keyword import iskeyword
from types import BuiltinFunctionType, FunctionType, ModuleType

from jupyter_docker.notebook import global_names, is_ipython_name
from jupyter_docker.values import UsageError

AUTO = "auto"
# Statements that bind names whatever happens; what a loop or a branch binds, it may not.
_SURE = (ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, kw_only=True)
class AutoNames:
    """What a cell takes from the notebook: ``values`` to send, and ``imports``, statements that import the rest."""

    values: tuple[str, ...]
    imports: tuple[str, ...]


def parse_names(text: str) -> tuple[str, ...]:
    """Return the names of ``a,b``, each once; raises UsageError."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    for name in names:
        if not name.isidentifier() or iskeyword(name):
            raise UsageError(f"'{text}': '{name}' is not a variable's name.", hint="Write names with commas: -i a,b")
    return names


def auto_names(code: str, namespace: Mapping[str, object]) -> AutoNames:
    """Return what the cell ``code`` (plain Python) uses before it binds it, and ``namespace`` has.

    What the notebook imported (modules, and functions and classes out of them) is not sent but imported again. Raises
    SyntaxError.
    """
    used = [name for name in sorted(needed_names(code)) if name in namespace and not _is_given(name)]
    imports = {name: statement for name in used if (statement := _import_of(name, namespace[name]))}
    values = tuple(name for name in used if name not in imports)
    return AutoNames(values=values, imports=tuple(imports.values()))


def needed_names(code: str) -> set[str]:
    """Return the global names that ``code`` uses and has not surely bound before."""
    needed, bound = set[str](), set[str]()
    for statement in ast.parse(code).body:
        used, binds = global_names(ast.unparse(statement))
        needed |= (used | binds & set(_changed(statement))) - bound
        bound |= binds if isinstance(statement, _SURE) else set()
    return needed


def _changed(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that `+=` changes and `del` removes, which symtable knows as bound only."""
    for node in ast.walk(statement):
        deleted = node.targets if isinstance(node, ast.Delete) else []
        targets = [node.target] if isinstance(node, ast.AugAssign) else deleted
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def _is_given(name: str) -> bool:
    return hasattr(builtins, name) or is_ipython_name(name)


def _import_of(name: str, value: object) -> str:
    """Return the statement that imports a value, empty where it is the notebook's own."""
    if isinstance(value, ModuleType):
        return f"import {value.__name__} as {name}" if value.__name__ != name else f"import {name}"
    if not isinstance(value, (type, FunctionType, BuiltinFunctionType)):
        return ""
    module, own = value.__module__, value.__qualname__
    if module in {None, "__main__", "builtins"} or not own.isidentifier():
        return ""
    return f"from {module} import {own}" + (f" as {name}" if own != name else "")
