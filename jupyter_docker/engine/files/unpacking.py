"""An archive of a container's files, unpacked into a folder of ours: regular files alone, and each failure by itself.

What the archive says is the container's word: a name never leads out of the folder nor through a link, a size is that
of what is really written, and only what the caller wants is taken.
"""

from __future__ import annotations

import os
import re
import stat
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from jupyter_docker.values import open_new, write_all

_PIECE = 1024 * 1024
_FOREIGN = re.compile(r'[\\:*?"<>|]')  # what a part of a name can't have on Windows, and would lead elsewhere
_EARLIEST, _LATEST = 0, 2**33


class TooLargeError(Exception):
    """A member is so large that reading over it would take longer than anybody waits."""


def members(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Yield the members of a streamed archive, and keep none in memory; it ends where the archive is damaged."""
    with suppress(tarfile.TarError, EOFError, ValueError):
        while (member := archive.next()) is not None:
            archive.members.clear()  # type: ignore[attr-defined]
            yield member


def printable(name: object) -> str:
    """Return a file's name for people: what steers a terminal, ends a line or is no character is written out."""
    text = os.fsencode(str(name)).decode(errors="backslashreplace") if sys.platform != "win32" else str(name)
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


@dataclass(kw_only=True)
class Unpacking:
    """The files that went into ``into``, a new folder that is this user's alone.

    ``allowance`` is how many bytes all may have, ``check`` is called between files and may raise to give up.
    ``saved`` are the paths in it, ``unsaved`` says of each other file why not, ``skipped`` are links and devices.
    """

    into: Path
    allowance: int
    check: Callable[[], None] = lambda: None
    saved: dict[PurePosixPath, Path] = field(default_factory=dict)
    unsaved: dict[PurePosixPath, str] = field(default_factory=dict)
    skipped: list[PurePosixPath] = field(default_factory=list)
    _by_member: dict[str, Path] = field(default_factory=dict)

    def add(self, archive: tarfile.TarFile, member: tarfile.TarInfo, relative: PurePosixPath) -> None:
        """Unpack one member as ``relative``; raises TooLargeError, and whatever reading and ``check`` raise."""
        self.check()
        if member.isdir():
            return
        if not (member.isfile() or member.islnk()):
            self.skipped.append(relative)
            return
        why = name_refusal(relative) or self._excess(member)
        if not why:
            try:
                self._write(archive, member, relative)
            except (OSError, tarfile.TarError) as error:
                why = getattr(error, "strerror", None) or str(error)
        if why:
            self.unsaved[relative] = why
        if member.size > self.allowance and member.size > 2**30:
            raise TooLargeError

    def _excess(self, member: tarfile.TarInfo) -> str:
        return "it is too large" if member.isfile() and member.size > self.allowance else ""

    def _write(self, archive: tarfile.TarFile, member: tarfile.TarInfo, relative: PurePosixPath) -> None:
        target = self._made_path(relative)
        try:
            with open_new(target) as file:
                for piece in self._pieces(archive, member):
                    write_all(file, piece)
                    self.allowance -= len(piece)
        except FileExistsError:  # two files of one name here, which is the first one's
            raise
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        self.saved[relative] = self._by_member[member.name] = target
        with suppress(OSError, OverflowError, ValueError):
            if member.mode & 0o100:
                target.chmod(0o700)
            if _EARLIEST <= member.mtime < _LATEST:
                os.utime(target, (member.mtime, member.mtime))

    def _made_path(self, relative: PurePosixPath) -> Path:
        """Return where it goes, the folders above it made; raises OSError where one of them is anything else."""
        folder = self.into
        for part in relative.parts[:-1]:
            folder = folder / part
            with suppress(FileExistsError):
                folder.mkdir(mode=0o700)
            if not stat.S_ISDIR(folder.lstat().st_mode):
                raise NotADirectoryError(0, "its folder is a file", str(folder))
        return folder / relative.name

    def _pieces(self, archive: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
        if member.islnk():
            yield from self._first_copy(member)
            return
        source = archive.extractfile(member)
        while source is not None and (piece := source.read(_PIECE)):
            yield piece

    def _first_copy(self, member: tarfile.TarInfo) -> Iterator[bytes]:
        """Yield what the file has that this one is a second name of, where that was saved."""
        first = self._by_member.get(member.linkname)
        if first is None:
            raise FileNotFoundError(0, f"it is another name of '{printable(member.linkname)}', which was not saved")
        with first.open("rb") as file:
            while piece := file.read(_PIECE):
                if len(piece) > self.allowance:
                    raise OSError(0, "it is too large")
                yield piece


def name_refusal(relative: PurePosixPath) -> str:
    """Return why no file may have that name here; empty where it may."""
    if not relative.parts or relative.is_absolute() or ".." in relative.parts or "\0" in str(relative):
        return "its name leads out of the folder"
    if sys.platform == "win32" and any(_FOREIGN.search(part) for part in relative.parts):
        return "this system has no such names"
    return ""
