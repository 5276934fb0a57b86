"""Requirements the user wrote in a file, or in a PEP 723 block of a cell.

File format: https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from jupyter_docker.gate import Project
from jupyter_docker.values import Declared, UsageError

_COMMENT = re.compile(r"(^|\s+)#.*$")
_HASH = re.compile(r"\s+--hash[= ]\S+")
_NESTED = re.compile(r"(?:-r|--requirement)[\s=]*(?P<file>.+)")
_SOURCE = re.compile(r"[.~/\\]|[\w+]+://|\w+[\w.-]*(?:\[[\w,-]*\])?\s*@|\S+[/\\]\S+$|\S+\.(?:whl|zip|tar\.\w+)$")
_EDITABLE = re.compile(r"(?:-e|--editable)[\s=]+(?P<path>.+)")
_BLOCK, _SCRIPT, _BLOCK_END = re.compile("# /// [a-zA-Z0-9-]+"), "# /// script", "# ///"


def read_requirement_file(
    path: Path, *, why: str, project: Project | None = None, skip_invalid: bool = False
) -> Iterator[Declared]:
    """Yield the requirements in ``path`` and in the files it names; raises UsageError where one can't be read.

    Options of pip other than ``-r`` and ``-e`` are left out: the versions are those of the environment. No line is in
    a message, since the file may be another than its name says.

    Args:
        path: The file.
        why: What names it, in words.
        project: Of the notebook that names it, which may only name its own; None where a person does. Then the files
            that it names must be of the project that it lies in.
        skip_invalid: Leave out lines that are no requirements, and files that may not be read.
    """
    bounds = project or Project.of(path.absolute().parent)
    if project is not None:
        _check(path, project)
    yield from _Reader(bounds=bounds, skip_invalid=skip_invalid).read(path, why)


def _check(path: Path, project: Project) -> None:
    """Raise UsageError where a notebook, or a file of its project, may not have that file read."""
    name = path.name
    if re.match(r"\w+:/", path.as_posix().removeprefix(f"{project.folder.as_posix()}/")):
        hint = "Download it, look at it, and name it with -r."
        raise UsageError("A requirements file at an address is not fetched.", hint=hint)
    if problem := project.refusal(path):
        hint = "If you trust the notebook, name the file yourself, with -r."
        raise UsageError(f"The requirements file '{name}' {problem}, and is not read.", hint=hint)


@dataclass(kw_only=True)
class _Reader:
    """Reads each file once, and of those that it names only what is of the project ``bounds``."""

    bounds: Project
    skip_invalid: bool
    seen: set[Path] = field(default_factory=set)

    def read(self, path: Path, why: str) -> Iterator[Declared]:
        self.seen.add(path.resolve())
        for number, line in _logical_lines(path):
            where = f"{why}, line {number}"
            if nested := _NESTED.fullmatch(line):
                yield from self._nested(path.parent / nested["file"].strip("'\" "), why)
            elif editable := _EDITABLE.fullmatch(line):
                yield Declared(requirement=f"-e {editable['path']}", why=where, in_file=True)
            elif _is_requirement(line):
                yield Declared(requirement=line, why=where, in_file=True)
            elif not line.startswith("-") and not self.skip_invalid:
                hint = "Write one requirement a line, such as NAME==1.2, or leave the line out."
                raise UsageError(f"Line {number} of '{path.name}' is no requirement.", hint=hint)

    def _nested(self, path: Path, why: str) -> Iterator[Declared]:
        try:
            _check(path, self.bounds)
            if path.resolve() not in self.seen:
                yield from self.read(path, f"{why} ({path.name})")
        except UsageError:
            if not self.skip_invalid:
                raise


def _is_requirement(line: str) -> bool:
    """Whether a line is a requirement, or may be a path or an address of something to install."""
    try:
        Requirement(line)
    except InvalidRequirement:
        return bool(_SOURCE.match(line))
    return True


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
    for block in _script_blocks(text):
        dependencies = tomllib.loads("\n".join(line[2:] for line in block)).get("dependencies", [])
        if not isinstance(dependencies, list) or not all(isinstance(one, str) for one in dependencies):
            raise ValueError("'dependencies' is not a list of texts")
        found += dependencies
    return found


def _script_blocks(text: str) -> Iterator[list[str]]:
    """Yield the lines inside of each block of the type ``script``, as the pattern of PEP 723 finds them.

    The pattern itself takes a time of the square of the text's length where a block is not closed.
    """
    for is_comment, group in groupby(text.split("\n"), lambda line: line == "#" or line.startswith("# ")):
        lines = list(group) if is_comment else []
        start = next((index for index, line in enumerate(lines) if _BLOCK.fullmatch(line)), len(lines))
        end = max((index for index, line in enumerate(lines) if line == _BLOCK_END), default=0)
        if end > start + 1 and lines[start] == _SCRIPT:
            yield lines[start + 1 : end]
