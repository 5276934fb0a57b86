"""A cell's last expression: its value is shown in a notebook, so the script has to show it."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

# Builtins that return None, which is not shown.
SILENT_CALLS = frozenset({"print", "exec", "setattr", "delattr"})
_SEMICOLON = re.compile(r"\s*;")


def shown_lines(lines: Sequence[str], code: str, show: str, silent: frozenset[str]) -> list[str] | None:
    """Return the lines with the last expression in a call of ``show``; None where nothing is to be shown.

    An expression that ends in ``;`` is not shown, as in a notebook, nor a call of a function named in ``silent``. The
    call of ``show`` stays on the expression's own lines.
    """
    body = ast.parse(code).body
    last = body[-1] if body else None
    if not isinstance(last, ast.Expr) or last.end_lineno is None or last.end_col_offset is None:
        return None
    first_row, last_row = last.lineno - 1, last.end_lineno - 1
    start = _column(lines[first_row], last.col_offset)
    end = _column(lines[last_row], last.end_col_offset)
    if _is_call_of(silent, last.value) or _SEMICOLON.match(lines[last_row], end):
        return None
    text = ast.get_source_segment(code, last) or ""
    opening, closing = (f"{show}((", "))") if _is_bare_tuple(last.value, text) else (f"{show}(", ")")
    result = list(lines)
    result[last_row] = result[last_row][:end] + closing + result[last_row][end:]
    result[first_row] = result[first_row][:start] + opening + result[first_row][start:]
    return result


def _column(line: str, offset: int) -> int:
    """Return the place in ``line`` of the byte ``offset`` of its UTF-8 form, which is how ast counts."""
    return len(line.encode()[:offset].decode())


def _is_call_of(names: frozenset[str], value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in names


def _is_bare_tuple(value: ast.expr, text: str) -> bool:
    """Whether ``text`` is a tuple without parentheses, which would be several arguments of a call."""
    if not isinstance(value, ast.Tuple):
        return False
    call = ast.parse(f"_({text})", mode="eval").body
    return not isinstance(call, ast.Call) or [ast.dump(argument) for argument in call.args] != [ast.dump(value)]
