"""A plan as tables: what goes into the image, and what the container is given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TextIO

from jupyter_docker.display.html.ansi import escape
from jupyter_docker.display.table import TableView
from jupyter_docker.display.terminal.stream import OutputStream
from jupyter_docker.pipeline import Plan
from jupyter_docker.values import DataPath, Requirements


@dataclass(frozen=True, kw_only=True)
class SectionsView:
    """Titles and tables, in order; IPython shows it as HTML or text by itself. A table without rows is left out."""

    sections: Sequence[tuple[str, TableView]]

    def print(self, stream: TextIO) -> None:
        """Write each title and table, an empty line between them."""
        out = OutputStream(stream)
        for number, (title, table) in enumerate(self._shown()):
            out.write(("\n" if number else "") + f"{title}\n")
            table.print(stream)

    def text(self) -> str:
        """Return all of it as aligned text."""
        return "\n".join(f"{title}\n{table.text()}" for title, table in self._shown())

    def html(self) -> str:
        """Return all of it as HTML, everything escaped."""
        return "".join(f"<h4>{escape(title)}</h4>{table.html()}" for title, table in self._shown())

    def _shown(self) -> list[tuple[str, TableView]]:
        return [(title, table) for title, table in self.sections if table.rows]

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.text().rstrip("\n")}


Rows = Iterable[Sequence[str]]


def plan_view(plan: Plan) -> SectionsView:
    """Return the tables of ``plan``."""
    needs = plan.recipe.requirements
    missing = [(each.name, each.where) for each in needs.unresolved]
    left_out = [(each.name, each.version) for each in needs.candidates]
    system = [(each.name, each.why) for each in needs.system]
    data = [_data(plan, each) for each in needs.data]
    sections = [
        (f"The image of {plan.notebook.name}", _table("what", "is", rows=_image(plan))),
        ("Asked for, not allowed yet", _table("the notebook asks", "allow it with", rows=_unmet(plan))),
        ("Packages", _table("package", "version", "needed for", rows=_packages(needs))),
        ("System packages", _table("package", "needed for", rows=system)),
        ("Local files", _table("file", "in the image", "needed for", rows=_local(plan))),
        ("Not found", _table("name", "where", rows=missing)),
        ("Loaded, left out", _table("package", "version", rows=left_out)),
        ("Files that the notebook uses", _table("path", "access", "why", rows=data)),
        ("Mounted in the container", _table("from", "to", "access", rows=_mounts(plan))),
        ("What the container is given", _table("what", "is", rows=_given(plan))),
    ]
    return SectionsView(sections=sections)


def _table(*columns: str, rows: Rows) -> TableView:
    return TableView(columns=columns, rows=list(rows))


def _image(plan: Plan) -> Rows:
    yield "Python", plan.python
    yield "base image", str(plan.recipe.base)
    yield "script", plan.recipe.script.name
    yield "imports", "what the running kernel has loaded, too" if plan.live else "what the cells import"


def _unmet(plan: Plan) -> Rows:
    for each in plan.unmet:
        yield each.ruling.wish, each.ruling.arguments


def _packages(needs: Requirements) -> Rows:
    """Yield what the code needs itself first."""
    for pin in sorted(needs.pins, key=lambda pin: not pin.direct):
        yield pin.name, pin.version, "; ".join(pin.why)


def _local(plan: Plan) -> Rows:
    for each in plan.recipe.requirements.local:
        yield plan.shown(each.source), str(each.target), each.why


def _data(plan: Plan, each: DataPath) -> Sequence[str]:
    missing = ", made by the run" if each.access == "write" else ", is not there"
    missing = "" if plan.exists(str(each.path)) else missing
    return str(each.path), f"{each.access}{missing}", each.why


def _mounts(plan: Plan) -> Rows:
    for mount in plan.spec.mounts:
        source = mount.source if mount.kind == "bind" else f"volume {mount.source}"
        yield source, str(mount.target), "read-only" if mount.read_only else "read and write"


def _given(plan: Plan) -> Rows:
    for name, is_set in plan.variables.items():
        yield f"variable {name}", "set" if is_set else "not set here; a run needs it"
    for port in plan.ports:
        yield "port", port
    limits = plan.spec.limits
    for name, value in (("memory", limits.memory and f"{limits.memory / 2**20:,.0f} MiB"), ("CPUs", limits.cpus)):
        if value:
            yield name, str(value)
    for name, text in (("GPUs", plan.spec.gpus), ("network", plan.spec.network), ("user", plan.spec.user)):
        if text:
            yield name, text
