"""The notebook's project: all that a notebook may name by itself, and the one check of every path that it names."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import Final

from jupyter_docker.values import PROJECT_ROOT, target_of

_HIGHEST = 4  # folders above the notebook's
_SIGNS = (".git", "environment.yml", "pyproject.toml", "requirements.txt", "setup.cfg", "setup.py")
# What runs the machine: no project, whatever lies in it. Links are followed before, so /var/run is /run.
_NO_PROJECTS = tuple(Path("/", name) for name in ("boot", "dev", "etc", "proc", "run", "sys"))

OUTSIDE: Final = "is outside the notebook's folder"
HIDDEN: Final = "is hidden"
SPECIAL: Final = "is neither a file nor a folder"
TOO_MUCH: Final = "holds the notebook itself"
BESIDE_HOME: Final = "is in a folder of your home, which is no notebook's project"


@dataclass(frozen=True, kw_only=True)
class Project:
    """A notebook's ``folder`` and the ``root`` of its project, both with links followed.

    ``closed`` is whether they are no project at all, such as the home folder: of it only the files beside the notebook
    are the notebook's. Make it by `of`.
    """

    folder: Path
    root: Path
    closed: bool = False

    @classmethod
    def of(cls, folder: Path, *, named: Path | None = None) -> Project:
        """Return the project of a notebook in ``folder``: ``named``, the person's own word, or what its files show.

        That is the highest folder, not far above, that has a project's files; ``folder`` itself where none has. The
        home folder is no project, whatever lies in it, nor is what is above it, or a folder of the system.
        """
        here = Path(os.path.realpath(folder))
        if named is not None:
            return cls(folder=here, root=Path(os.path.realpath(named)))
        root = here
        for above in [here, *here.parents][: _HIGHEST + 1]:
            if _is_none(above):
                break
            if any((above / sign).exists() for sign in _SIGNS):
                root = above
                if (above / ".git").exists():
                    break
        return cls(folder=here, root=root, closed=_is_none(root))

    @property
    def workdir(self) -> PurePosixPath:
        """The notebook's folder in the image, where it has its place in the project, and its name."""
        return PROJECT_ROOT.joinpath(*map(_allowed_name, self.folder.relative_to(self.root).parts))

    def target(self, path: str | PurePath) -> PurePosixPath:
        """Return where in the image a path is that is relative to the notebook's folder, or absolute."""
        return target_of(path, self.workdir)

    def refusal(self, path: str | PurePath) -> str:
        """Return why the notebook may not have ``path``, relative to its folder or absolute; empty where it may.

        What the path leads to when all links are followed counts, and the path itself as far as it lies in the project.
        What is not there may be made.
        """
        text = os.fspath(path)
        if "\0" in text:
            return OUTSIDE
        # realpath() and not resolve(), which fails for links in a circle.
        named, real = self.folder / os.path.normpath(text), Path(os.path.realpath(self.folder / text))
        if not real.is_relative_to(self.root):
            return OUTSIDE
        if any(map(self._is_hidden, (Path(os.path.normpath(named)), real))):
            return HIDDEN
        if not _is_plain(real):
            return SPECIAL
        return BESIDE_HOME if self.closed and not self._is_beside(real) else ""

    def mount_refusal(self, path: str | PurePath) -> str:
        """Return why ``path`` is not mounted by itself where the code looks for it; empty where it is."""
        text = os.fspath(path)
        if problem := self.refusal(text):
            return problem
        if text.startswith("/"):  # which leads to nothing in the container
            return OUTSIDE
        return TOO_MUCH if self.folder.is_relative_to(os.path.realpath(self.folder / text)) else ""

    def _is_hidden(self, path: Path) -> bool:
        """Whether a folder on the way to it is; those above the notebook or its project are nobody's business."""
        base = next((each for each in (self.folder, self.root) if path.is_relative_to(each)), None)
        return base is not None and any(part.startswith(".") for part in path.relative_to(base).parts)

    def _is_beside(self, real: Path) -> bool:
        return real.parent == self.folder and not real.is_dir()


def _allowed_name(name: str) -> str:
    """Return a folder's name without what a Dockerfile, a mount or PYTHONPATH reads as something else."""
    return "".join("_" if each in '"$:\\' or not each.isprintable() else each for each in name)


def _is_none(folder: Path) -> bool:
    """Whether it is no project: a home folder or above it, or of the system."""
    return any(home.is_relative_to(folder) for home in _homes()) or any(map(folder.is_relative_to, _NO_PROJECTS))


def _homes() -> set[Path]:
    """Return the person's home, by HOME and by the user's record, which may differ."""
    return {Path(os.path.realpath(each)) for each in (Path("~").expanduser(), _recorded_home()) if each.is_absolute()}


def _recorded_home() -> Path:
    try:
        import pwd

        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except (ImportError, KeyError):  # Windows has none, and a container's user may be unknown
        return Path()


def _is_plain(real: Path) -> bool:
    """Whether it is a file or a folder, or is not there: a socket or a device gives more than data."""
    try:
        mode = real.lstat().st_mode
    except OSError:
        return True
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)
