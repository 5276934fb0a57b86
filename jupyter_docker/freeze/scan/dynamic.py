"""Code that is run by other ways than an import statement, as far as the text alone tells what it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_COMPREHENSIONS = ast.DictComp | ast.GeneratorExp | ast.ListComp | ast.SetComp


class DynamicCode:
    """Knows which texts the variables of a namespace stand for, each by all that it was assigned or goes through."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {}

    def visit(self, node: ast.AST) -> None:
        """Take a node, parents before children."""
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            self._bind(node.targets[0], node.value)
        elif isinstance(node, ast.For):
            self._bind(node.target, node.iter)
        elif isinstance(node, _COMPREHENSIONS):
            for each in node.generators:
                self._bind(each.target, each.iter)

    def modules(self, call: ast.Call) -> Iterator[str]:
        """Yield the names that ``import_module(name)`` can stand for."""
        if _is_import(call.func) and call.args:
            yield from (text for text in self._values(call.args[0]) if text and not text.startswith("."))

    def scripts(self, call: ast.Call) -> Iterator[str]:
        """Yield the path of the script that ``exec(open(path).read())`` or ``runpy.run_path(path)`` runs."""
        name = _called(call.func)
        inner = [each for each in ast.walk(call.args[0]) if isinstance(each, ast.Call)] if call.args else []
        opened = [each for each in inner if _called(each.func) in ("open", "Path") and each.args]
        for each in [call] if name == "run_path" else opened if name == "exec" else ():
            yield from (text for text in self._values(each.args[0]) if text.endswith(".py"))

    def sources(self, call: ast.Call) -> Iterator[str]:
        """Yield the code that ``exec(code)`` runs."""
        if isinstance(call.func, ast.Name) and call.func.id in ("eval", "exec") and call.args:
            yield from self._values(call.args[0])

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            known = self._texts.setdefault(target.id, [])
            known += [text for text in self._values(value) if text not in known]

    def _values(self, node: ast.expr) -> list[str]:
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) else []
        if isinstance(node, ast.List | ast.Set | ast.Tuple):
            return [text for each in node.elts for text in self._values(each)]
        return list(self._texts.get(node.id, ())) if isinstance(node, ast.Name) else []


def _is_import(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr == "import_module"
    return isinstance(function, ast.Name) and function.id in ("__import__", "import_module")


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
