"""The outputs of one cell held against those of another run: streams, displays in order, warnings, an error."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Final

from jupyter_docker.compare.findings import SAME, Finding, Part
from jupyter_docker.compare.images import RASTER, compare_drawings, compare_rasters
from jupyter_docker.compare.structure import compare_structures, is_structure
from jupyter_docker.compare.tables import compare_pages, read_page
from jupyter_docker.compare.text import Reader

_DRAWING = "image/svg+xml"
_TEXTS: Final = ("text/latex", "text/markdown", "text/plain")
# As format 3 of notebooks names the forms of an output.
_OLD_FORMS: Final = {
    "text": "text/plain", "html": "text/html", "png": "image/png", "jpeg": "image/jpeg", "svg": _DRAWING,
    "latex": "text/latex", "json": "application/json",
}  # fmt: skip
_WARNING = re.compile(r"^(?:[^\n:]*:\d+: |.*\bWARNING\b:? ?)?(\w*Warning): (.*)(?:\n[ \t]+\S.*)?$", re.MULTILINE)
_MAX_NOTE = 120


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One part of a cell's outputs, compared. ``index`` is which of its displays, from 0."""

    part: Part
    finding: Finding
    index: int = 0


@dataclass(slots=True)
class Outputs:
    """What a cell has printed, shown and raised."""

    stdout: str = ""
    stderr: str = ""
    warnings: list[str] = field(default_factory=list)
    displays: list[Mapping[str, Any]] = field(default_factory=list)
    error: tuple[str, str] | None = None


def read_outputs(cell: Mapping[str, Any]) -> Outputs:
    """Return the outputs of a cell by what they are, also where it is of format 3 or malformed."""
    read, streams = Outputs(), {"stdout": "", "stderr": ""}
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        kind = output.get("output_type") if isinstance(output, Mapping) else None
        if kind == "stream":
            name = "stderr" if "stderr" in (output.get("name"), output.get("stream")) else "stdout"
            streams[name] += _text(output.get("text"))
        elif kind in ("error", "pyerr"):
            read.error = str(output.get("ename", "")), str(output.get("evalue", ""))
        elif kind is not None:
            read.displays.append(_forms(output))
    read.stdout = streams["stdout"]
    read.warnings = [f"{kind}: {words}" for kind, words in _WARNING.findall(streams["stderr"])]
    read.stderr = _WARNING.sub("", streams["stderr"]).strip()
    return read


def compare_outputs(saved: Outputs, new: Outputs, reader: Reader) -> tuple[Difference, ...]:
    """Return each part that either has, compared; those that the rules ignore are left out."""
    found = [*_streams(saved, new, reader), *_errors(saved, new, reader), *_displays(saved, new, reader)]
    return tuple(each for each in found if not reader.rules.ignores(each.part))


def _text(value: Any) -> str:
    return "".join(str(line) for line in value) if isinstance(value, list) else str(value or "")


def _forms(output: Mapping[str, Any]) -> dict[str, Any]:
    data = output.get("data")
    if not isinstance(data, Mapping):
        data = {_OLD_FORMS[key]: value for key, value in output.items() if key in _OLD_FORMS}
    return {mime: value if is_structure(mime) else _text(value) for mime, value in data.items()}


def _streams(saved: Outputs, new: Outputs, reader: Reader) -> Iterator[Difference]:
    if saved.stdout or new.stdout:
        yield Difference(part="stdout", finding=reader.compare(saved.stdout, new.stdout))
    if saved.stderr or new.stderr:
        yield Difference(part="stderr", finding=reader.compare(saved.stderr, new.stderr))
    if saved.warnings or new.warnings:
        yield Difference(part="warning", finding=_compare_warnings(saved.warnings, new.warnings, reader))


def _compare_warnings(saved: Sequence[str], new: Sequence[str], reader: Reader) -> Finding:
    """Compare what was warned of, whatever how often and from where."""
    one, other = dict.fromkeys(saved), dict.fromkeys(new)
    gone = [each for each in one if each not in other and not _is_among(each, other, reader)]
    come = [each for each in other if each not in one and not _is_among(each, one, reader)]
    if not gone and not come:
        return SAME if list(one) == list(other) else Finding(look="equivalent", note="the same warnings")
    notes = [f"'{each[:_MAX_NOTE]}' is gone" for each in gone] + [f"'{each[:_MAX_NOTE]}' is new" for each in come]
    return Finding(look="value", score=1 - len(notes) / len(one | other), note="; ".join(notes[:2]))


def _is_among(warning: str, others: Mapping[str, None], reader: Reader) -> bool:
    return any(reader.compare(warning, other).look != "value" for other in others)


def _errors(saved: Outputs, new: Outputs, reader: Reader) -> Iterator[Difference]:
    if saved.error is None and new.error is None:
        return
    if saved.error is None or new.error is None:
        name, words = new.error or saved.error or ("", "")
        note = f"{name}: {words}"[:_MAX_NOTE] + ("" if new.error else " is no longer raised")
        yield Difference(part="error", finding=Finding(look="value", score=0.0, note=note))
    elif saved.error[0] != new.error[0]:
        note = f"{saved.error[0]} → {new.error[0]}: {new.error[1]}"[:_MAX_NOTE]
        yield Difference(part="error", finding=Finding(look="value", score=0.0, note=note))
    else:
        yield Difference(part="error", finding=reader.compare(saved.error[1], new.error[1]))


def _displays(saved: Outputs, new: Outputs, reader: Reader) -> Iterator[Difference]:
    """Compare displays by their place; where one side has more, those of one kind are paired."""
    one, other = saved.displays, new.displays
    if len(one) == len(other):
        yield from (_compare(a, b, reader, index) for index, (a, b) in enumerate(zip(one, other, strict=True)))
        return
    kinds, others = ([_kind(bundle) for bundle in bundles] for bundles in (one, other))
    matcher = SequenceMatcher(None, kinds, others, autojunk=False)
    for _tag, start, end, new_start, new_end in matcher.get_opcodes():
        for offset in range(max(end - start, new_end - new_start)):
            a = one[start + offset] if start + offset < end else None
            b = other[new_start + offset] if new_start + offset < new_end else None
            index = start + offset if a is not None else new_start + offset
            if a is not None and b is not None:
                yield _compare(a, b, reader, index)
            else:
                yield _missing(a, b, index)


def _missing(a: Mapping[str, Any] | None, b: Mapping[str, Any] | None, index: int) -> Difference:
    note = f"an output is gone ({_kind(a)})" if a is not None else f"an output is new ({_kind(b or {})})"
    return Difference(part="missing", finding=Finding(look="value", score=0.0, note=note), index=index)


def _kind(bundle: Mapping[str, Any]) -> str:
    ranked = [*RASTER, _DRAWING, "text/html", *_TEXTS]
    special = next((mime for mime in bundle if is_structure(mime)), None)
    return special or next((mime for mime in ranked if mime in bundle), next(iter(bundle), "nothing"))


def _compare(a: Mapping[str, Any], b: Mapping[str, Any], reader: Reader, index: int) -> Difference:
    """Compare two displays by the form that says most, among those that both have."""
    part, finding = _by_best_form(a, b, reader)
    return Difference(part=part, finding=finding, index=index)


def _by_best_form(a: Mapping[str, Any], b: Mapping[str, Any], reader: Reader) -> tuple[Part, Finding]:
    form = best_form(a, b)
    if not form:
        return "missing", Finding(look="value", score=0.0, note=f"{_kind(a)} → {_kind(b)}")
    if form == "text/html":
        return _compare_html(a[form], b[form], reader)
    part: Part = "json" if is_structure(form) else "image" if form in {*RASTER, _DRAWING} else "text"
    return part, _compare_form(form, a[form], b[form], reader)


def _compare_form(form: str, one: Any, other: Any, reader: Reader) -> Finding:
    if is_structure(form):
        return compare_structures(one, other, reader)
    if form in RASTER:
        return compare_rasters(one, other)
    return compare_drawings(one, other, reader) if form == _DRAWING else reader.compare(str(one), str(other))


def _compare_html(saved: str, new: str, reader: Reader) -> tuple[Part, Finding]:
    one, other = read_page(saved), read_page(new)
    if one.rows or other.rows:
        return "table", compare_pages(one, other, reader)
    shown = one.text.strip(), other.text.strip()
    return "markup", reader.compare(*(shown if any(shown) else (saved, new)))


def best_form(a: Mapping[str, Any], b: Mapping[str, Any]) -> str:
    """Return the form that says most, of those that two displays have in common; empty where there is none."""
    both = [mime for mime in a if mime in b]
    structures = [mime for mime in both if is_structure(mime)]
    tables = ["text/html"] if any("<table" in each.get("text/html", "") for each in (a, b)) else []
    ranked = [*structures, *tables, *RASTER, _DRAWING, "text/html", *_TEXTS, *both]
    return next((mime for mime in ranked if mime in both), "")
