"""Sections → the text of the script, as plain Python where that runs them, and the places of the cells in it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from jupyter_docker.notebook.cellmagics import automagic
from jupyter_docker.notebook.figures import with_figures_closed
from jupyter_docker.notebook.processes import starts_processes_anew
from jupyter_docker.notebook.reading import NOT_PYTHON, compile_cell
from jupyter_docker.notebook.sections import Section, fence_of
from jupyter_docker.notebook.shown import SILENT_CALLS, shown_lines
from jupyter_docker.notebook.variables import asks_for_shell, global_names, is_ipython_name
from jupyter_docker.values.script import Cell

HEADER = "# Exported by jupyter-containerize: a marker line begins each cell of the notebook."
_PREAMBLE = "from sys import displayhook as "


def layout(sections: Sequence[Section], *header: str) -> tuple[str, tuple[Cell, ...]]:
    """Return the text of all sections, and the cells that run: a marker line, the cell's lines, a blank line each."""
    fence, lines, cells = fence_of(sections), [*header, ""], list[Cell]()
    for part in sections:
        lines.append(" ".join([f"{fence}{part.title}]", *part.tags]))
        if part.cell is not None and part.reading is not None:
            cells.append(
                Cell(
                    number=part.cell.number,
                    index=part.cell.index,
                    first_line=len(lines) + 1,
                    source=part.cell.text,
                    code=part.reading.code,
                )
            )
        lines += [*part.lines, ""]
    return "\n".join([*lines, ""]), tuple(cells)


def plain_layout(sections: Sequence[Section]) -> tuple[str, tuple[Cell, ...]] | None:
    """Return the layout as plain Python; None where only IPython runs these cells."""
    bound = _bound_names(sections)
    if bound is None or starts_processes_anew("\n".join(part.reading.code for part in sections if part.reading)):
        return None
    show = "_show"
    while any(show in line for part in sections for line in part.lines):
        show = f"_{show}"
    shown = [_shown(part, show, SILENT_CALLS - bound) for part in sections]
    shows = shown != list(sections)
    shown = with_figures_closed(shown)
    if not shows:
        laid = layout(shown, HEADER)
    elif (first := _future_imports(shown)) is not None:
        laid = layout(_joined(shown, first, _PREAMBLE + show), HEADER)
    else:
        laid = layout(shown, HEADER, f"{_PREAMBLE}{show}  # shows a cell's last value")
    try:
        compile_cell(laid[0], flags=0)
    except NOT_PYTHON:  # each cell is Python, but not all together: a later ``from __future__``, a late ``global``
        return None
    return laid


def _bound_names(sections: Sequence[Section]) -> set[str] | None:
    """Return the names that the cells bind; None where they need what only IPython has."""
    used, bound, magics = set[str](), set[str](), set[str]()
    for part in sections:
        if part.cell is None or part.reading is None:
            continue
        if part.reading.needs_ipython or part.may_raise or asks_for_shell(part.reading.code):
            return None
        uses, binds = global_names(part.reading.code)
        used |= uses
        bound |= binds
        magics |= {automagic(part.cell.lines)} - {""}
    unbound = used - bound
    return None if magics & unbound or any(map(is_ipython_name, unbound)) else bound


def _shown(part: Section, show: str, silent: frozenset[str]) -> Section:
    lines = shown_lines(part.lines, part.reading.code, show, silent) if part.reading is not None else None
    return part if lines is None else replace(part, lines=lines)


def _future_imports(sections: Sequence[Section]) -> tuple[int, ast.stmt] | None:
    """Return the place of the first code and the last ``from __future__`` at its beginning; None where there is none.

    They come before all other code of a file, so before the preamble too.
    """
    place, code = next(((at, part.reading.code) for at, part in enumerate(sections) if part.reading), (0, ""))
    found: ast.stmt | None = None
    for statement in ast.parse(code).body:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            found = statement
        elif not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
            break
    return None if found is None else (place, found)


def _joined(sections: Sequence[Section], first: tuple[int, ast.stmt], preamble: str) -> list[Section]:
    """Return the sections with ``preamble`` behind that statement, on the same line."""
    place, statement = first
    lines = list(sections[place].lines)
    at, end = (statement.end_lineno or 1) - 1, statement.end_col_offset or 0
    raw = lines[at].encode()
    lines[at] = (raw[:end] + f"; {preamble}".encode() + raw[end:]).decode()
    result = list(sections)
    result[place] = replace(sections[place], lines=lines)
    return result
