"""The report as a page: a notebook of what is to be shown, rendered by nbconvert in a frame without any script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from jupyter_docker.compare.outputs import read_outputs
from jupyter_docker.compare.page.sides import Shown, sides_of
from jupyter_docker.compare.report import MEANINGS, CellReport, Report
from jupyter_docker.notebook import source_cells

if TYPE_CHECKING:
    from nbconvert.exporters import HTMLExporter

_TAGS: Final = frozenset((
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl", "dt", "em",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q",
    "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "u", "ul",
))  # fmt: skip


def _may_have(_tag: str, name: str, value: str) -> bool:
    """Whether an image may have the attribute: none is fetched from elsewhere."""
    return name in {"alt", "width", "height"} or (name == "src" and value.startswith("data:image/"))


_ATTRIBUTES: Final[Mapping[str, Any]] = {
    "*": ["class", "title"],
    "a": ["href"],
    "img": _may_have,
    "td": ["colspan", "rowspan"],
    "th": ["colspan", "rowspan"],
}
_PROGRAMS = re.compile(r"<(style|script|template)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)


def report_page(report: Report, saved: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Return the report as a page of HTML: each cell with its class, and both outputs where they differ.

    Nothing in it runs: what the notebooks hold is escaped or cleaned, and the page allows no script, no style sheet
    and no picture from elsewhere.
    """
    from nbformat import from_dict

    cells = list(_cells(report, saved, new))
    notebook = from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})  # type: ignore[no-untyped-call]
    body, _ = _exporter().from_notebook_node(notebook)
    frame = (files("jupyter_docker.compare") / "page" / "frame.html").read_text(encoding="utf-8")
    values = {"title": escape(report.name), "summary": _summary(report), "body": body}
    return re.sub(r"<!--(\w+)-->", lambda match: values[match[1]], frame)


def prepare_page() -> None:
    """Import what makes a page in another thread, which takes a second or two, while something else is waited for."""
    Thread(target=_exporter, name="report page", daemon=True).start()


@cache
def _exporter() -> HTMLExporter:
    """Return nbconvert's exporter, which takes longer to make than a page."""
    from jinja2 import DictLoader
    from nbconvert.exporters import HTMLExporter

    template = (files("jupyter_docker.compare") / "page" / "report.html.j2").read_text(encoding="utf-8")
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="basic",
        template_file="report.html.j2",
        extra_loaders=[DictLoader({"report.html.j2": template})],
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        default_preprocessors=[],
    )
    exporter.register_filter("clean", _clean)  # type: ignore[no-untyped-call]
    return exporter


def _clean(html: str) -> str:
    """Return HTML of somebody unknown with the tags that only say how text looks."""
    import bleach

    shown = _PROGRAMS.sub("", html)
    return str(bleach.clean(shown, tags=_TAGS, attributes=_ATTRIBUTES, protocols=["http", "https", "mailto", "data"]))


def _cells(report: Report, saved: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the cells of the page: each code cell with the outputs of both sides, in frames."""
    reports = {cell.index: cell for cell in report.cells}
    for cell in source_cells(saved):
        shown = {"id": f"cell-{cell.index}", "source": cell.text, "metadata": {}}
        if cell.kind == "code":
            of_cell = reports[cell.index]
            outputs = list(_outputs(of_cell, saved, new))
            metadata = {"heading": _heading(of_cell), "kind": _css(of_cell.kind)}
            yield {**shown, "cell_type": "code", "metadata": metadata, "outputs": outputs, "execution_count": None}
        elif cell.kind == "markdown":
            yield {**shown, "cell_type": "markdown"}


def _outputs(report: CellReport, saved: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    before = read_outputs(saved["cells"][report.index])
    after = read_outputs(new["cells"][report.new_index]) if report.new_index is not None else read_outputs({})
    shown = list(sides_of(before, after, report.differences))
    if report.kind == "same" and not report.ignored:  # once is enough
        yield from (_output(each) for each in shown if each.side != "saved")
        return
    sides = [[_output(each) for each in shown if each.side == side] for side in ("saved", "new", "both")]
    if any(sides[:2]):
        yield _frame('<div class="two"><div class="side"><h4>saved</h4>')
        yield from sides[0]
        yield _frame('</div><div class="side"><h4>new</h4>')
        yield from sides[1]
        yield _frame("</div></div>")
    yield from sides[2]


def _output(shown: Shown) -> dict[str, Any]:
    return {**_frame(shown.html), "data": dict(shown.data)}


def _frame(html: str) -> dict[str, Any]:
    """Return an output that is HTML of ours; the template writes it as it is."""
    return {"output_type": "display_data", "data": {}, "metadata": {"frame": html}}


def _css(kind: str) -> str:
    return kind.replace(" ", "-")


def _heading(report: CellReport) -> str:
    kind = report.kind
    presumed = "" if report.certain else " <em>(presumed)</em>"
    ignored = "; its tags or metadata leave out some or all of it" if report.ignored else ""
    note = f": {escape(report.note)}" if report.note else ""
    return (
        f'<header id="cell-{report.number}"><b>[{report.number}]</b> <span class="kind">{kind}</span>{presumed} '
        f"<small>{report.score:.2f}</small>{note}{ignored}</header>"
    )


def _summary(report: Report) -> str:
    rows = "".join(
        f'<tr class="{_css(kind)}"><td class="kind">{kind}</td><td>{count}</td><td>{MEANINGS[kind]}</td>'
        f"<td>{_links(report, kind)}</td></tr>"
        for kind, count in report.counts.items()
    )
    found = {"versions": report.provenance.environment, "data": report.provenance.data}
    changed = [f"<p>Changed {what}: {escape(', '.join(names))}</p>" for what, names in found.items() if names]
    return (
        f"<p><b>{report.reproduced} of {len(report.cells)}</b> cells gave what was saved; score {report.score:.2f}, "
        f"from {report.runs} {'run' if report.runs == 1 else 'runs'}.</p><table>{rows}</table>{''.join(changed)}"
    )


def _links(report: Report, kind: str) -> str:
    return " ".join(f'<a href="#cell-{cell.number}">[{cell.number}]</a>' for cell in report.cells if cell.kind == kind)


def write_page(report: Report, saved: Mapping[str, Any], new: Mapping[str, Any], target: Path) -> None:
    """Write the page; raises OSError.

    Args:
        report: The comparison.
        saved: The notebook with the saved outputs.
        new: The notebook as it ran now.
        target: The file to write.
    """
    target.write_text(report_page(report, saved, new), encoding="utf-8", errors="replace")
