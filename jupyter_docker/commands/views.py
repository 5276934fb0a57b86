"""A command's value → what a face shows of it: a table, or text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, TextIO

from jupyter_docker.clusters import SweepTable, cell_text
from jupyter_docker.commands.verbs.sweeps import SweepSummary
from jupyter_docker.compare import MEANINGS, REPRODUCED, CellClass, Report
from jupyter_docker.display import OutputStream, TableView, plan_view
from jupyter_docker.doctor import Check
from jupyter_docker.engine import ContainerInfo
from jupyter_docker.freeze import explain, requirements_text
from jupyter_docker.kernel import RegisteredKernel
from jupyter_docker.pipeline import Plan
from jupyter_docker.values import Image, Requirements, Sbom

_MAX_ROWS = 60
_ALWAYS = ("task", "status")
_DETAILS = ("attempt", "host", "peak_memory", "files")
_MAX_NAMED = 8
_TONES: Mapping[str, Any] = {"ok": "good", "advice": "warning", "problem": "bad"}


class View(Protocol):
    """Anything that a face can show."""

    def print(self, stream: TextIO) -> None:
        """Write it for a terminal or a pipe."""


@dataclass(frozen=True, kw_only=True)
class TextView:
    """Text that is its own best form; as the value of a cell it shows as it is."""

    text: str

    def print(self, stream: TextIO) -> None:
        """Write the text."""
        OutputStream(stream).write(self.text)

    def __repr__(self) -> str:
        return self.text.rstrip("\n")


def view(value: Any, *, why: bool = False) -> View | None:
    """Return what to show of a command's value beyond its events, None where those said all."""
    if isinstance(value, TextView):
        return value
    if isinstance(value, Requirements):
        return _reasons(value) if why else TextView(text=requirements_text(value))
    views: dict[type, Callable[[Any], View]] = {
        tuple: _listed, SweepTable: _sweep_table, Report: _classes, Plan: plan_view, Sbom: _document,
    }  # fmt: skip
    return next((show(value) for kind, show in views.items() if isinstance(value, kind)), None)


def _listed(values: tuple[Any, ...]) -> TableView:
    match values:
        case (Check(), *_):
            return _checks(values)
        case (Image(), *_):
            return _images(values)
        case (ContainerInfo(), *_):
            return _containers(values)
        case (RegisteredKernel(), *_):
            return _kernels(values)
        case (SweepSummary(), *_):
            return _sweeps(values)
    return TableView(columns=(), rows=(), empty="There are none.")


def as_json(value: Any) -> str | None:
    """Return the value as JSON lines, None where the events said all."""
    if isinstance(value, tuple):
        return "\n".join(json.dumps(_plain(one)) for one in value)
    if isinstance(value, SweepTable):
        return "\n".join(json.dumps(_cells(row)) for row in value.rows)
    if isinstance(value, Plan | Report | Sbom):
        return json.dumps(value.as_json())
    if isinstance(value, Requirements):
        return json.dumps(_plain(value))
    return None


def exit_status(value: Any) -> int:
    """Return the status of a command with this value: a program's own, 1 where doctor or a row of a sweep failed.

    Raises NotReproducedError for a report of a notebook that gave something else.
    """
    if isinstance(value, Report):
        value.check()
    if isinstance(value, int):
        return value
    if isinstance(value, SweepTable):
        return 0 if value.progress.succeeded or value.progress.active else 1
    checks = [one for one in value if isinstance(one, Check)] if isinstance(value, tuple) else []
    return int(any(one.level == "problem" for one in checks))


def _plain(value: Any) -> Any:
    whole = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
    return json.loads(json.dumps(whole, default=str))


def _document(sbom: Sbom) -> TextView:
    return TextView(text=sbom.text)


def _containers(containers: tuple[ContainerInfo, ...]) -> TableView:
    if all(one.own for one in containers):
        own = [(one.name, one.image, one.status, ", ".join(one.ports)) for one in containers]
        return TableView(columns=("name", "image", "status", "ports"), rows=own)
    rows = [
        (one.name, one.image, one.status, ", ".join(one.ports), "you" if one.own else one.owner) for one in containers
    ]
    return TableView(columns=("name", "image", "status", "ports", "owner"), rows=rows)


def _images(images: tuple[Image, ...]) -> TableView:
    rows = [(str(one.reference), f"{one.size / 1e6:,.0f} MB", _age(one.created), one.platform) for one in images]
    return TableView(columns=("image", "size", "made", "platform"), rows=rows, right=frozenset({"size"}))


def _kernels(kernels: tuple[RegisteredKernel, ...]) -> TableView:
    rows = [(one.name, one.title, one.image, one.notebook) for one in kernels]
    return TableView(columns=("kernel", "title", "image", "notebook"), rows=rows)


def _sweeps(sweeps: tuple[SweepSummary, ...]) -> TableView:
    rows = [(one.id, one.cluster, one.states, _age(one.created), one.notebook) for one in sweeps]
    tones: list[Any] = ["warning" if one.active else "" for one in sweeps]
    return TableView(columns=("sweep", "on", "rows", "begun", "notebook"), rows=rows, tones=tones)


def _sweep_table(table: SweepTable) -> TableView:
    """Return the columns that say something, and so many rows as can be looked at."""
    texts, columns = table.texts(), table.columns
    said = {place for place, name in enumerate(columns) if name in _ALWAYS or any(row[place] for row in texts)}
    shown = [place for place in sorted(said) if columns[place] not in _DETAILS]
    rows = [[row[place] for place in shown] for row in texts[:_MAX_ROWS]]
    if len(texts) > _MAX_ROWS:
        rows.append([f"… {len(texts) - _MAX_ROWS} more", *[""] * (len(shown) - 1)])
    return TableView(columns=[columns[place] for place in shown], rows=rows)


def _cells(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of a sweep's table as JSON: what is no plain value by its short text."""
    plain = (str, int, float, bool, list, type(None))
    return {name: value if isinstance(value, plain) else cell_text(value) for name, value in row.items()}


def _checks(checks: tuple[Check, ...]) -> TableView:
    rows = [(one.level, one.name, "\n".join(filter(None, (one.detail, one.remedy)))) for one in checks]
    return TableView(columns=("", "what", "found"), rows=rows, tones=[_TONES[one.level] for one in checks])


def _classes(report: Report) -> TableView:
    """Show a line for each class of cells that there is."""
    rows = [(kind, str(count), _numbers(report, kind), MEANINGS[kind]) for kind, count in report.counts.items()]
    tones: list[Any] = ["good" if kind in REPRODUCED else "bad" for kind in report.counts]
    columns = ("class", "cells", "which", "meaning")
    return TableView(columns=columns, rows=rows, tones=tones, right=frozenset({"cells"}), empty="It has no code cells.")


def _numbers(report: Report, kind: CellClass) -> str:
    numbers = [str(cell.number) for cell in report.cells if cell.kind == kind]
    return ", ".join(numbers[:_MAX_NAMED]) + (" …" if len(numbers) > _MAX_NAMED else "")


def _reasons(requirements: Requirements) -> TableView:
    rows = [(one.name, one.version or one.kind, "; ".join(one.why)) for one in explain(requirements)]
    return TableView(columns=("package", "version", "needed for"), rows=rows, empty="It needs nothing but Python.")


def _age(created: str) -> str:
    """Return "3 hours ago" of an ISO 8601 time."""
    try:
        seconds = (datetime.now(UTC) - datetime.fromisoformat(created)).total_seconds()
    except ValueError:
        return created
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count = int(seconds // length)
        if count:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"
