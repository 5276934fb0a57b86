"""Folders that the code puts on ``sys.path``, or makes its working directory: there its own modules can be."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from jupyter_docker.freeze.scan.path_values import path_value
from jupyter_docker.freeze.scan.working_folder import WorkingFolder

_ADDS = frozenset({"append", "extend", "insert"})


class SearchPaths:
    """Collects the folders of one namespace, in the order of its text, relative to where it started.

    A working directory counts too: a notebook imports from there. ``last`` are those of ``found`` that come behind what
    is installed.
    """

    def __init__(self) -> None:
        self._names: dict[str, ast.expr] = {}
        self._folder = WorkingFolder()
        self.found: list[str] = []
        self.last: list[str] = []

    def visit(self, node: ast.AST) -> None:
        """Take a node, parents before children."""
        if self._folder.visit(node, self._names):
            self.found.append(self._folder.here)
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            if isinstance(node.targets[0], ast.Name):
                self._names[node.targets[0].id] = node.value
            if _is_sys_path(node.targets[0]):
                value = node.value
                self._add(value, last=isinstance(value, ast.BinOp) and _is_sys_path(value.left))
        elif isinstance(node, ast.AugAssign) and _is_sys_path(node.target):
            self._add(node.value, last=True)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            self._call(node, node.func)

    def _call(self, node: ast.Call, function: ast.Attribute) -> None:
        if (function.attr in _ADDS and _is_sys_path(function.value)) or function.attr == "addsitedir":
            for argument in node.args:
                self._add(argument, last=function.attr != "insert")

    def _add(self, value: ast.expr, *, last: bool) -> None:
        for each in value.elts if isinstance(value, ast.List | ast.Tuple) else _operands(value):
            folder = path_value(each, self._names)
            if folder is not None:
                self.found.append(self._folder.path(each, folder))
                self.last += self.found[-1:] if last else []


def _operands(value: ast.expr) -> Iterator[ast.expr]:
    """Yield the items of ``[a] + sys.path``, or the value itself."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        for side in (value.left, value.right):
            yield from side.elts if isinstance(side, ast.List) else ()
    else:
        yield value


def _is_sys_path(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "path" and isinstance(node.value, ast.Name) \
        and node.value.id == "sys"  # fmt: skip
