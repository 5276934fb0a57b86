"""The global names of a cell: what it uses, what it binds, and whether it asks for IPython's shell by import."""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterator

# Names that are there only in IPython: https://ipython.readthedocs.io/en/stable/interactive/reference.html
_IPYTHON_NAME = re.compile(r"display|get_ipython|In|Out|_ih|_oh|_dh|_i{1,3}|_{2,3}|_i?\d+")

# Of IPython what works without its shell, whose `get_ipython()` is None then.
_WITHOUT_SHELL = re.compile(r"IPython(?:\.core|\.lib)?\.display(?:\.|$)")
_MAY_ASK = re.compile(r"IPython|display_id")


def global_names(code: str) -> tuple[set[str], set[str]]:
    """Return the names that ``code`` takes from the module's namespace, in any scope, and those that it binds there."""
    used, bound = set[str](), set[str]()
    for table in _tables(symtable.symtable(code, "cell", "exec")):
        module = table.get_type() == "module"
        for symbol in table.get_symbols():
            if not module and not symbol.is_global():
                continue
            if symbol.is_referenced():
                used.add(symbol.get_name())
            if symbol.is_assigned() or symbol.is_imported():
                bound.add(symbol.get_name())
    return used, bound


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def asks_for_shell(code: str) -> bool:
    """Whether ``code`` uses of IPython more than its displays: ``get_ipython``, magics, settings, display handles."""
    for node in ast.walk(ast.parse(code)) if _MAY_ASK.search(code) else ():
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            modules = [f"{node.module}.{alias.name}" for alias in node.names]
        if isinstance(node, ast.keyword) and node.arg == "display_id":
            return True
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("IPython.core", "IPython.get_ipython"):
            return True
        if any(each.startswith("IPython.") and not _WITHOUT_SHELL.match(each) for each in modules):
            return True
    return False


def is_ipython_name(name: str) -> bool:
    """Whether IPython, and not Python, gives ``name`` a value."""
    return _IPYTHON_NAME.fullmatch(name) is not None
