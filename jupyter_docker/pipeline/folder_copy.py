"""A copy of a folder that has what is in it and nothing else: no link is followed, and what is no file is left out."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_PIECE = 1024 * 1024
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class TooMuchError(Exception):
    """There is more to copy than may be."""


@dataclass(kw_only=True)
class FolderCopy:
    """Copies of at most ``allowance`` bytes in all.

    A link in the folder is copied as a link. ``left_out`` are devices, pipes, sockets, and what can't be read. Bytes
    are counted as they are copied, and each folder is held open while it is read, so that somebody who writes into it
    meanwhile changes nothing of this.
    """

    allowance: int
    left_out: list[Path] = field(default_factory=list)

    def copy(self, source: Path, target: Path) -> None:
        """Copy the folder or file ``source`` to ``target``, which is not there; raises TooMuchError and OSError."""
        mode = source.lstat().st_mode
        if stat.S_ISREG(mode):
            self._file(source, target, None)
            return
        if not stat.S_ISDIR(mode):
            self.left_out.append(source)
            return
        for folder, names, descriptor in _walk(source, self._leave):
            here = target / folder.relative_to(source)
            here.mkdir(exist_ok=True)
            for name in names:
                self._entry(folder / name, here / name, descriptor)

    def _entry(self, path: Path, target: Path, descriptor: int | None) -> None:
        place = path if descriptor is None else path.name
        try:
            mode = os.lstat(place, dir_fd=descriptor).st_mode
            if stat.S_ISREG(mode):
                self._file(place, target, descriptor)
            elif stat.S_ISLNK(mode):
                target.symlink_to(os.readlink(place, dir_fd=descriptor))
            elif not stat.S_ISDIR(mode):
                self.left_out.append(path)
        except PermissionError:
            self.left_out.append(path)

    def _file(self, place: Path | str, target: Path, descriptor: int | None) -> None:
        with (
            open(os.open(place, _FLAGS, dir_fd=descriptor), "rb") as source,  # noqa: PTH123 - open by its descriptor
            target.open("xb") as copy,
        ):
            status = os.fstat(source.fileno())
            if not stat.S_ISREG(status.st_mode):  # it was another thing a moment ago
                return
            while piece := source.read(_PIECE):
                self.allowance -= len(piece)
                if self.allowance < 0:
                    raise TooMuchError
                copy.write(piece)
        target.chmod(stat.S_IMODE(status.st_mode) & 0o777 | stat.S_IRUSR | stat.S_IWUSR)
        os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))

    def _leave(self, error: OSError) -> None:
        self.left_out.append(Path(str(error.filename)))


def _walk(top: Path, on_error: Callable[[OSError], None]) -> Iterator[tuple[Path, list[str], int | None]]:
    """Yield each folder, the names in it, and where the system has that an open descriptor of it."""
    if hasattr(os, "fwalk"):
        for root, folders, files, descriptor in os.fwalk(top, onerror=on_error, follow_symlinks=False):
            yield Path(root), [*folders, *files], descriptor
    else:
        for root, folders, files in os.walk(top, onerror=on_error):
            yield Path(root), [*folders, *files], None
