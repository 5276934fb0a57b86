"""Sections → the text of the script, as plain Python where that runs them, and the places of the cells in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import replace

from jupyter_docker.notebook.cellmagics import automagic
from jupyter_docker.notebook.reading import NOT_PYTHON, compile_cell
from jupyter_docker.notebook.sections import Section, fence_of
from jupyter_docker.notebook.variables import asks_for_shell, global_names, is_ipython_name
from jupyter_docker.values import Cell

# Builtins that return None, which is not shown.
SILENT_CALLS = frozenset({"print", "exec", "setattr", "delattr"})
_SEMICOLON = re.compile(r"\s*;")

_MAY_START = re.compile(r"spawn|forkserver|distributed|processes|\bbag\b")
_ANEW = {"spawn", "forkserver"}

_DRAWS = re.compile(r"\b(?:matplotlib|pylab|pyplot|seaborn)\b|\.(?:boxplot|hist|plot)\b")
_TITLE = "figures end with their cell, as in a notebook"

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


def with_figures_closed(sections: Sequence[Section]) -> list[Section]:
    """Return the sections, with pyplot's figures closed after each cell but the last where the code can draw any."""
    cells = [at for at, part in enumerate(sections) if part.reading is not None]
    lines = [line for at in cells for line in sections[at].lines]
    if not any(map(_DRAWS.search, lines)):
        return list(sections)
    name = "_close_figures"
    while any(name in line for line in lines):
        name = f"_{name}"
    result = list(sections)
    for at in cells[1:-1]:
        result[at] = replace(result[at], lines=[*result[at].lines, f"{name}()"])
    if len(cells) > 1:  # behind the first cell, which may have a ``from __future__``
        result.insert(cells[0] + 1, Section(title=_TITLE, lines=_definition(name)))
    return result


def _definition(name: str) -> list[str]:
    return [
        f"def {name}():",
        "    from sys import modules",
        "",
        '    if "matplotlib.pyplot" in modules:',
        '        modules["matplotlib.pyplot"].close("all")',
        "",
        "",
        f"{name}()",
    ]


def starts_processes_anew(code: str) -> bool:
    """Whether ``code`` starts processes other than by fork: they import the file that Python was started with.

    Sources: https://docs.python.org/3/library/multiprocessing.html#the-spawn-and-forkserver-start-methods;
    https://docs.dask.org/en/stable/scheduling.html (processes are spawned, which dask.bag does by itself).
    """
    if not _MAY_START.search(code):
        return False
    clusters = bool(re.search(r"^\s*(?:from|import)\b.*\bdistributed\b", code, re.MULTILINE))
    return any(_imports_bags(node) or _starts(node, clusters) for node in ast.walk(ast.parse(code)))


def _imports_bags(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name == "dask.bag" for alias in node.names)
    return isinstance(node, ast.ImportFrom) and (
        node.module == "dask.bag" or (node.module == "dask" and any(alias.name == "bag" for alias in node.names))
    )


def _starts(node: ast.AST, clusters: bool) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func).rpartition(".")[2]
    named = {each.arg: each.value.value for each in node.keywords if isinstance(each.value, ast.Constant)}
    if clusters and (name == "LocalCluster" or (name == "Client" and not node.args and "address" not in named)):
        return named.get("processes") is not False
    if name in ("get_context", "set_start_method"):
        given = {each.value for each in node.args if isinstance(each, ast.Constant)}
        return bool(_ANEW & (given | {named.get("method")}))
    return named.get("scheduler") == "processes" or named.get("multiprocessing_context") in _ANEW


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
