"""The architecture page's walk of one value, and the size of functions: as the code has them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import jupyter_docker

PACKAGE = Path(jupyter_docker.__file__).parent
PAGE = (PACKAGE.parent / "docs/architecture.md").read_text(encoding="utf-8")
MAX_ROOMS, MAX_LINES = 9, 50
ROW = re.compile(r"^\|[^|]*\| `([\w.]+)` \| `([\w/]+\.py)` \|[^|]*\|([^|]*)\|$", re.MULTILINE)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> Iterator[tuple[str, Function]]:
    """Yield each function of a module with its name, "Session.execute" of a method."""

    def below(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef | Function):
                name = f"{prefix}{child.name}"
                if isinstance(child, Function):
                    yield name, child
                yield from below(child, f"{name}.")
            else:
                yield from below(child, prefix)

    yield from below(ast.parse(path.read_text(encoding="utf-8")), "")


def walks() -> list[list[tuple[str, ...]]]:
    """Return the tables of walks: of each the functions, their files and what they give."""
    text = PAGE.partition("## One value's walk")[2].partition("\n## ")[0]
    return [found for table in text.split("\n\n") if (found := ROW.findall(table))]


@pytest.mark.parametrize("row", [row for walk in walks() for row in walk], ids=lambda row: row[0])
def test_the_walk_is_the_code_s(row: tuple[str, ...]) -> None:
    name, file, gives = row
    returns = [
        ast.unparse(found.returns) for each, found in functions(PACKAGE / file) if each == name and found.returns
    ]
    assert returns
    types = re.findall(r"`(\w+)`", gives)
    assert types
    assert all(re.search(rf"\b{kind}\b", returns[-1]) for kind in types), returns


@pytest.mark.parametrize("walk", walks(), ids=["notebook", "cell"])
def test_a_walk_visits_few_rooms(walk: list[tuple[str, ...]]) -> None:
    assert len(walk) > 1
    assert len({file.split("/")[0] for _, file, _ in walk}) <= MAX_ROOMS


def _length(function: Function) -> int:
    """Return the lines of a function without its docstring: what has to be explained may be."""
    first = function.body[0]
    is_text = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    total = int(function.end_lineno or 0) - function.lineno + 1
    return total - (int(first.end_lineno or 0) - first.lineno + 1 if is_text else 0)


def test_no_function_is_long() -> None:
    lengths = {
        f"{path.relative_to(PACKAGE)}: {name}": _length(function)
        for path in PACKAGE.rglob("*.py")
        if "labextension" not in path.parts
        for name, function in functions(path)
    }
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}
