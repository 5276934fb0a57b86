"""Databases that are files, in the URLs that name them: ``sqlite:///data/shop.db``."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from jupyter_docker.freeze.scan.path_values import path_value

_URL = re.compile(r"\s*(?:sqlite|duckdb)(?:\+\w+)?:///(?!:memory:|file:)([^?\s][^?]*)(?:\?.*)?")
_DEEPEST = 20


def database_files(arguments: Iterable[ast.expr], names: Mapping[str, ast.expr]) -> Iterator[str]:
    """Yield the paths that ``arguments`` name so; ``names`` are what variables stand for."""
    for each in arguments:
        if found := _URL.fullmatch(_text(each, names) or ""):
            yield posixpath.normpath(found[1].strip())


def databases_of_magic(line: str) -> Iterator[str]:
    """Yield those that the words of a magic name, as ``%sql sqlite:///shop.db`` does."""
    for word in line.split():
        if found := _URL.fullmatch(word):
            yield posixpath.normpath(found[1])


def _text(node: ast.expr, names: Mapping[str, ast.expr], depth: int = 0) -> str | None:
    """Return the text as it is written, with the paths that stand for a part of it."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.FormattedValue):
        return _text(node.value, names, depth)
    if isinstance(node, ast.Name) and node.id in names and depth < _DEEPEST:
        return _text(names[node.id], names, depth + 1)
    parts = _parts(node)
    if not parts or depth > _DEEPEST:
        return path_value(node, names)
    texts = [_text(part, names, depth + 1) for part in parts]
    return None if None in texts else "".join(filter(None, texts))


def _parts(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.JoinedStr):
        return node.values
    return [node.left, node.right] if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) else []
