"""Names of a source that stand for paths, also those that it has from the user's own modules."""

from __future__ import annotations

import ast
import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from jupyter_docker.freeze.scan.path_values import dotted, parents_in, path_value

NO_PATHS: Mapping[str, str] = MappingProxyType({})


class PathNames:
    """Collects the names of one namespace, in the order of its text: variables, ``self.root`` and ``root()``.

    ``file`` is where the source lies, as seen from the notebook: what ``__file__`` is. ``shared`` are the paths that
    the user's modules define, by name, to be had by an import.
    """

    def __init__(self, file: str = "", shared: Mapping[str, str] = NO_PATHS) -> None:
        self._shared = shared
        self.values: dict[str, ast.expr] = {"__file__": ast.Constant(file)} if file else {}

    def visit(self, node: ast.AST) -> None:
        """Take a node, parents before children."""
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            self._assign(node.targets[0], node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._assign(node.target, node.value)
        elif isinstance(node, ast.For) and (start := parents_in(node.iter)):
            self._assign(node.target, start)
        elif isinstance(node, ast.FunctionDef) and (returned := _returned(node)):
            self.values[f"{node.name}()"] = returned
        elif isinstance(node, ast.Import | ast.ImportFrom) and self._shared:
            self.values |= {name: ast.Constant(path) for name, path in self._imported(node)}

    def paths(self) -> dict[str, str]:
        """Return what another source can have from here by an import."""
        named = {name: path_value(value, self.values) for name, value in self.values.items() if "." not in name}
        return {name: path for name, path in named.items() if path and name != "__file__"}

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if name := dotted(target):
            self.values[name] = value

    def _imported(self, node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
        for alias in node.names:
            name = alias.asname or alias.name
            for each, path in self._shared.items():
                yield f"{name}.{each}", path
                if alias.name in (each, each.removesuffix("()")):
                    yield name + each.removeprefix(alias.name), path
                elif alias.name == "*":
                    yield each, path


def _returned(function: ast.FunctionDef) -> ast.expr | None:
    """Return what a function returns at its end, or the only thing that it returns at all."""
    if isinstance(last := function.body[-1], ast.Return):
        return last.value
    found = [each.value for each in ast.walk(function) if isinstance(each, ast.Return) and each.value]
    return found[0] if len(found) == 1 else None


def shared_paths(modules: Iterable[Mapping[str, str]], folder: Path) -> dict[str, str]:
    """Return what the modules define, by name, without what two of them do not agree on, or what is no path.

    A path is one that is there, as seen from ``folder``, the notebook's, or could be made in a folder that is.
    """
    found: dict[str, set[str]] = {}
    for module in modules:
        for name, path in module.items():
            found.setdefault(name, set()).add(path)
    agreed = {name: paths.pop() for name, paths in found.items() if len(paths) == 1}
    return {name: path for name, path in agreed.items() if _may_exist(path, folder)}


def _may_exist(path: str, folder: Path) -> bool:
    above = posixpath.dirname(path)
    return os.path.lexists(folder / path) or (bool(above) and os.path.isdir(folder / above))  # noqa: PTH112  # never fails
