"""Files of a package's folder for the image: its code, and its data as long as there is little of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from jupyter_docker.freeze.local.files import is_inside, walk_folder
from jupyter_docker.freeze.local.roots import LocalRoots
from jupyter_docker.values import MountArguments, Warned

_MAX_FILE, _MAX_TOTAL = 1_000_000, 50_000_000  # bytes of one file, and of all of a package
_CODE = (".py", *EXTENSION_SUFFIXES)
_KEYS = (".key", ".p12", ".pem", ".pfx")
_SSH_KEYS = ("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519")  # the names that ssh-keygen gives


@dataclass(frozen=True, kw_only=True)
class PackageFiles:
    """The files to copy, and the data that is ``left`` where it is, with its sizes in bytes."""

    copied: tuple[Path, ...]
    left: Mapping[Path, int]


def package_files(package: Path) -> PackageFiles:
    """Return the files of the package's folder, in order.

    Neither copied nor said to be left: hidden files, caches, keys, environments, and links that lead out of the folder.
    """
    sizes = {
        path: path.stat().st_size
        for folder, _, names in walk_folder(package)
        for path in (folder / name for name in names)
        if _is_of_the_package(path, package)
    }
    data = {path: size for path, size in sizes.items() if not path.name.endswith(_CODE)}
    left = {path: size for path, size in data.items() if size > _MAX_FILE}
    if sum(data.values()) - sum(left.values()) > _MAX_TOTAL:
        left = data
    return PackageFiles(copied=tuple(path for path in sizes if path not in left), left=left)


def left_behind(left: Mapping[Path, int], root: Path, roots: LocalRoots, mount_arguments: MountArguments) -> Warned:
    """Return what to say of data that is left, found from ``root``: how much it is, and how the container gets it."""
    common = Path(os.path.commonpath(left))
    name, size = common.relative_to(root), f"{sum(left.values()) / 10**6:,.0f} MB"
    source = os.path.relpath(common, roots.folder)
    fix = mount_arguments.fix(source, target=roots.target(common, root), read_only=True)
    several = len(left) > 1
    them = "them" if several else "it"
    return Warned(
        step="freeze",
        message=f"{len(left):,} files of data in '{name}' ({size}) are not copied."
        if several
        else f"'{name}' is {size} of data, so it is not copied.",
        hint=f"Mount {them} where the code reads {them}: {fix.arguments if fix else ''}",
        fixes=(fix,) if fix else (),
    )


def _is_of_the_package(path: Path, package: Path) -> bool:
    if path.name.startswith(".") or path.suffix in (".pyc", *_KEYS) or path.name in _SSH_KEYS:
        return False
    return path.is_file() and (not path.is_symlink() or is_inside(path, package))
