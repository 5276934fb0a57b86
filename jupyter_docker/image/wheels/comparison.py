"""Comparison of a lock's wheels with what is installed: an index may have other files under the same version."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path

from packaging.utils import canonicalize_name

from jupyter_docker.freeze import find_installed
from jupyter_docker.image.wheels.files import WheelFile
from jupyter_docker.values import LockError, PythonEnvironment, mismatch_fix

_NAMED = 3  # files in a message


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What differs, as files by distribution, and which distributions could not be compared."""

    differences: Mapping[str, tuple[str, ...]]
    unknown: tuple[str, ...] = ()


def compare(
    wheels: Mapping[WheelFile, Path], environment: PythonEnvironment, *, allowed: Collection[str] = ()
) -> Comparison:
    """Compare the files in each wheel with those that are installed.

    Only a wheel of the very tags that were installed has the same files: for another platform it is unknown.

    Args:
        wheels: Where each wheel's file is.
        environment: What is installed.
        allowed: Names of distributions that a person lets differ.
    """
    versions: dict[str, str] = {canonicalize_name(each.name): each.version for each in environment.distributions}
    # What is declared and not installed here has nothing to be compared with: the index's is what is wanted.
    compared = [wheel for wheel in wheels if versions.get(wheel.name) == wheel.version and wheel.name not in allowed]
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda wheel: _differing(wheel, wheels[wheel], environment), compared))
    differing = [(wheel.name, files) for wheel, files in zip(compared, found, strict=True)]
    return Comparison(
        differences={name: files for name, files in differing if files},
        unknown=tuple(dict.fromkeys(name for name, files in differing if files is None)),
    )


def explain_differences(comparison: Comparison) -> LockError:
    """Return the error that names what differs."""
    lines = [f"  {name}: {_listed(files)}" for name, files in comparison.differences.items()]
    names = " ".join(f"--allow-mismatch {name}" for name in comparison.differences)
    return LockError(
        "\n".join(["The package index has other files under the version that is installed here:", *lines]),
        hint="If it came from another index, add that to pip's configuration (pip config set global.extra-index-url "
        f"URL). If the index's files are the right ones: {names}",
        fixes=tuple(map(mismatch_fix, comparison.differences)),
    )


def _listed(files: tuple[str, ...]) -> str:
    more = f" and {len(files) - _NAMED:,} more" if len(files) > _NAMED else ""
    return ", ".join(f"'{file}'" for file in files[:_NAMED]) + more


def _differing(wheel: WheelFile, path: Path, environment: PythonEnvironment) -> tuple[str, ...] | None:
    """Return the files that differ; None where what is installed is not of this wheel's kind."""
    installed = find_installed(wheel.name, environment.path)
    if installed is None or installed.by_conda or not installed.tags:
        return None
    try:
        tags, contents = _contents(wheel, path)
        recorded = dict(_recorded(installed.info))
    except (OSError, ValueError, zipfile.BadZipFile, KeyError):
        return None
    if set(tags) != set(installed.tags) or not recorded:
        return None
    folder, info = installed.info.parent, installed.info.name
    files = {file: digest for file, digest in contents.items() if _is_code(file)}
    kept = {file for file in recorded if _is_code(file) and not file.startswith(("../", "/"))}
    changed = [
        file
        for file, digest in files.items()
        if recorded.get(_here(file, info)) != digest and _digest_of(folder / _here(file, info)) != digest
    ]
    return tuple(sorted({*changed, *(kept - {_here(file, info) for file in files})}))


def _is_code(file: str) -> bool:
    """Whether a file is the same wherever it is installed, and more than a record of how."""
    first, _, rest = file.partition("/")
    return not file.endswith(".pyc") and (not first.endswith(".dist-info") or rest == "entry_points.txt")


def _here(file: str, info: str) -> str:
    first, slash, rest = file.partition("/")
    return f"{info}/{rest}" if slash and first.endswith(".dist-info") else file


def _contents(wheel: WheelFile, path: Path) -> tuple[list[str], dict[str, str]]:
    """Return the wheel's tags, and its files with their hashes as RECORD has them: of what is in it, not as it says."""
    file = path.with_name(f"{wheel.digest}.json")  # beside it, in a folder that only this program writes
    try:
        kept = json.loads(file.read_bytes())
    except (OSError, ValueError):
        with zipfile.ZipFile(path) as archive:
            (header,) = [each for each in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/WHEEL", each)]
            tags = HeaderParser().parsestr(archive.read(header).decode()).get_all("Tag", [])
            kept = [tags, dict(_hashed(archive))]
        file.write_text(json.dumps(kept), encoding="utf-8")
    return kept[0], kept[1]


def _hashed(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    for entry in archive.infolist():
        name = entry.filename
        top, _, rest = name.partition("/")
        if top.endswith(".data"):  # scripts and headers are changed when they are installed
            scheme, _, rest = rest.partition("/")
            name = rest if scheme in ("purelib", "platlib") else ""
        if name and not entry.is_dir() and _is_code(name):
            yield name, _encoded(_digest_in(archive, entry))


def _digest_in(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    digest = hashlib.sha256()
    with archive.open(entry) as file:
        while chunk := file.read(2**20):
            digest.update(chunk)
    return digest.digest()


def _recorded(info: Path) -> Iterable[tuple[str, str]]:
    for row in csv.reader((info / "RECORD").read_text(encoding="utf-8").splitlines()):
        if len(row) > 1 and row[1]:
            yield row[0].replace("\\", "/"), row[1].removeprefix("sha256=")


def _digest_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return _encoded(hashlib.file_digest(file, "sha256").digest())
    except OSError:
        return ""


def _encoded(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
