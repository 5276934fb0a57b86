"""The language of the corpus: a case is a notebook and the folder that it makes, and says what must not happen."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

KERNEL = "corpus"

# What a text of a case may name: the home with its decoys, a tree outside of it, and statements that leave a mark.
# @MARK@ is a statement of Python and @SHMARK@ a line of a shell which leave a mark where they run on the host.
_PLACES = ("@HOME@", "@OUTSIDE@", "@MARK@", "@SHMARK@")


@dataclass(frozen=True)
class Link:
    """A symbolic link to ``target``."""

    target: str


@dataclass(frozen=True)
class Special:
    """Neither a file nor a folder."""

    kind: Literal["fifo", "socket", "folder"]


@dataclass(frozen=True)
class Program:
    """A file that can be executed."""

    text: str


Entry: TypeAlias = str | bytes | Link | Special | Program


@dataclass(frozen=True, kw_only=True)
class Case:
    """A notebook of a stranger's, and what must not happen whatever is done with it before and in a run.

    Args:
        name: What it tries, unique in the corpus.
        must_not: What must not happen, in words.
        cells: The texts of its code cells.
        asks: The metadata ``containerize``.
        metadata: More of the notebook's metadata.
        files: What lies in its folder, by path; such as "above/../x" reach nothing else.
        notebook: The notebook's path in its folder.
        raw: The bytes of the notebook's file, where it is none that ``cells`` make.
        entry: What is in the place of the notebook's file, where it is no file.
        words: More words of the command, of the person's own.
        runs: Whether it is built and run in each run of the tests, and not only in the long one.
        refused: Whether a run of it is refused, in words, before anything is built.
        large: Whether it takes a while, so that only the long run of the tests tries all ways.
        xfail: The hole that makes it fail; it has to fail then.
    """

    name: str
    must_not: str
    cells: tuple[str, ...] = ()
    asks: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Entry] = field(default_factory=dict)
    notebook: str = "notebook.ipynb"
    raw: bytes | Callable[[], bytes] | None = None
    entry: Entry | None = None
    words: tuple[str, ...] = ()
    runs: bool = False
    refused: bool = False
    large: bool = False
    xfail: str = ""

    def make(self, folder: Path, places: Mapping[str, str]) -> Path:
        """Make the folder, and return the notebook's path."""
        folder.mkdir(parents=True)
        notebook = self._content(places) if self.entry is None else self.entry
        for path, entry in {**self.files, self.notebook: notebook}.items():
            _put(folder / path, entry, places)
        return folder / self.notebook

    def _content(self, places: Mapping[str, str]) -> bytes:
        if self.raw is not None:
            return self.raw() if callable(self.raw) else self.raw
        return notebook_text(
            [filled(cell, places) for cell in self.cells],
            asks=_filled(self.asks, places),
            metadata=_filled(self.metadata, places),
        ).encode("utf-8", "surrogatepass")


def notebook_text(cells: list[str], *, asks: Any = None, metadata: Any = None) -> str:
    """Return a notebook in format 4 of code cells."""
    known = {"kernelspec": {"name": KERNEL, "display_name": "Python", "language": "python"}}
    made: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "metadata": {},
            "source": cell,
            "outputs": [],
            "execution_count": None,
        }
        for number, cell in enumerate(cells)
    ]
    whole = {**known, **(metadata or {}), **({"containerize": asks} if asks else {})}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": whole, "cells": made})


def filled(text: str, places: Mapping[str, str]) -> str:
    """Return ``text`` with the places that it names."""
    for name in _PLACES:
        text = text.replace(name, places[name])
    return text


def _filled(value: Any, places: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return filled(value, places)
    if isinstance(value, Mapping):
        return {_filled(key, places): _filled(each, places) for key, each in value.items()}
    return [_filled(each, places) for each in value] if isinstance(value, list | tuple) else value


def _put(path: Path, entry: Entry, places: Mapping[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(entry, Link):
        path.symlink_to(filled(entry.target, places))
    elif isinstance(entry, bytes):
        path.write_bytes(entry)
    elif isinstance(entry, Special):
        _put_special(path, entry)
    else:
        path.write_text(filled(entry.text if isinstance(entry, Program) else entry, places), encoding="utf-8")
        if isinstance(entry, Program):
            path.chmod(0o755)


def _put_special(path: Path, entry: Special) -> None:
    if entry.kind == "fifo":
        os.mkfifo(path)
    elif entry.kind == "folder":
        path.mkdir()
    else:
        before = Path.cwd()
        os.chdir(path.parent)  # a socket's whole path may be too long
        try:
            with socket.socket(socket.AF_UNIX) as bound:
                bound.bind(path.name)
        finally:
            os.chdir(before)
