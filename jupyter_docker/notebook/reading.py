"""A code cell's text → the lines that go into the script, and the same as plain Python."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from inspect import CO_COROUTINE
from types import CodeType

from jupyter_docker.notebook.cellmagics import read_lines
from jupyter_docker.notebook.cells import SourceCell
from jupyter_docker.notebook.line_filter import LineFilter
from jupyter_docker.values import CellPosition, CellSyntaxError

# What ``compile`` raises for text that is no Python: ValueError for a null character, the others for deep nesting.
NOT_PYTHON = (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError)
_PROMPT = re.compile(r"\s*In \[\d+\]: ")
_INSTALL_WORD = re.compile(r"(?:pip3?|conda|mamba|uv)\s")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a code cell holds: ``lines`` for the script, as many as the cell has, and ``code`` for reading with ast."""

    lines: tuple[str, ...]
    code: str
    needs_ipython: bool


def read_code(cell: SourceCell, line_filter: LineFilter) -> Reading:
    """Return the reading of ``cell``; raises CellSyntaxError where it is neither Python nor IPython's syntax."""
    line_filter.read_inline(cell.text)
    if not _PROMPT.match(cell.text):
        try:
            compiled = compile_cell(cell.text)
        except NOT_PYTHON:
            pass
        else:
            return Reading(lines=tuple(cell.lines), code=cell.text, needs_ipython=_awaits(compiled))
    try:
        # IPython's own reading raises too, where the indentation makes no sense.
        found = read_lines(cell.lines, line_filter.replacement)
        code = "\n".join(found.code)
        needs_ipython = _needs_ipython(code) or found.needs_ipython
    except NOT_PYTHON as error:
        raise _syntax_error(cell, error) from None
    return Reading(lines=tuple(found.text), code=code, needs_ipython=needs_ipython)


def compile_cell(code: str | ast.Module, *, flags: int = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT) -> CodeType:
    """Compile as a notebook does, with ``await`` outside functions."""
    compiled: CodeType = compile(code, "cell", "exec", flags=flags, dont_inherit=True)
    return compiled


def _needs_ipython(code: str) -> bool:
    """Whether it awaits, or only its statements one by one are Python, as IPython compiles them.

    A ``from __future__`` behind another import is such a statement. Raises what is in `NOT_PYTHON`.
    """
    try:
        return _awaits(compile_cell(code))
    except SyntaxError:
        for statement in ast.parse(code).body:
            compile_cell(ast.Module(body=[statement], type_ignores=[]))
        return True


def _awaits(code: CodeType) -> bool:
    return bool(code.co_flags & CO_COROUTINE)


def _syntax_error(cell: SourceCell, error: BaseException) -> CellSyntaxError:
    number = getattr(error, "lineno", None)
    line = cell.lines[number - 1].strip() if number and number <= len(cell.lines) else ""
    position = CellPosition(cell=cell.number, line=number if line else None)
    reason = error.msg if isinstance(error, SyntaxError) else str(error) or "it is nested too deeply"
    hint = f"Write it as a magic: %{line}" if _INSTALL_WORD.match(line) else ""
    return CellSyntaxError(
        f"C{str(position)[1:]} is not valid Python: {reason}" + (f"\n    {line}" if line else ""),
        hint=hint,
        position=position,
    )
