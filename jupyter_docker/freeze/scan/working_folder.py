"""The folder that the code runs in, as it changes it (``os.chdir``, ``%cd``): relative paths are of there."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Mapping

from jupyter_docker.freeze.scan.path_values import path_value

_MAX_PATH = 4096  # characters, as Linux has it: a longer one leads nowhere
_ABSOLUTE = frozenset({"abspath", "absolute", "cwd", "getcwd", "realpath", "resolve"})


class WorkingFolder:
    """Follows one namespace, in the order of its text; ``here`` is relative to where that started."""

    def __init__(self) -> None:
        self.here = "."
        self._before = "."
        self._kept: dict[str, str] = {}

    def visit(self, node: ast.AST, names: Mapping[str, ast.expr]) -> bool:
        """Take a node, parents before children; return whether the code surely goes somewhere else by it."""
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            self._assign(node.targets[0].id, node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            folder = self._target(node, node.func.attr, names)
            if folder is not None and len(folder) <= _MAX_PATH:
                self.here, self._before = folder, self.here
                return True
        return False

    def path(self, node: ast.expr, value: str) -> str:
        """Return ``value``, the path that ``node`` stands for, relative to where the code started."""
        kept = self._kept_in(node)
        return posixpath.normpath(posixpath.join(kept[0] if kept else self.here, value))

    def _assign(self, name: str, value: ast.expr) -> None:
        """Take note of a path that stays what it is wherever the code goes: ``start = os.getcwd()``."""
        self._kept.pop(name, None)
        kept = self._kept_in(value)
        if kept or any(_called(each) in _ABSOLUTE for each in ast.walk(value)):
            self._kept[name] = kept[0] if kept else self.here

    def _kept_in(self, node: ast.expr) -> list[str]:
        names = [each.id for each in ast.walk(node) if isinstance(each, ast.Name)] if self._kept else []
        return [self._kept[name] for name in names if name in self._kept]

    def _target(self, call: ast.Call, function: str, names: Mapping[str, ast.expr]) -> str | None:
        if function == "chdir" and call.args:
            value = path_value(call.args[0], names)
            return None if value is None else self.path(call.args[0], value)
        magic, *line = [str(each.value) for each in call.args if isinstance(each, ast.Constant)] or [""]
        if function != "run_line_magic" or magic not in ("cd", "pushd") or not line:
            return None
        folder = line[0].strip().strip("'\"")
        if folder == "-":
            return self._before
        known = folder and folder[0] not in "-~$" and "{" not in folder
        return posixpath.normpath(posixpath.join(self.here, folder)) if known else None


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
