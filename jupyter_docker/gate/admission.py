"""Admission of paths that a notebook names: only here they become mounts of the container or files of the image.

Whoever proposes a path (a call that reads or writes, one that nobody knows, a folder that the code goes to, a link
beside the notebook, a module, a script), it comes through here at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from jupyter_docker.gate.project import OUTSIDE, Project
from jupyter_docker.values import DataPath, LocalFile, Mount


def admit_data(data: Iterable[DataPath], project: Project) -> Iterator[Mount]:
    """Yield the mounts of what the code reads and writes, as far as the project has it; the rest has been said."""
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


def file_refusal(path: Path, project: Project, *, root: Path | None = None) -> str:
    """Return why ``path`` may not travel in the image; empty where it may.

    ``root`` is the folder that it was found from where the environment has that, as a person set it up (PYTHONPATH, an
    editable install), and not the notebook: then it may lie anywhere in there.
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
