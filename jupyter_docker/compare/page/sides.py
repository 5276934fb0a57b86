"""The two sides of one cell: which outputs nbconvert renders, and which are shown with the difference marked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from jupyter_docker.compare.images import RASTER
from jupyter_docker.compare.outputs import Difference, Outputs, best_form
from jupyter_docker.compare.page.marks import MAX_TEXT, marked_tables, marked_texts, picture, shortened, slider
from jupyter_docker.compare.structure import is_structure
from jupyter_docker.compare.tables import read_page

Side: TypeAlias = Literal["saved", "new", "both"]
_PICTURES: Final = (*RASTER, "image/svg+xml")
# What nbconvert is given; nothing that is a program.
_RENDERED: Final = frozenset({"text/html", "text/markdown", "text/latex", "text/plain"})


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One output on one side, or a picture of both: HTML of our own, else data for nbconvert by its type."""

    side: Side
    html: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def sides_of(saved: Outputs, new: Outputs, differences: Sequence[Difference]) -> Iterator[Shown]:
    """Yield what both sides show, with marks where they differ."""
    apart = {(each.part, each.index) for each in differences if each.finding.look != "same"}
    yield from _stream(saved.stdout, new.stdout, differs=("stdout", 0) in apart)
    warnings = ["\n".join([*outputs.warnings, outputs.stderr]).strip() for outputs in (saved, new)]
    yield from _stream(warnings[0], warnings[1], differs=bool({("stderr", 0), ("warning", 0)} & apart))
    yield from _displays(saved.displays, new.displays, {index for part, index in apart if part not in _STREAMS})
    errors = [": ".join(outputs.error) if outputs.error else "" for outputs in (saved, new)]
    yield from _stream(errors[0], errors[1], differs=("error", 0) in apart)


_STREAMS = frozenset({"stdout", "stderr", "warning", "error"})


def _stream(saved: str, new: str, *, differs: bool) -> Iterator[Shown]:
    texts = marked_texts(saved, new) if differs else (saved, new)
    for side, text in zip(("saved", "new"), texts, strict=True):
        if text and differs:
            yield Shown(side=_side(side), html=text)
        elif text:
            yield Shown(side=_side(side), data={"text/plain": shortened(text)})


def _side(name: str) -> Side:
    return "saved" if name == "saved" else "new"


def _displays(saved: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], apart: set[int]) -> Iterator[Shown]:
    for index in range(max(len(saved), len(new))):
        a = saved[index] if index < len(saved) else None
        b = new[index] if index < len(new) else None
        if a is not None and b is not None and index in apart:
            yield from _marked(a, b)
        else:
            yield from (_plain(side, bundle) for side, bundle in ((_SAVED, a), (_NEW, b)) if bundle is not None)


_SAVED: Final[Side] = "saved"
_NEW: Final[Side] = "new"


def _marked(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Shown]:
    form = best_form(a, b)
    if form in _PICTURES:
        yield Shown(side="both", html=slider(picture(form, a[form]), picture(form, b[form])))
    elif form == "text/html" and (read_page(a[form]).rows or read_page(b[form]).rows):
        one, other = marked_tables(read_page(a[form]), read_page(b[form]))
        yield from (Shown(side="saved", html=one), Shown(side="new", html=other))
    elif form:
        one, other = marked_texts(*(_text(form, bundle[form]) for bundle in (a, b)))
        yield from (Shown(side="saved", html=one), Shown(side="new", html=other))
    else:
        yield from (_plain("saved", a), _plain("new", b))


def _text(form: str, value: Any) -> str:
    if is_structure(form):
        return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, default=str)
    return read_page(value).text if form == "text/html" else str(value)


def _plain(side: Side, bundle: Mapping[str, Any]) -> Shown:
    drawn = next((mime for mime in _PICTURES if bundle.get(mime)), None)
    if drawn:
        return Shown(side=side, html=picture(drawn, bundle[drawn]))
    data = {mime: value for mime, value in bundle.items() if mime in _RENDERED and len(value) <= 10 * MAX_TEXT}
    if "text/plain" in bundle:
        data["text/plain"] = shortened(bundle["text/plain"])
    return Shown(side=side, data=data)
