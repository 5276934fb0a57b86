"""Wheels made of installed distributions: the very files that the notebook ran with, for what no package index has.

Formats: https://packaging.python.org/specifications/recording-installed-packages/ and …/binary-distribution-format/
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath

from packaging.utils import canonicalize_name

_NOT_PACKED = frozenset({"INSTALLER", "RECORD", "REQUESTED", "direct_url.json"})
_TIME = (1980, 1, 1, 0, 0, 0)  # the first that zip files can hold
_PYTHON_LINE = re.compile(rb"#!\S*python[^\r\n]*")


@dataclass(frozen=True, kw_only=True)
class Installed:
    """A distribution on the disk: ``info`` is its .dist-info folder, ``files`` what its RECORD names and is there."""

    info: Path
    files: tuple[str, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of the wheel that it was installed from; none where that is not recorded."""
        header = HeaderParser().parsestr(_text(self.info / "WHEEL"))
        return tuple(header.get_all("Tag", ()))

    @property
    def any_platform(self) -> bool:
        """Whether it runs everywhere."""
        return bool(self.tags) and all(tag.endswith("-any") for tag in self.tags)

    @property
    def by_conda(self) -> bool:
        """Whether conda installed it, whose libraries no wheel has."""
        return _text(self.info / "INSTALLER").strip() == "conda"

    @property
    def size(self) -> int:
        """The bytes of its files."""
        return sum((self.info.parent / name).stat().st_size for name in self.files)

    def state(self) -> list[object]:
        """Return what changes when a file does."""
        stats = [((self.info.parent / name).stat(), name) for name in self.files]
        return [str(self.info), [[name, stat.st_size, stat.st_mtime_ns] for stat, name in stats]]


def find_installed(name: str, path: Sequence[Path]) -> Installed | None:
    """Return the first distribution ``name`` (normalized) on ``path`` that recorded its files."""
    for folder in path:
        for info in sorted(folder.glob("*.dist-info")) if folder.is_dir() else ():
            if canonicalize_name(info.name.removesuffix(".dist-info").rpartition("-")[0]) == name:
                files = tuple(_recorded(info))
                return Installed(info=info, files=files) if files else None
    return None


def wheel_name(installed: Installed) -> str:
    """Return the file name; several tags are compressed into one."""
    parts = [tag.split("-") for tag in installed.tags]
    tag = "-".join(".".join(dict.fromkeys(column)) for column in zip(*parts, strict=True))
    return f"{installed.info.name.removesuffix('.dist-info')}-{tag}.whl"


def pack(installed: Installed, wheel: Path) -> None:
    """Write the wheel: the same files, the same bytes."""
    write_contents(wheel, installed.info.name, dict(packed_contents(installed)))


def write_contents(wheel: Path, info: str, contents: Mapping[str, bytes]) -> None:
    """Write the files and their RECORD in the folder ``info`` as an archive that depends on nothing else."""
    record = f"{info}/RECORD"
    complete = {**contents, record: _record(contents, record).encode()}
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in sorted(complete.items()):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=3)


def packed_contents(installed: Installed) -> Iterator[tuple[str, bytes]]:
    """Yield the files as they are named in a wheel; the programs of entry points are made again on installing."""
    folder, info = installed.info.parent, installed.info.name
    generated = set(re.findall(r"^([\w.-]+)\s*=", _text(installed.info / "entry_points.txt"), re.MULTILINE))
    for name in installed.files:
        path, content = PurePosixPath(name), (folder / name).read_bytes()
        if not name.startswith(("/", "../")):
            if not (path.parent.name == info and path.name in _NOT_PACKED):
                yield name, content
        elif path.parent.name in ("bin", "Scripts"):
            if path.stem not in generated and path.name not in generated:
                yield _data(info, "scripts", path.name), _PYTHON_LINE.sub(b"#!python", content, count=1)
        elif name.startswith("../"):
            inside = [part for part in path.parts if part != ".."]
            yield _data(info, "data", "/".join(inside)), content


def _recorded(info: Path) -> Iterator[str]:
    for row in csv.reader(_text(info / "RECORD").splitlines()):
        if row and not row[0].endswith(".pyc") and (info.parent / row[0]).is_file():
            yield row[0].replace("\\", "/")


def _data(info: str, kind: str, name: str) -> str:
    return f"{info.removesuffix('.dist-info')}.data/{kind}/{name}"


def _record(contents: Mapping[str, bytes], record: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for name, content in sorted(contents.items()):
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        writer.writerow([name, f"sha256={digest}", len(content)])
    writer.writerow([record, "", ""])
    return text.getvalue()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
