"""Files that a script misses or may not use in its container, and the mounts that give them to it."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath

from jupyter_docker.advice.cause import Context
from jupyter_docker.gate import Project
from jupyter_docker.values import IMPORT_FOLDER, Advice, Fix, RunSpec

_OF_MODULES = re.compile(rf"(?:{IMPORT_FOLDER}|/usr/local/lib/python3\.\d+(?:/site-packages)?)/")


def _mounted(hint: str, fix: Fix, after: str = "") -> Advice:
    return Advice(hint=f"{hint} {fix.arguments}{after}", fixes=(fix,))


def read_only(name: str, context: Context) -> Advice:
    """Return what to do where the code writes to what is mounted read-only, or to the image."""
    spec = context.spec
    where, folder = spec.mount_arguments.target(name), spec.mount_arguments.folder
    for mount in spec.mounts:
        if mount.read_only and mount.kind == "bind" and where.is_relative_to(mount.target):
            source = os.path.relpath(mount.source, os.path.realpath(folder))
            fix = spec.mount_arguments.fix(source, target=mount.target, read_only=False)
            hint = f"'{name}' is mounted read-only. If the code may write there, mount it:"
            return _mounted(hint, fix) if fix else Advice(hint=f"{hint} without :ro")
    hint = f"'{name}' is read-only in the container: write to the notebook's folder, or to one that is mounted."
    return Advice(hint=hint)


def forbidden(name: str, context: Context) -> Advice:
    """Return what to do where the container's user may not use a file."""
    who = f"user {context.spec.user}" if context.spec.user else "you"
    hint = f"The container runs as {who}, who may not use '{name}'"
    return Advice(hint=f"{hint}: change its mode, or who the run is (--user).")


def _beside_modules(name: str, spec: RunSpec) -> Fix | None:
    """Return the mount of what a module finds by its ``__file__``, where the project has it."""
    known_root, folder = _OF_MODULES.match(name), Path(os.path.realpath(spec.mount_arguments.folder))
    tail = PurePosixPath(name[known_root.end() :] if known_root else "")
    project = Project.of(folder).root
    if known_root is None or not tail.parts or not (project / tail).exists():
        return None
    top = tail.parts[0]
    way = os.path.relpath(project / top, folder)
    return spec.mount_arguments.fix(way, target=PurePosixPath(known_root[0], top), read_only=False)


def missing_file(name: str, context: Context) -> Advice:
    """Return what to mount where the code misses a file that is here, or what else to do."""
    spec = context.spec
    path, mount_arguments = spec.mount_arguments.target(name), spec.mount_arguments
    if not path.is_relative_to(mount_arguments.workdir) or path == mount_arguments.workdir:
        return _missing_outside(name, spec)
    top = path.relative_to(mount_arguments.workdir).parts[0]
    if (mount_arguments.folder / top).exists() and not any(
        mount.target == mount_arguments.workdir / top for mount in spec.mounts
    ):
        hint, fix = f"'{top}' is beside the notebook but not in the container", mount_arguments.fix(top, read_only=True)
        return _mounted(f"{hint}: mount it with", fix) if fix else Advice(hint=f"{hint}.")
    if fix := _above(path.relative_to(mount_arguments.workdir), spec):
        hint = f"The container has no '{name}', but the project has it: mount it where the code looks with"
        return _mounted(hint, fix)
    return Advice(hint=f"There is no '{name}' in the container, nor beside the notebook.")


def _missing_outside(name: str, spec: RunSpec) -> Advice:
    way = spec.mount_arguments.way_to(spec.mount_arguments.target(name))
    around, fix = spec.mount_arguments.fix_around(way, read_only=True)
    if fix and (spec.mount_arguments.folder / around).exists():
        what = "it" if around == way else "its folder"
        return _mounted(f"The container has no '{name}': mount {what} with", fix, " (without :ro to write there)")
    if fix := _beside_modules(name, spec):
        hint = "A module looks for it from its own place, which is another in the container: mount it with"
        return _mounted(hint, fix)
    hint = f"There is no '{name}' in the container, nor on this machine: correct the path, or make its folder first."
    return Advice(hint=hint)


def _above(path: PurePosixPath, spec: RunSpec) -> Fix | None:
    """Return the mount of what lies above the notebook in its project, as for code that may go there."""
    folder = Path(os.path.realpath(spec.mount_arguments.folder))
    project = Project.of(folder).root
    holders = (above for above in folder.parents if above.is_relative_to(project) and (above / path).exists())
    if (above := next(holders, None)) is None:
        return None
    top = path.parts[0]
    return spec.mount_arguments.fix(os.path.relpath(above / top, folder), target=PurePosixPath(top), read_only=True)
