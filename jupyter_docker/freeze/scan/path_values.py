"""The path that an expression stands for, where the text alone tells: ``Path.cwd().parent / "src"`` is ``../src``."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Mapping

_MAX_DEPTH = 20
_SAME = frozenset({"abspath", "absolute", "as_posix", "expanduser", "fspath", "normpath", "realpath", "resolve", "str"})
_HERE = frozenset({"cwd", "getcwd"})
_JOINS = frozenset({"Path", "PosixPath", "PurePath", "join", "joinpath"})


def path_value(node: ast.expr, names: Mapping[str, ast.expr]) -> str | None:
    """Return the path, normalized, relative to the working directory where it is not absolute; None if none can tell.

    ``names`` are what variables were assigned, and what functions (``root()``) return.
    """
    return _Reader(names).value(node, 0)


class _Reader:
    """Reads expressions, down to a depth: variables can be assigned in a circle."""

    def __init__(self, names: Mapping[str, ast.expr]) -> None:
        self._names = names

    def value(self, node: ast.expr, depth: int) -> str | None:
        if depth > _MAX_DEPTH:
            return None
        if isinstance(node, ast.Constant):
            return posixpath.normpath(node.value) if isinstance(node.value, str) and node.value else None
        if (name := dotted(node)) in self._names:
            return self.value(self._names[name], depth + 1)
        return self._call(node, depth + 1) if isinstance(node, ast.Call) else self._operation(node, depth + 1)

    def _operation(self, node: ast.expr, depth: int) -> str | None:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            return _joined([self.value(node.left, depth), self.value(node.right, depth)])
        if isinstance(node, ast.Attribute) and node.attr == "parent":
            return _above(self.value(node.value, depth))
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "parents":
            index = node.slice.value if isinstance(node.slice, ast.Constant) else None
            return _above(self.value(node.value.value, depth), index + 1) if isinstance(index, int) else None
        return None

    def _call(self, node: ast.Call, depth: int) -> str | None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if not node.args and (returned := self._names.get(f"{dotted(node.func)}()")):
            return self.value(returned, depth)
        if name == "next" and node.args and isinstance(climb := node.args[0], ast.GeneratorExp):
            start = parents_in(climb.generators[0].iter)
            return None if start is None else self.value(start, depth)
        arguments = [self.value(each, depth) for each in node.args]
        if name in _HERE or (name == "Path" and not arguments):
            return "."
        if name == "dirname":
            return _above(_joined(arguments))
        if name in _SAME | {"joinpath"} and isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
            return _joined([self.value(node.func.value, depth), *arguments])
        return _joined(arguments) if name in _SAME | _JOINS else None


def parents_in(node: ast.expr) -> ast.expr | None:
    """Return the path whose ``.parents`` an expression goes through: ``here`` of ``[here, *here.parents]``."""
    found = (each for each in ast.walk(node) if isinstance(each, ast.Attribute) and each.attr == "parents")
    return next((each.value for each in found), None)


def dotted(node: ast.expr) -> str:
    """Return the name that an expression is, ``config`` or ``config.DATA``; empty where it is none."""
    if isinstance(node, ast.Name):
        return node.id
    above = dotted(node.value) if isinstance(node, ast.Attribute) else ""
    return f"{above}.{node.attr}" if isinstance(node, ast.Attribute) and above else ""


def _is_module(node: ast.expr) -> bool:
    """Whether it is ``os`` or ``os.path``."""
    named = ast.unparse(node)
    return named in ("os", "os.path", "path", "osp")


def _joined(parts: list[str | None]) -> str | None:
    known = [part for part in parts if part is not None]
    return posixpath.normpath(posixpath.join(*known)) if known and len(known) == len(parts) else None


def _above(path: str | None, levels: int = 1) -> str | None:
    return None if path is None else posixpath.normpath(posixpath.join(path, *[".."] * levels))
