"""No program reads our prose: what is done about a failure follows from its class, codes and fixes, not its text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import jupyter_docker

PACKAGE = Path(jupyter_docker.__file__).parent
PANEL = PACKAGE.parent / "labextension" / "src"
PROSE = {"message", "hint", "summary", "detail", "remedy", "title", "label"}
READING = {"startswith", "endswith", "find", "index", "count", "search", "match", "fullmatch", "findall", "finditer"}
# Words of the engine, kept in the message as it sent them; they have no codes.
ENGINE_WORDS = {"creation.py", "registry.py"}


def reads(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that look for something in a message or a hint, or in an error's text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(isinstance(each, ast.In | ast.NotIn) for each in node.ops):
            looked_in = node.comparators
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READING:
            looked_in = [node.func.value, *node.args]
        else:
            continue
        if any(map(_is_prose, looked_in)):
            yield node.lineno


def _is_prose(node: ast.AST) -> bool:
    """Whether it is ``x.message`` or its like, ``str(error)``, or a method of one of them."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            return _is_prose(node.func.value)
        named = isinstance(node.func, ast.Name) and node.func.id == "str" and bool(node.args)
        return named and isinstance(node.args[0], ast.Name) and node.args[0].id in {"error", "failure", "problem"}
    return isinstance(node, ast.Attribute) and node.attr in PROSE


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_module_reads_our_prose(path: Path) -> None:
    found = [] if path.name in ENGINE_WORDS else list(reads(ast.parse(path.read_text(encoding="utf-8"))))
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "if 'doctor' in error.hint: pass",
        "re.search('x', failed.message)",
        "error.message.startswith('No')",
        "error.message.lower().find('no')",
        "'x' not in str(error)",
    ],
)
def test_what_reads_it_is_found(code: str) -> None:
    assert list(reads(ast.parse(code))) == [1]


_READS = re.compile(
    r"\.(?:message|hint|summary|title|label|detail|remedy)\??\.(?:match|matchAll|includes|startsWith|endsWith|search|indexOf|split)\("
    r"|\.(?:test|exec)\([^)]*\.(?:message|hint|summary|title|label|detail|remedy)\b"
    r"|\b(?:message|hint)\.(?:match|matchAll|includes|startsWith|endsWith|search|indexOf)\("
)


def test_the_panel_reads_none_either() -> None:
    sources = [path for path in PANEL.rglob("*.ts*") if "__tests__" not in path.parts]
    assert sources
    assert [path.name for path in sources if _READS.search(path.read_text(encoding="utf-8"))] == []
