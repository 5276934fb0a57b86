"""Uses of imported names: attributes, calls with their texts, and texts that stand alone."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from jupyter_docker.freeze.scan.source_location import SourceLocation

_MAX_TEXT = 400  # a longer one is prose, not a path or an option


@dataclass(frozen=True, kw_only=True)
class Use(SourceLocation):
    """One attribute, call or text.

    ``name`` is dotted: "pandas.read_excel" where ``library`` is known to be pandas, "plot.kde" where the receiver can
    be anything, empty for a text alone. ``keywords`` are the texts in each keyword argument (numbers and the like as
    Python writes them), ``texts`` those in any argument, ``arguments`` the number of positional ones.
    """

    name: str = ""
    library: str = ""
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    arguments: int = 0

    @property
    def why(self) -> str:
        """The use in words: "cell 3: read_excel", or the text itself."""
        return f"{self.source}: {self.name.rpartition('.')[2] or repr(self.texts[0])}"


class UseFinder:
    """Collects the uses of one namespace, in the order of its text; `resolved` names their libraries at the end."""

    def __init__(self) -> None:
        self._bound: dict[str, str] = {}
        self._assigned: dict[str, tuple[str, ...]] = {}
        self._starred = False
        self._found: list[tuple[Use, str, ast.Call | None]] = []
        self._passed: set[int] = set()

    def visit(self, node: ast.AST, location: SourceLocation) -> None:
        """Take the node at ``location``, parents before children."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            self._bind(node)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            self._assigned[node.targets[0].id] = tuple(_texts(node.value))
        elif isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name):
            self._assigned[node.optional_vars.id] = tuple(_texts(node.context_expr))
        elif isinstance(node, ast.Call):
            self._passed.add(id(node.func))
            self._add(node.func, location, call=node)
        elif isinstance(node, ast.Attribute) and id(node) not in self._passed:
            if isinstance(node.ctx, ast.Store):  # "slider.style.colour = …" uses no style of its own
                self._passed.add(id(node.value))
            self._add(node, location)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= _MAX_TEXT:
            self._found.append((_use(location, texts=(node.value,)), "", None))

    def resolved(self) -> Iterator[Use]:
        """Yield the uses, with names as imported and arguments that are variables filled in."""
        for use, base, call in self._found:
            named = self._named(use, base)
            if named is not None:
                yield named if call is None else self._with_arguments(named, call)

    def _bind(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                top = alias.name.partition(".")[0]
                self._bound[alias.asname or top] = alias.name if alias.asname else top
            elif alias.name == "*":
                self._starred = True
            elif not node.level:
                self._bound[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    def _add(self, function: ast.expr, location: SourceLocation, call: ast.Call | None = None) -> None:
        base, parts = _chain(function)
        if base or parts:
            self._found.append((_use(location, name=".".join(parts)), base, call))

    def _named(self, use: Use, base: str) -> Use | None:
        """Return the use with its library; None for a plain function of the code's own."""
        if base in self._bound:
            name = f"{self._bound[base]}.{use.name}".rstrip(".")
            return replace(use, name=name, library=name.partition(".")[0])
        if base and not use.name:
            return replace(use, name=base) if self._starred else None
        return use

    def _with_arguments(self, use: Use, call: ast.Call) -> Use:
        positional = [text for each in call.args for text in self._values(each)]
        keywords = {each.arg: tuple(self._values(each.value)) for each in call.keywords if each.arg}
        texts = (*positional, *(text for values in keywords.values() for text in values))
        return replace(use, texts=texts, keywords=keywords, arguments=len(call.args))

    def _values(self, argument: ast.expr) -> Iterable[str]:
        if isinstance(argument, ast.Name):
            return self._assigned.get(argument.id, ())
        return _texts(argument)


def _use(location: SourceLocation, *, name: str = "", texts: tuple[str, ...] = ()) -> Use:
    return Use(line=location.line, cell=location.cell, where=location.where, name=name, texts=texts)


def _chain(node: ast.expr) -> tuple[str, tuple[str, ...]]:
    """Return the first name of ``a.b.c`` and the rest; the first is empty where the chain starts at something else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return node.id if isinstance(node, ast.Name) else "", tuple(reversed(parts))


def _texts(node: ast.expr) -> Iterator[str]:
    """Yield the constants in an expression, as texts."""
    for each in ast.walk(node):
        if isinstance(each, ast.Constant):
            yield each.value if isinstance(each.value, str) else repr(each.value)
