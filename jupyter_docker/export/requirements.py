"""Requirements the user wrote in a file, or in a PEP 723 block of a cell.

File format: https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from jupyter_docker.errors import UsageError
from jupyter_docker.models import Declared

_COMMENT = re.compile(r"(^|\s+)#.*$")
_HASH = re.compile(r"\s+--hash[= ]\S+")
_NESTED = re.compile(r"(?:-r|--requirement)[\s=]*(?P<file>.+)")
_EDITABLE = re.compile(r"(?:-e|--editable)[\s=]+(?P<path>.+)")
# The pattern that PEP 723 gives.
_BLOCK = re.compile(r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$")


def read_requirement_file(path: Path, *, why: str) -> Iterator[Declared]:
    """Yield the requirements in ``path`` and in the files it names; raises UsageError where one can't be read.

    Options of pip other than ``-r`` and ``-e`` are left out: the versions are those of the environment.
    """
    yield from _file_requirements(path, why, seen=set())


def _file_requirements(path: Path, why: str, seen: set[Path]) -> Iterator[Declared]:
    seen.add(path.resolve())
    for number, line in _logical_lines(path):
        if nested := _NESTED.fullmatch(line):
            inner = path.parent / nested["file"].strip("'\" ")
            if inner.resolve() not in seen:
                yield from _file_requirements(inner, f"{why} ({inner.name})", seen)
        elif editable := _EDITABLE.fullmatch(line):
            yield Declared(requirement=f"-e {editable['path']}", why=f"{why}, line {number}")
        elif not line.startswith("-"):
            yield Declared(requirement=line, why=f"{why}, line {number}")


def _logical_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines with something on them, continuations joined, comments and hashes off; numbers count from 1."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"The requirements file '{path}' can't be read: {reason}.", hint="Check its path.") from None
    first, joined = 1, ""
    for number, line in enumerate(text.split("\n"), 1):
        joined += _COMMENT.sub("", line.rstrip("\r"))
        if joined.endswith("\\"):
            joined = joined[:-1]
            continue
        if stripped := _HASH.sub("", joined).strip():
            yield first, stripped
        first, joined = number + 1, ""


def inline_requirements(text: str) -> list[str]:
    """Return the dependencies of the PEP 723 ``# /// script`` blocks in a cell; raises ValueError for invalid TOML."""
    found: list[str] = []
    for block in _BLOCK.finditer(text):
        if block["type"] != "script":
            continue
        content = "\n".join(line[2:] for line in block["content"].splitlines())
        dependencies = tomllib.loads(content).get("dependencies", [])
        if not isinstance(dependencies, list) or not all(isinstance(one, str) for one in dependencies):
            raise ValueError("'dependencies' is not a list of texts")
        found += dependencies
    return found
