"""The names that ``-P`` may give a value: those whose value some code of the notebook then reads."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from warnings import catch_warnings

from jupyter_docker.errors import UsageError
from jupyter_docker.events import Emit, Warned
from jupyter_docker.export.names import global_names

_INTERPOLATED = re.compile(r"[{$@]\s*([^\W\d]\w*)")
_TAG = "in JupyterLab: the gears at the top right, Cell tags"


class KnownParameters:
    """What the cells set and read. ``tagged`` is the code of the one tagged ``parameters``, ``cells`` are all.

    Each of ``cells`` is a number and its code. What no cell sets, but one reads, is a parameter without a default.
    """

    def __init__(self, tagged: str | None, cells: Sequence[tuple[int, str]]) -> None:
        self._tagged, self._cells = tagged, cells
        used, bound = set[str](), set[str]()
        for _, code in cells:
            uses, binds = global_names(code)
            used |= uses | set(_INTERPOLATED.findall(code))
            bound |= binds
        self._set = global_names(tagged)[1] if tagged is not None else bound
        self._without_default = used - bound - set(dir(builtins))

    def check(self, names: Iterable[str], emit: Emit) -> None:
        """Raise UsageError for the first of ``names`` whose value nothing would read; warn where that can't be told."""
        if self._tagged is None:
            self._check_untagged(names, emit)
            return
        for name in names:
            if name in self._set or name in self._without_default:
                continue
            if not _imports_all(self._tagged):
                raise _unknown(name, "The cell tagged 'parameters' does not set it", self._set, self._without_default)
            hint = f"It has {', '.join(sorted(self._set))}." if self._set else ""
            message = f"The cell tagged 'parameters' does not itself set '{name}'."
            emit(Warned(step="export", message=message, hint=hint))

    def _check_untagged(self, names: Iterable[str], emit: Emit) -> None:
        for name in names:
            if name not in self._set | self._without_default:
                raise _unknown(name, "No cell sets or reads it", self._set, self._without_default)
            if number := next((number for number, code in self._cells if _sets_anew(code, name)), 0):
                raise UsageError(
                    f"Cell {number} sets '{name}' itself, so the value given with -P would be lost.",
                    hint=f"Tag cell {number} 'parameters' ({_TAG}): the values are then set right after it.",
                )
        emit(
            Warned(
                step="export",
                message="No cell is tagged 'parameters', so the values are set before the first cell.",
                hint="Tag the cell that holds the defaults with 'parameters': the values are then set right after it.",
            )
        )


def _unknown(name: str, reason: str, *known: set[str]) -> UsageError:
    names = sorted(set().union(*known))
    by_case = {each.casefold(): each for each in names}
    close = get_close_matches(name.casefold(), by_case, 1, cutoff=0.5)
    meant = f"Did you mean '{by_case[close[0]]}'? " if close else ""
    there = f"There is {', '.join(names)}." if names else f"Tag the cell that sets the defaults 'parameters' ({_TAG})."
    return UsageError(f"The notebook has no parameter '{name}': {reason[0].lower()}{reason[1:]}.", hint=meant + there)


def _imports_all(code: str) -> bool:
    """Whether names come by an import that does not tell which."""
    return any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(_parsed(code)))


def _sets_anew(code: str, name: str) -> bool:
    """Whether a statement of the cell, whatever was before, sets ``name`` to something that does not depend on it."""
    for statement in _parsed(code).body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            read = {node.id for node in ast.walk(statement.value) if isinstance(node, ast.Name)}
            if _stores(targets, name) and not {name, "globals", "locals"} & read:
                return True
        if name in {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}:
            return False
    return False


def _stores(targets: Iterable[ast.expr], name: str) -> bool:
    nodes = (node for target in targets for node in ast.walk(target))
    return any(isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == name for node in nodes)


def _parsed(code: str) -> ast.Module:
    with catch_warnings(action="ignore"):
        return ast.parse(code)
