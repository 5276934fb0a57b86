"""Admission of paths that a notebook names: only here they become mounts of the container or files of the image.

Whoever proposes a path (a call that reads or writes, one that nobody knows, a folder that the code goes to, a link
beside the notebook, a module, a script), it comes through here at the end.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePosixPath

from jupyter_docker.gate.project import OUTSIDE, Project
from jupyter_docker.values import DataPath, LocalFile, Mount

_MAX_ENTRIES = 10_000  # of a mounted folder, that are looked through for links


def admit_data(data: Iterable[DataPath], project: Project) -> Iterator[Mount]:
    """Yield the mounts of what the code reads and writes, as far as the project has it; the rest has been said.

    What links in a mounted folder lead to is mounted where they lead in the container, as far as the project has that.
    """
    admitted = list(_admitted(data, project))
    yield from admitted
    linked = {link.target: link for mount in admitted for link in _linked(mount, project)}
    for target in sorted(linked):
        if not any(target.is_relative_to(each.target) for each in admitted):
            admitted.append(linked[target])
            yield linked[target]


def _admitted(data: Iterable[DataPath], project: Project) -> Iterator[Mount]:
    for each in data:
        if not project.mount_refusal(each.path):
            source = (project.folder / each.path).resolve()
            yield Mount(
                kind="bind",
                source=str(source),
                target=project.target(each.path),
                read_only=each.access == "read",
                make=not source.exists(),
            )


def _linked(mount: Mount, project: Project) -> Iterator[Mount]:
    """Yield what the links in a mounted folder need beside it: the folder of a file, or the folder itself."""
    for link in islice(_entries(mount.source), _MAX_ENTRIES):
        if not link.is_symlink():
            continue
        words = Path(link).readlink()
        there, real = Path(os.path.normpath(Path(link).parent / words)), Path(os.path.realpath(link))
        if real.is_file() and real.parent == Path(os.path.realpath(there.parent)):
            there, real = there.parent, real.parent
        is_needed = real.exists() and there.is_relative_to(project.root) and not project.refusal(real)
        if is_needed and not project.folder.is_relative_to(real):
            way = os.path.relpath(there, project.folder)
            target = PurePosixPath(there) if words.is_absolute() else project.target(way)
            yield replace(mount, source=str(real), target=target, make=False)


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    """Yield what is in a folder and below it, links as they are."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda each: each.name)
    except OSError:  # it is a file, or nobody may look
        return
    for entry in entries:
        yield entry
        if entry.is_dir(follow_symlinks=False):
            yield from _entries(entry.path)


def file_refusal(path: Path, project: Project, *, root: Path | None = None) -> str:
    """Return why ``path`` may not travel in the image; empty where it may.

    Args:
        path: The file or folder.
        project: The notebook's project.
        root: The folder that it was found from, where the environment has that as a person set it up (PYTHONPATH, an
            editable install): then it may lie anywhere in there.
    """
    if root is None:
        return project.refusal(path)
    return Project(folder=root, root=root).refusal(path.resolve()) and OUTSIDE


def admit_file(
    path: Path, project: Project, *, target: PurePosixPath, why: str, root: Path | None = None
) -> LocalFile | None:
    """Return the file as the image has it at ``target``, None where it may not travel; ``root`` as in `file_refusal`.

    Args:
        path: The file that runs, absolute.
        project: The notebook's.
        target: Relative to the notebook's folder in the image, or absolute.
        why: What imports or runs it, in words.
        root: The folder of the environment's that it was found from.
    """
    return None if file_refusal(path, project, root=root) else LocalFile(source=path, target=target, why=why)
