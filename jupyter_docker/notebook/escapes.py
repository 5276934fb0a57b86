"""IPython syntax in the lines of a cell: found and turned into calls one by one, as IPython does, but line for line.

IPython's own transformers find it, so that a string that looks like a magic is left alone; where they join continued
lines, blank lines keep the places of what follows.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

# As IPython's TransformerManager: beyond it, what is left is not Python.
_MAX_ESCAPES = 500
_MAX_READ = 5_000_000  # characters of one cell: each piece is found by reading the whole cell again
_TIMED = re.compile(r"%(?:time|timeit|prun)\b(?:\s+-[a-zA-Z]\S*(?:\s+\d+)?)*\s+(?P<statement>\S.*)")
HELP = "?"
_CREDENTIALS = re.compile(r"(?<=://)[^\s/@]+@")


@dataclass(frozen=True, kw_only=True)
class Escape:
    """One piece of IPython syntax, in the lines ``start`` to ``stop`` (from 0, ``stop`` excluded).

    ``text`` is a whole line that starts with ``%`` or ``!``, continuations joined, or "?" where the line asks for help
    (``name?``); empty for any other syntax.
    """

    start: int
    stop: int
    indent: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """What takes the place of a line: a comment with ``note``, behind ``statement`` where it still does something."""

    note: str
    statement: str = ""


@dataclass(kw_only=True)
class Rewritten:
    """Lines as they go into the script, the same as plain Python, and the places (from 0) of what was replaced."""

    text: list[str]
    code: list[str]
    needs_ipython: bool = False
    replaced: list[int] = field(default_factory=list)


Replace = Callable[[str], Replacement | None]


def clean_lines(lines: list[str]) -> list[str]:
    """Return the lines without common indentation and prompts (``>>>``, ``In [1]:``), as IPython reads them."""
    from IPython.core import inputtransformer2 as ipython

    blank = next((place for place, line in enumerate(lines) if line.strip()), len(lines))
    ended = [f"{line}\n" for line in lines[blank:]]
    cleaners: tuple[Any, ...] = (ipython.leading_indent, ipython.classic_prompt, ipython.ipython_prompt)
    for clean in cleaners:
        ended = clean(ended)
    text = "".join(ended)
    cleaned = lines[:blank] + text.split("\n")[:-1]
    return cleaned if len(cleaned) == len(lines) else lines


def rewrite_escapes(lines: list[str], replace: Replace) -> Rewritten:
    """Return the lines without what ``replace`` replaces; None from it leaves a piece to IPython."""
    result = Rewritten(text=list(lines), code=list(lines))
    for _ in range(min(_MAX_ESCAPES, _MAX_READ // (sum(map(len, lines)) + 1))):
        found = _first_escape([f"{line}\n" for line in result.code])
        if found is None:
            break
        escape, called = found
        replacement = replace(escape.text) if escape.text else None
        if replacement is None:
            result.code, result.needs_ipython = called, True
        else:
            comment = commented(result.text[escape.start : escape.stop], escape.indent, replacement)
            result.text[escape.start : escape.stop] = result.code[escape.start : escape.stop] = comment
            result.replaced.append(escape.start)
    return result


def commented(lines: list[str], indent: str, replacement: Replacement) -> list[str]:
    """Return the lines as comments; in an indented block something has to stay, so that it is still a block."""
    statement = replacement.statement or ("pass" if indent else "")
    first = f"{indent}{statement}  # " if statement else "# "
    result = [first + without_credentials(lines[0]), *(f"{indent}# {without_credentials(line)}" for line in lines[1:])]
    result[-1] += f"  ({replacement.note})"
    return result


def without_credentials(line: str) -> str:
    """Return the line, stripped, without the user and password of an address: what leaves is not to be in the image."""
    return _CREDENTIALS.sub("…@", line.strip())


def _first_escape(lines: list[str]) -> tuple[Escape, list[str]] | None:
    """Return the earliest piece, and all lines (without their ends) with a call in its place."""
    from IPython.core import inputtransformer2 as ipython

    kinds: tuple[Any, ...] = (ipython.MagicAssign, ipython.SystemAssign, ipython.EscapedCommand, ipython.HelpEnd)
    tokens = ipython.make_tokens_by_line(lines)
    candidates = [found for kind in kinds if (found := kind.find(tokens)) is not None]
    for found in sorted(candidates, key=ipython.TokenTransformBase.sortby):
        try:
            called = [line[:-1] for line in found.transform(lines)]
        except SyntaxError:
            continue
        start, stop = found.start_line, found.start_line + 1 + len(lines) - len(called)
        text = ""
        if isinstance(found, ipython.EscapedCommand):
            text = ipython.assemble_continued_line(lines, (start, found.start_col), stop - 1)
        if isinstance(found, ipython.HelpEnd) or text.startswith("?"):
            text = HELP
        escape = Escape(start=start, stop=stop, indent=lines[start][: found.start_col], text=text)
        call = timed_statement(escape) or called[start]
        return escape, [*called[:start], call, *[""] * (stop - start - 1), *called[start + 1 :]]
    return None


def timed_statement(escape: Escape) -> str:
    """Return the statement that ``%time`` and its like run, so that its names are seen; empty where there is none."""
    match = _TIMED.fullmatch(escape.text)
    if match is None:
        return ""
    try:
        ast.parse(match["statement"])
    except (SyntaxError, ValueError):
        return ""
    return escape.indent + match["statement"]
