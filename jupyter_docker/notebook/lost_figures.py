"""Lost figures: those that a notebook shows and a script neither shows nor saves, told figure by figure."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from warnings import catch_warnings

from jupyter_docker.values import Script

_CHARTS = re.compile(
    r"\b(?:altair|bokeh|matplotlib|plotly|plotnine|pylab|seaborn)\b|\.(?:plot(?:\.\w+)?|hist|boxplot)\("
)
_PYPLOT = frozenset({"plt", "pyplot", "pylab"})
_CREATES = frozenset({"clustermap", "figure", "jointplot", "pairplot", "subplot_mosaic", "subplots"})
_GRIDS = frozenset({"catplot", "displot", "lmplot", "relplot", "FacetGrid", "JointGrid", "PairGrid"})
_DRAWS = re.compile(r"bar|barh|boxplot|contourf?|heatmap|hist|imshow|pie|plot|scatter|\w+plot")
_OBJECTS = re.compile(
    r"(?:alt|altair)\.\w*Chart|(?:px|express)\.\w+|(?:go|graph_objects|graph_objs)\.Figure|ggplot|Chart"
)
_SAVES = re.compile(
    r"savefig|write_html|write_image|to_html|export_png|export_svgs?|save_?(?:\w+_)?(?:fig|figure|plot|chart)s?"
)
_ENDS = frozenset({"clf", "close", "cla"})
_MAX_DEPTH = 5
_MAX_CALLS = 20_000  # functions can call functions many times: the rest of such a notebook is left unread


@dataclass(kw_only=True, eq=False)
class _Figure:
    """A figure of ``cell``; an ``automatic`` one, of pyplot's, is shown at its cell's end without a word."""

    cell: int
    automatic: bool
    names: set[str] = field(default_factory=set)
    shown: bool = False
    saved: bool = False


def lost_figures(script: Script) -> tuple[int, ...]:
    """Return the numbers of the cells that show a figure which no cell saves."""
    if not any(_CHARTS.search(cell.code) for cell in script.cells):
        return ()
    reader = _Reader()
    for cell in script.cells:
        reader.read(cell.number, cell.code)
    lost = {figure.cell for figure in reader.figures if (figure.shown or figure.automatic) and not figure.saved}
    return tuple(sorted(lost))


class _Reader:
    """Follows the calls of the cells in their order, into the functions that the cells define."""

    def __init__(self) -> None:
        self.figures: list[_Figure] = []
        self._current: _Figure | None = None
        self._functions: dict[str, ast.AST] = {}
        self._cell = 0
        self._calls = 0

    def read(self, number: int, code: str) -> None:
        self._cell, self._current = number, None
        with catch_warnings(action="ignore"):
            body = ast.parse(code).body
        with suppress(RecursionError):  # an expression that is too deep to follow
            for statement in body:
                self._statement(statement)
        last = body[-1] if body else None
        if isinstance(last, ast.Expr):
            self._show(last.value)

    def _statement(self, node: ast.AST, depth: int = 0) -> None:
        for each in _evaluated(node):
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
                self._functions[each.name] = each
            elif isinstance(each, ast.Call):
                self._call(each, depth)
            elif isinstance(each, ast.Assign):
                self._name(each)

    def _call(self, call: ast.Call, depth: int) -> None:
        self._calls += 1
        if self._calls > _MAX_CALLS:
            return
        name, receiver = _called(call), _base(call.func)
        if isinstance(call.func, ast.Name) and name in self._functions and depth < _MAX_DEPTH:
            before = self._current
            for each in ast.iter_child_nodes(self._functions[name]):
                self._statement(each, depth + 1)
            if self._current is before and _SAVES.fullmatch(name):
                self._save(call, receiver)
        elif _SAVES.fullmatch(name) or (name == "save" and self._saves_figure(call, receiver)):
            self._save(call, receiver)
        elif name in ("show", "display"):
            self._shows(call, receiver)
        elif name in _ENDS:
            self._end()
        elif _OBJECTS.fullmatch(_qualified(call)) or name == "Chart":
            self.figures.append(_Figure(cell=self._cell, automatic=False))
        elif name in _CREATES | _GRIDS or self._draws_anew(name, receiver):
            self._begin()

    def _draws_anew(self, name: str, receiver: str) -> bool:
        drawn_on = self._of_names({receiver}) or (self._current and not self._current.shown)
        return bool(_DRAWS.fullmatch(name)) and not drawn_on

    def _begin(self) -> None:
        self._current = _Figure(cell=self._cell, automatic=True)
        self.figures.append(self._current)

    def _end(self) -> None:
        """Take the figure as closed before it is shown, as a notebook does not show it either."""
        if self._current and not self._current.shown:
            self.figures.remove(self._current)
        self._current = None

    def _shows(self, call: ast.Call, receiver: str) -> None:
        if receiver in _PYPLOT and self._current:
            self._current.shown = True
        elif found := self._of_names({receiver, *_names(call)} - _PYPLOT):
            for figure in found:
                figure.shown = True
        elif isinstance(call.func, ast.Attribute) and receiver not in _PYPLOT:
            inside = [
                each for each in self.figures if each.cell == self._cell and not each.names and not each.automatic
            ]
            (inside or [self._new()])[-1].shown = True

    def _new(self) -> _Figure:
        self.figures.append(_Figure(cell=self._cell, automatic=False))
        return self.figures[-1]

    def _show(self, value: ast.expr) -> None:
        """Take the value that the cell ends with as shown."""
        made = [each for each in self.figures if each.cell == self._cell and not each.names and not each.automatic]
        for figure in [*self._of_names({_base(value)}), *made]:
            figure.shown = True

    def _save(self, call: ast.Call, receiver: str) -> None:
        named = self._of_names({receiver, *_names(call)})
        recent = [self._current] if self._current else [each for each in self.figures if each.cell == self._cell][-1:]
        for figure in named or recent:
            figure.saved = True

    def _saves_figure(self, call: ast.Call, receiver: str) -> bool:
        """Whether ``save()`` is of a figure, and not of an array, a model or a picture."""
        made = any(isinstance(each, ast.Call) and _OBJECTS.fullmatch(_qualified(each)) for each in ast.walk(call))
        return made or bool(self._of_names({receiver, *_names(call)}))

    def _of_names(self, names: set[str]) -> list[_Figure]:
        found = [figure for figure in self.figures if figure.names & names]
        return found[-1:]

    def _name(self, assign: ast.Assign) -> None:
        names = {node.id for target in assign.targets for node in ast.walk(target) if isinstance(node, ast.Name)}
        same = self._of_names({_base(assign.value)})
        for figure in self.figures:
            figure.names -= set() if figure in same else names
        made = [each for each in self.figures if each.cell == self._cell and not each.names]
        for figure in same or (made[-1:] if isinstance(assign.value, ast.Call | ast.BinOp) else []):
            figure.names |= names


def _evaluated(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs, in the order in which it does: arguments before their call, a value before its name is bound."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from _evaluated(child)
    yield node


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _qualified(call: ast.Call) -> str:
    """Return the name of what is called with that of its owner: ``express.line``."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    before = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return f"{before}.{_called(call)}" if before else _called(call)


def _base(node: ast.AST) -> str:
    """Return the name that an expression starts with: ``fig`` of ``fig.axes[0].set_title("a").figure``."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _names(call: ast.Call) -> set[str]:
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return {_base(value) for value in values} - {""}
