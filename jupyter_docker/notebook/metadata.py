"""The notebook's metadata ``containerize``, written into the file and nothing else of it changed."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jupyter_docker.values import NotebookError

METADATA_KEY = "containerize"
_SPACE = re.compile(r"\s*")


def store_choices(notebook: Path, choices: Mapping[str, Any]) -> None:
    """Put ``choices`` into what the notebook's metadata has under ``containerize``.

    The rest of the file stays as it is, byte for byte; it is replaced at once, so a reader sees the old file or the new
    one. Raises NotebookError where it can't be read or written.
    """
    path = notebook.resolve()
    try:
        text = path.read_bytes().decode("utf-8")
        _replace(path, with_choices(text, choices))
    except (OSError, ValueError, RecursionError) as error:
        raise NotebookError(
            f"'{notebook}' can't be given what was learned: {error}",
            hint=f"Put it into the notebook's metadata yourself: {json.dumps({METADATA_KEY: choices})}",
        ) from error


def with_choices(text: str, choices: Mapping[str, Any]) -> str:
    """Return the notebook's ``text`` with ``choices`` worked in; raises ValueError where it is not a notebook's."""
    spans = {key: (start, end) for key, start, end in _members(text, _SPACE.match(text, 0).end())}  # type: ignore[union-attr]
    if "metadata" not in spans:
        raise ValueError("it has no metadata")
    start, end = spans["metadata"]
    inside = {key: (begin, stop) for key, begin, stop in _members(text, start)}
    unit = _unit(text)
    if METADATA_KEY in inside:
        begin, stop = inside[METADATA_KEY]
        before = json.loads(text[begin:stop])
        value = _dump({**(before if isinstance(before, dict) else {}), **choices}, unit)
        return text[:begin] + value + text[stop:]
    break_ = "" if unit is None else f"\n{unit * 2}"
    entry = f'{break_}"{METADATA_KEY}": {_dump(choices, unit)}'
    after = text[start + 1 : end]
    tail = f",{'' if unit is not None else ' '}{after}" if inside else ("" if unit is None else f"\n{unit}") + "}"
    return text[: start + 1] + entry + tail + text[end:]


def _dump(value: Mapping[str, Any], unit: str | None) -> str:
    if unit is None:
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False, indent=unit).replace("\n", f"\n{unit * 2}")


def _unit(text: str) -> str | None:
    """Return what a level is indented by; None where all is on one line."""
    match = re.match(r"\s*\{\r?\n([ \t]*)", text)
    return match[1] if match else None


def _members(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """Yield the key of each member of the object at ``start``, and where its value begins and ends."""
    if text[start : start + 1] != "{":
        raise ValueError("it is not a notebook")
    decoder = json.JSONDecoder()
    place = _skip(text, start + 1)
    while text[place : place + 1] != "}":
        key, place = decoder.raw_decode(text, place)
        begin = _skip(text, _skip(text, place) + 1)
        _, end = decoder.raw_decode(text, begin)
        yield key, begin, end
        place = _skip(text, end)
        if text[place : place + 1] == ",":
            place = _skip(text, place + 1)


def _skip(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place


def _replace(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(text.encode())
    try:
        shutil.copymode(path, file.name)
        os.replace(file.name, path)  # noqa: PTH105
    except OSError:
        os.unlink(file.name)  # noqa: PTH108
        raise
