"""Source distributions that a person lets the image build: what their files say of what they need, read and not run."""

from __future__ import annotations

import re
import tarfile
import tomllib
import zipfile
from collections.abc import Collection, Mapping
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath

from packaging.markers import UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from jupyter_docker.values import LockError

_READ = re.compile(r"[^/]+/(?:PKG-INFO|pyproject\.toml|(?:src/)?[^/]+\.egg-info/requires\.txt)")
_MAX_BYTES = 10**6  # bytes of one of them
_BY_DEFAULT = ("setuptools>=40.8.0", "wheel")  # PEP 517


def build_requirements(source: Path) -> tuple[str, ...]:
    """Return what building the distribution needs, as its pyproject.toml says."""
    try:
        document = tomllib.loads(_texts(source).get("pyproject.toml", ""))
    except ValueError:
        document = {}
    system = document.get("build-system")
    lines = system.get("requires") if isinstance(system, dict) else None
    found = [line for line in lines if isinstance(line, str) and _parsed(line)] if isinstance(lines, list) else []
    return tuple(found) if isinstance(lines, list) else _BY_DEFAULT


def check_needs(source: Path, name: str, pinned: Collection[str], markers: Mapping[str, str]) -> None:
    """Check that all is pinned that a source distribution says it needs.

    Args:
        source: Its file.
        name: The distribution's name.
        pinned: The normalized names of what is pinned.
        markers: The image's values of the environment markers.

    Raises:
        LockError: It needs something else.
    """
    texts = _texts(source)
    lines = HeaderParser().parsestr(texts.get("PKG-INFO", "")).get_all("Requires-Dist", [])
    lines = lines or texts.get("requires.txt", "").partition("[")[0].splitlines()
    needed = [each for line in lines if (each := _parsed(line)) and _holds(each, markers)]
    missing = [each for each in needed if canonicalize_name(each.name) not in pinned]
    if missing:
        names = ", ".join(f"'{each.name}{each.specifier}'" for each in missing)
        words = " ".join(f"--with '{each.name}{each.specifier}'" for each in missing)
        raise LockError(f"'{name}', which is built from source, needs {names} as well.", hint=f"Add it: {words}")


def _texts(source: Path) -> dict[str, str]:
    """Return the few files that tell, by their last name; what can't be read is not there."""
    found: dict[str, str] = {}
    try:
        if source.suffix == ".zip":
            with zipfile.ZipFile(source) as archive:
                for entry in archive.infolist():
                    if _READ.fullmatch(entry.filename) and entry.file_size <= _MAX_BYTES:
                        found[PurePosixPath(entry.filename).name] = archive.read(entry).decode("utf-8", "replace")
        else:
            with tarfile.open(source) as tar:
                for member in tar:
                    file = tar.extractfile(member) if member.isreg() and member.size <= _MAX_BYTES else None
                    if file is not None and _READ.fullmatch(member.name):
                        found[PurePosixPath(member.name).name] = file.read().decode("utf-8", "replace")
    except (OSError, tarfile.TarError, zipfile.BadZipFile):
        return found
    return found


def _parsed(line: str) -> Requirement | None:
    try:
        requirement = Requirement(line) if len(line.splitlines()) == 1 else None
    except InvalidRequirement:
        return None
    return requirement if requirement is not None and not requirement.url else None


def _holds(requirement: Requirement, markers: Mapping[str, str]) -> bool:
    try:
        return requirement.marker is None or requirement.marker.evaluate({**markers, "extra": ""})
    except UndefinedEnvironmentName:
        return False
