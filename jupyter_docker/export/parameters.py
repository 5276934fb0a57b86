"""``-P name=value``: what was given, and the cell that is injected for it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from keyword import iskeyword
from typing import Any

from jupyter_docker.errors import UsageError

_JSON_NAMES = {"true": True, "false": False, "null": None}


def parse_parameters(words: Iterable[str]) -> dict[str, Any]:
    """Return the values of ``name=value`` words; raises UsageError where a name is not one.

    A value is what the Python literal says (``1``, ``[1, 2]``, ``'text'``), true, false and null as in JSON, and else
    the text itself.
    """
    return dict(_parameter(word) for word in words)


def _parameter(word: str) -> tuple[str, Any]:
    name, has_value, text = word.partition("=")
    name = name.strip()
    if not has_value or not name.isidentifier() or iskeyword(name) or name == "__debug__":
        raise UsageError(f"'{word}' is not a parameter.", hint="Write NAME=VALUE, as in -P year=2024")
    return name, _value(text)


def _value(text: str) -> Any:
    if text.strip() in _JSON_NAMES:
        return _JSON_NAMES[text.strip()]
    try:
        value = ast.literal_eval(text.strip())
        literal(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return text
    return value


def literal(value: Any) -> str:
    """Return the Python literal of ``value``; raises ValueError where it has none that is always the same."""
    text = repr(value)
    if any(isinstance(node, ast.Set) for node in ast.walk(ast.parse(text))) or ast.literal_eval(text) != value:
        raise ValueError(text)
    return text


def injected_lines(parameters: Mapping[str, Any]) -> list[str]:
    """Return the assignments, one a line; raises UsageError for a value that can't be written as a literal."""
    lines = []
    for name, value in parameters.items():
        try:
            lines.append(f"{name} = {literal(value)}")
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            raise UsageError(
                f"The parameter '{name}' can't be written as a Python literal.",
                hint="Give a number, a text, true, false, null, or a list or dict of these.",
            ) from None
    return lines
