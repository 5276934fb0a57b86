"""Climbing: code that goes up from its folder until it finds a sign of its project's root."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from jupyter_docker.freeze.scan.path_values import parents_in

# Libraries that climb by themselves, and what they look for.
_ROOT_FINDERS = frozenset({"pyprojroot", "pyrootutils", "rootutils"})
_ROOT_SIGNS = frozenset(
    {".git", ".here", ".project-root", "pyproject.toml", "requirements.txt", "setup.cfg", "setup.py"}
)
_SIGN = re.compile(r"[\w.-][\w. -]*(?:/[\w. -]+)*")
_STEPS = frozenset({"os.chdir('..')", "os.chdir('../')", "os.chdir(os.pardir)", "os.chdir(Path.cwd().parent)"})


class Climbing:
    """Follows one namespace; ``signs`` are the names that its code looks for on its way up.

    A step up stays out of what names stand for: the name is that of the folder where the climb began, and what is read
    from there may lie above.
    """

    def __init__(self) -> None:
        self.signs: set[str] = set()
        self._steps: dict[int, ast.AST] = {}  # by their identity, which holds as long as they are kept

    def visit(self, node: ast.AST) -> bool:
        """Take a node, parents before children; return whether it is a step up."""
        if isinstance(node, ast.While) and (steps := {id(step): step for step in _steps(node.body)}):
            self._steps |= steps
            self.signs.update(_signs(node.test, *_tests(node.body)))
        elif isinstance(node, ast.For) and parents_in(node.iter):
            self.signs.update(_signs(*_tests(node.body)))
        elif isinstance(node, ast.GeneratorExp) and parents_in(node.generators[0].iter):
            self.signs.update(_signs(*node.generators[0].ifs))
        elif isinstance(node, ast.Import | ast.ImportFrom) and _ROOT_FINDERS & _modules(node):
            self.signs |= _ROOT_SIGNS
        return id(node) in self._steps


def _steps(body: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """Yield what goes one folder up: ``root = root.parent``, ``os.chdir("..")``."""
    for node in (each for statement in body for each in ast.walk(statement)):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            name = ast.unparse(node.targets[0])
            if ast.unparse(node.value) in (f"{name}.parent", f"os.path.dirname({name})"):
                yield node
        elif isinstance(node, ast.Call) and ast.unparse(node) in _STEPS:
            yield node


def _tests(body: Iterable[ast.stmt]) -> list[ast.expr]:
    return [each.test for statement in body for each in ast.walk(statement) if isinstance(each, ast.If)]


def _signs(*tests: ast.expr) -> Iterator[str]:
    for node in (each for test in tests for each in ast.walk(test)):
        name = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if _SIGN.fullmatch(name) and {".", ".."}.isdisjoint(name.split("/")):
            yield name


def _modules(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
    return {name.partition(".")[0] for name in names}
