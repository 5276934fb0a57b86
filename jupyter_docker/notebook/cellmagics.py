"""Cell magics (``%%time`` …) and automagics (``ls`` alone in a cell): which lines of a cell IPython reads, and how."""

from __future__ import annotations

import ast
import re
from itertools import pairwise

from jupyter_docker.notebook.escapes import (
    Escape,
    Replace,
    Replacement,
    Rewritten,
    clean_lines,
    commented,
    rewrite_escapes,
    timed_statement,
)
from jupyter_docker.notebook.line_filter import NEEDLESS

# Line magics that IPython runs without their % where they are a cell's only line and no variable has that name.
AUTOMAGICS = {
    "alias", "autoreload", "bookmark", "cat", "cd", "colors", "conda", "config", "containerize", "cp", "dhist", "dirs",
    "env", "exit", "hist", "history", "ldir", "lf", "lk", "ll", "load", "load_ext", "ls", "lsmagic", "lx", "magic",
    "mamba", "matplotlib", "micromamba", "mkdir", "mv", "pdoc", "pinfo", "pip", "popd", "precision", "prun", "psource",
    "pushd", "pwd", "pylab", "quit", "reload_ext", "reset", "rm", "rmdir", "run", "set_env", "store", "sx", "system",
    "time", "timeit", "uv", "who", "who_ls", "whos", "xmode",
}  # fmt: skip
_AUTOMAGIC = re.compile(r"\s*(?P<word>\w+)(?![\w.*])(?!\s*[=,]).*")
_CELL_MAGIC = re.compile(r"%%(?P<name>[^\s?]+)(?:\s(?P<line>.*))?")
_PYTHON_BODIES = {"time", "timeit", "prun", "capture"}
_SHELL_BODIES = {"bash", "sh"}
_EMPTIED = Replacement(note="nothing is left to run")


def automagic(lines: list[str]) -> str:
    """Return the name of the magic that a cell of one line calls, empty where it is none."""
    written = [line for line in lines if line.strip()]
    match = _AUTOMAGIC.fullmatch(written[0]) if len(written) == 1 and lines[-1] == written[0] else None
    return match["word"] if match is not None and match["word"] in AUTOMAGICS else ""


def read_lines(lines: list[str], replace: Replace) -> Rewritten:
    """Return the lines of a cell that is not plain Python, without what ``replace`` replaces."""
    lines = clean_lines(lines)
    start = next((place for place, line in enumerate(lines) if line.strip()), 0)
    match = _CELL_MAGIC.fullmatch(lines[start]) if lines else None
    if match is not None:
        head, body = lines[start], lines[start + 1 :]
        result = _cell_magic(head, match["name"], match["line"] or "", body, replace)
        blank = [""] * start
        return Rewritten(
            text=blank + result.text, code=blank + result.code, needs_ipython=result.needs_ipython, replaced=[]
        )
    if automagic(lines):
        lines = [*lines[:start], f"%{lines[start].strip()}"]
    result = rewrite_escapes(lines, replace)
    _keep_silent(result)
    return result


def _cell_magic(head: str, name: str, line: str, body: list[str], replace: Replace) -> Rewritten:
    if name == "containerize":
        inner = read_lines(body, replace)
        is_magic = next((text for text in inner.text if text.strip()), "").startswith("%%")
        comment = "" if is_magic else commented([head], "", NEEDLESS)[0]
        return Rewritten(text=[comment, *inner.text], code=["", *inner.code], needs_ipython=inner.needs_ipython)
    if name in _PYTHON_BODIES:
        inner = read_lines(body, replace)
        if not _has_code(inner.code) and not line.strip():
            return Rewritten(text=[*commented([head], "", _EMPTIED), *inner.text], code=["", *inner.code])
        setup = timed_statement(Escape(start=0, stop=1, indent="", text=f"%{name} {line}"))
        return Rewritten(text=[head, *inner.text], code=[setup, *inner.code], needs_ipython=True)
    text = [head, *(_shell_lines(body, replace) if name in _SHELL_BODIES else body)]
    if text[1:] != body and not _has_code(text[1:]):
        return Rewritten(text=[*commented([head], "", _EMPTIED), *text[1:]], code=[""] * len(text))
    script = "\n".join(text[1:] if not text[-1] else [*text[1:], ""])
    call = f"get_ipython().run_cell_magic({name!r}, {line.strip()!r}, {script!r})"
    return Rewritten(text=text, code=[call, *[""] * len(body)], needs_ipython=True)


def _shell_lines(body: list[str], replace: Replace) -> list[str]:
    """Return the lines of a shell script with its install lines as comments."""
    if any("<<" in line for line in body):
        return body
    result = list[str]()
    for before, line in pairwise(["", *body]):
        alone = not line.endswith("\\") and not before.endswith("\\")
        replacement = replace(f"!{line.strip()}") if alone else None
        result.append(line if replacement is None else commented([line], "", replacement)[0])
    return result


def _has_code(lines: list[str]) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in lines)


def _keep_silent(rewritten: Rewritten) -> None:
    """Keep an expression unshown where the last line, one that left, came after it."""
    try:
        body = ast.parse("\n".join(rewritten.code)).body if rewritten.replaced else []
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return
    last = max(rewritten.replaced, default=0)
    if body and isinstance(body[-1], ast.Expr) and (body[-1].end_lineno or 0) <= last:
        for lines in (rewritten.text, rewritten.code):
            lines[last] = f"pass  {lines[last]}"
