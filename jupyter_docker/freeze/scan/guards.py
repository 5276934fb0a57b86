"""Guarded statements: the code can do without them (``try:`` or a condition decides), or defers them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_CATCHES = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


def walk(tree: ast.AST) -> Iterator[tuple[ast.AST, bool, bool]]:
    """Yield every node in the order of the text, whether the code can do without it, and whether a function defers it.

    What is only for type checkers is left out. Not recursive: expressions can nest deeper than the stack.
    """
    pending = [(tree, False, False)]
    while pending:
        node, optional, deferred = pending.pop()
        yield node, optional, deferred
        deferred = deferred or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        pending += reversed([(child, each, deferred) for child, each in _children(node, optional=optional)])


def _children(node: ast.AST, *, optional: bool) -> Iterator[tuple[ast.AST, bool]]:
    guarded = _guarded_fields(node)
    for name, value in ast.iter_fields(node):
        if name == "body" and isinstance(node, ast.If) and _name(node.test) == "TYPE_CHECKING":
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child, optional or name in guarded


def _guarded_fields(node: ast.AST) -> tuple[str, ...]:
    """Return the fields of ``node`` whose statements the code can do without."""
    if isinstance(node, ast.Try | ast.TryStar) and any(_catches(handler.type) for handler in node.handlers):
        return ("body", "handlers")  # what the handlers import is the alternative to what the body imports
    if isinstance(node, ast.With) and any(_suppresses(item.context_expr) for item in node.items):
        return ("body",)
    if isinstance(node, ast.If) and not _always(node.test):
        return ("body", "orelse")
    return ()


def _catches(handled: ast.expr | None) -> bool:
    if handled is None:
        return True
    return any(_name(each) in _CATCHES for each in (handled.elts if isinstance(handled, ast.Tuple) else [handled]))


def _suppresses(context: ast.expr) -> bool:
    return isinstance(context, ast.Call) and _name(context.func) == "suppress" and any(map(_catches, context.args))


def _always(test: ast.expr) -> bool:
    """Whether one branch is certain: a true literal, ``__name__ == "__main__"``, or what is not for type checkers."""
    if isinstance(test, ast.Compare):
        return _name(test.left) == "__name__"
    return _name(test) == "TYPE_CHECKING" or (isinstance(test, ast.Constant) and bool(test.value))


def _name(expression: ast.expr) -> str:
    """Return the last part of a dotted name, empty for anything else."""
    if isinstance(expression, ast.Attribute):
        return expression.attr
    return expression.id if isinstance(expression, ast.Name) else ""
