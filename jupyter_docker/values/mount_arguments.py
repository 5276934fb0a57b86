"""A mount as ``-v`` takes it, written for the folder where the person types it."""

from __future__ import annotations

import os
import posixpath
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath

from jupyter_docker.values.fixes import Fix, mount_fix
from jupyter_docker.values.image import PROJECT_ROOT

# What the image has of its own at its root, so that nothing may be put in its place.
SYSTEM_FOLDERS = frozenset(
    {"app", "bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "proc", "root", "run", "sbin",
     "srv", "sys", "tmp", "usr", "var"}
)  # fmt: skip
_OF_THE_IMAGE = {PurePosixPath("/", name) for name in SYSTEM_FOLDERS}


def target_of(path: str | PurePath, workdir: PurePosixPath) -> PurePosixPath:
    """Return where the container has a path that is absolute or relative to ``workdir``, the notebook's folder."""
    return PurePosixPath(posixpath.normpath("/" + f"{workdir / path}".lstrip("/")))


@dataclass(frozen=True, kw_only=True)
class MountArguments:
    """The arguments that mount data of a notebook in ``folder``, typed in ``start``, where relative sources begin.

    ``workdir`` is the notebook's folder in the image, where relative targets begin.
    """

    folder: Path = Path()
    start: Path = Path()
    workdir: PurePosixPath = PROJECT_ROOT

    def target(self, path: str | PurePath) -> PurePosixPath:
        """Return where in the container the notebook finds ``path``."""
        return target_of(path, self.workdir)

    def way_to(self, target: PurePosixPath) -> PurePosixPath:
        """Return the way from the notebook's folder to ``target``; what is not in the project stays as it is."""
        inside = target.is_relative_to(PROJECT_ROOT)
        return PurePosixPath(posixpath.relpath(target, self.workdir)) if inside else target

    def source(self, path: str | PurePath) -> str:
        """Return how the notebook's ``path`` is written in ``start``."""
        if Path(path).is_absolute():
            return str(path)
        absolute = os.path.normpath(Path(os.path.realpath(self.folder), path))
        relative = os.path.relpath(absolute, os.path.realpath(self.start))
        return min(relative if relative.startswith(os.pardir) else f"./{relative}", absolute, key=len)

    def mount(self, path: str | PurePath, *, target: PurePosixPath | None = None, read_only: bool) -> str:
        """Return the arguments ``-v SOURCE:TARGET[:ro]`` of `fix`; empty where there is none."""
        fix = self.fix(path, target=target, read_only=read_only)
        return fix.arguments if fix else ""

    def fix(self, path: str | PurePath, *, target: PurePosixPath | None = None, read_only: bool) -> Fix | None:
        """Return the mount to where the notebook looks for ``path``, unless ``target`` says another.

        It is None where no mount can: the image has something of its own there, or a name has a colon.
        """
        where = self.target(path if target is None else target)
        source = self.source(path)
        if ":" in f"{source}{where}" or where in _OF_THE_IMAGE or self.workdir.is_relative_to(where):
            return None
        inside = where.relative_to(self.workdir) if where.is_relative_to(self.workdir) else where
        return mount_fix(source, str(inside), read_only=read_only)

    def fix_around(self, path: str | PurePath, *, read_only: bool) -> tuple[PurePosixPath, Fix | None]:
        """Return what to mount for a file, its folder where that can be, and the mount."""
        folder = PurePosixPath(path).parent
        if fix := self.fix(folder, read_only=read_only):
            return folder, fix
        return PurePosixPath(path), self.fix(path, read_only=read_only)
