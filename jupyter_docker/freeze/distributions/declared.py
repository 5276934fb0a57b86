"""Declared requirements: those on install lines, in requirement files, and on the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from jupyter_docker.freeze.lock.redaction import redacted_urls
from jupyter_docker.values import Declared, Distribution, Emit, LockError, Warned

_NAMED = re.compile(r"^(?:-e\s*|[\w.\[\],-]+\s*@\s*)")
_REVISION = re.compile(r"(?:\.git)?(?:@[^/]*)?(?:#.*)?$")


@dataclass(frozen=True, kw_only=True)
class DeclaredRequirement:
    """One requirement, parsed, and where it was declared."""

    requirement: Requirement
    why: str
    cell: int | None = None
    conda: bool = False

    @property
    def name(self) -> str:
        """The distribution's normalized name."""
        return canonicalize_name(self.requirement.name)


def read_declared(
    declared: Iterable[Declared], installed: Iterable[Distribution], folder: Path, emit: Emit
) -> tuple[DeclaredRequirement, ...]:
    """Return the requirements, in order; folders, files and URLs as what is installed from there.

    Paths are relative to ``folder``, the notebook's. What is not installed from there is left out with a warning: no
    index has it. Raises LockError where a line can't be read.
    """
    return tuple(_read(declared, list(installed), folder, emit))


def _read(
    declared: Iterable[Declared], installed: list[Distribution], folder: Path, emit: Emit
) -> Iterator[DeclaredRequirement]:
    for each in declared:
        text, why = redacted_urls(each.requirement.strip()), redacted_urls(each.why)
        requirement, shown = _parse(text), why if each.in_file else f"'{text}' ({why})"
        if requirement is not None and not requirement.url:
            yield DeclaredRequirement(requirement=requirement, why=why, cell=each.cell, conda=each.conda)
        elif requirement is None and not set(text) & set("/\\") and not text.startswith((".", "-e")):
            hint = "Write a name, with or without a version: NAME==1.2"
            raise LockError(f"{shown} is not a requirement.", hint=hint)
        else:
            source = next((one for one in installed if one.origin and _same_source(text, one.origin, folder)), None)
            if source is not None:
                yield DeclaredRequirement(requirement=Requirement(source.name), why=why, cell=each.cell)
                continue
            message = f"{shown} is not on a package index, so that line is left out."
            hint = "Install it in the notebook's kernel: it is then packed from there."
            emit(Warned(step="freeze", message=message, hint=hint))


def _same_source(text: str, origin: str, folder: Path) -> bool:
    """Whether a line names where something was installed from: the same folder, or a repository of that name."""
    named = _NAMED.sub("", text)
    if "://" in named and not named.startswith("file:"):
        return _last_part(named) == _last_part(origin)
    path = unquote(urlsplit(named).path) if named.startswith("file:") else re.sub(r"\[[\w,-]+\]$", "", named)
    return origin.startswith("file:") and (folder / path).resolve() == Path(unquote(urlsplit(origin).path)).resolve()


def _last_part(url: str) -> str:
    path = re.sub(r"#.*$", "", url).rstrip("/")
    return _REVISION.sub("", path).rpartition("/")[2].lower()


def _parse(text: str) -> Requirement | None:
    try:  # one line: with a line break in a marker it would be another line of the file that uv is given
        return Requirement(text) if len(text.splitlines()) == 1 else None
    except InvalidRequirement:
        return None
