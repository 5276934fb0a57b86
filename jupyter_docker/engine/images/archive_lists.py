"""An archive of images, which may be anyone's: what it names, and the same written anew from nothing but what was read.

An engine reads names, links, and keys of JSON more freely than anybody can foresee, each in its own way. So no engine
gets the archive itself: it gets a list that is made here of what was checked, and the files that such archives have.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from jupyter_docker.values import UsageError

_PIECE = 1024 * 1024
_MAX_LIST = 16 * 1024 * 1024  # bytes of what lists an archive's images, or of one image's configuration
_MAX_MEMBERS = 100_000
_OLD, _NEW, _LAYOUT = "manifest.json", "index.json", "oci-layout"
_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")  # the first that is there counts
_HEX = "[0-9a-f]{64}"
_CONTENT = re.compile(rf"blobs(/sha256(/{_HEX})?)?|{_HEX}(\.json|\.tar|/(json|VERSION|layer\.tar))?")
_LINK = re.compile(rf"{_HEX}/layer\.tar")  # two images of an old archive may share a layer by a link to it
_LINKED = re.compile(rf"\.\./{_HEX}(/layer)?\.tar")
_LISTS = frozenset({_OLD, _NEW, _LAYOUT, "repositories"})
_OLD_KEYS = ("Config", "RepoTags", "Layers")
_NEW_KEYS = ("mediaType", "digest", "size", "annotations", "platform")
_DAMAGED = (tarfile.TarError, EOFError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, kw_only=True)
class ArchivedImage:
    """An image of an archive: its names, and the digest that the engine will know it by, empty where none can say."""

    names: tuple[str, ...]
    identity: str


class ImageArchive:
    """The archive in a file, for an engine that keeps images in containerd's store or in its own.

    Args:
        path: The file.
        containerd: Whether the engine has containerd's store, whose list and digests are others.

    Raises:
        UsageError: It is damaged, or has what no such archive has.
    """

    def __init__(self, path: Path, *, containerd: bool) -> None:
        self._path = path
        try:
            with path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as archive:
                _check_start(file)
                self._members = dict(_checked(archive))
                is_new = containerd and _NEW in self._members and _LAYOUT in self._members
                found: list[tuple[ArchivedImage, Any]] = list(
                    (_new_entries if is_new else _old_entries)(archive, self._members)
                )
            entries = [entry for _, entry in found]
            lists = _new_lists(entries) if is_new else {_OLD: entries}
            self._lists = {name: json.dumps(value).encode() for name, value in lists.items()}
        except _DAMAGED as error:
            raise UsageError("The archive's image can't be read.", hint="Pack it again.") from error
        # Of the old list containerd makes a manifest of its own, with a digest that none knows before.
        is_unknown = containerd and not is_new
        self.images = tuple(replace(image, identity="") if is_unknown else image for image, _ in found)

    def stream(self) -> Iterator[bytes]:
        """Yield the archive written anew; raises OSError or tarfile.TarError where it changed meanwhile."""
        for name, content in self._lists.items():
            yield from _written(tarfile.TarInfo(name), io.BytesIO(content), len(content))
        with self._path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as archive:
            for name, member in self._members.items():
                if name not in _LISTS:
                    fresh = tarfile.TarInfo(name)
                    fresh.type, fresh.linkname = (tarfile.REGTYPE if member.isreg() else member.type), member.linkname
                    yield from _written(fresh, archive.extractfile(member) if member.isreg() else None, member.size)
        yield bytes(tarfile.RECORDSIZE)


def _check_start(file: IO[bytes]) -> None:
    """Raise ValueError for what an engine would take for compressed, whatever a tar file may begin with."""
    file.seek(0)
    start = file.read(4).decode("ascii")
    if not start.isprintable() or start.startswith("BZh"):
        raise ValueError(start)


def _checked(archive: tarfile.TarFile) -> Iterator[tuple[str, tarfile.TarInfo]]:
    """Yield the members by their names; raises UsageError for one that no such archive has, or has twice."""
    seen: set[str] = set()
    for member in archive:
        name = member.name
        is_link = member.issym() and _LINK.fullmatch(name) and _LINKED.fullmatch(member.linkname)
        is_known = (name in _LISTS and member.isreg()) or (_CONTENT.fullmatch(name) and (is_link or _is_plain(member)))
        if not is_known or name in seen or len(seen) >= _MAX_MEMBERS:
            raise UsageError(f"The archive has a member {name!r}, which no image has so.", hint="Do not use it.")
        seen.add(name)
        yield name, member


def _is_plain(member: tarfile.TarInfo) -> bool:
    return (member.isreg() and member.sparse is None) or member.isdir()


def _old_entries(archive: tarfile.TarFile, members: dict[str, tarfile.TarInfo]) -> Iterator[tuple[ArchivedImage, Any]]:
    """Yield the images of Docker's own list, each with its entry; the digest is of the configuration as it is there."""
    for entry in json.loads(_read(archive, members[_OLD])) if _OLD in members else ():
        config = _read(archive, members[entry["Config"]])
        names = [str(name) for name in entry.get("RepoTags") or () if name]
        image = ArchivedImage(names=tuple(map(_short, names)), identity=hashlib.sha256(config).hexdigest())
        yield image, {**{key: entry[key] for key in _OLD_KEYS if key in entry}, "RepoTags": names}


def _new_entries(archive: tarfile.TarFile, members: dict[str, tarfile.TarInfo]) -> Iterator[tuple[ArchivedImage, Any]]:
    """Yield the images of the OCI list, each with its entry."""
    for entry in json.loads(_read(archive, members[_NEW]))["manifests"]:
        notes = {str(key): str(value) for key, value in (entry.get("annotations") or {}).items()}
        name = next(filter(None, map(notes.get, _NAMES)), "")
        image = ArchivedImage(names=(_short(name),) if name else (), identity=entry["digest"].removeprefix("sha256:"))
        yield image, {**{key: entry[key] for key in _NEW_KEYS if key in entry}, "annotations": notes}


def _short(name: str) -> str:
    """Return an image's name without the words that Docker adds to it."""
    return name.removeprefix("docker.io/library/").removeprefix("docker.io/")


def _new_lists(entries: list[Any]) -> dict[str, Any]:
    return {_LAYOUT: {"imageLayoutVersion": "1.0.0"}, _NEW: {"schemaVersion": 2, "manifests": entries}}


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member) if member.isreg() and member.size <= _MAX_LIST else None
    if file is None:
        raise ValueError(member.name)
    return file.read()


def _written(member: tarfile.TarInfo, content: IO[bytes] | None, size: int) -> Iterator[bytes]:
    """Yield a member as it is in a tar file, with what it holds."""
    member.size = size if content else 0
    member.mode = 0o755 if member.isdir() else 0o644
    yield member.tobuf(tarfile.GNU_FORMAT)
    while content is not None and (piece := content.read(_PIECE)):
        yield piece
    yield bytes(-member.size % tarfile.BLOCKSIZE)
