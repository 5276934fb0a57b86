"""A path of the contents API → the notebook's file, inside the server's folder."""

from __future__ import annotations

from pathlib import Path

from jupyter_docker.notebook import read_notebook
from jupyter_docker.values import MissingError, NotebookError, UsageError


def find_notebook(root: Path, path: str) -> Path:
    """Return the file of the notebook ``path``, relative to ``root``, once it can be read.

    Raises UsageError where it is outside of ``root``, links followed, or hidden, MissingError where there is none, and
    NotebookError where it is no notebook.
    """
    file = inside(root, path.strip("/"))
    if any(part.startswith(".") for part in file.relative_to(root).parts):
        raise UsageError(f"'{path[:100]}' is hidden.", hint="Name a notebook that the file browser shows.")
    try:
        if file.is_dir():
            raise NotebookError(f"'{path}' is a folder.", hint="Name a notebook in it.")
        if not file.exists():
            raise MissingError(f"There is no notebook '{path}'.", hint="Save it first; it may have been renamed.")
        if file.suffix != ".ipynb":
            raise NotebookError(f"'{path}' is not a notebook.", hint="Name a file that ends in .ipynb.")
    except OSError as error:
        raise UsageError(f"'{path[:100]}' is not a path: {error.strerror}.", hint="Name a notebook.") from None
    read_notebook(file)
    return file


def inside(root: Path, path: str) -> Path:
    """Return ``path`` below ``root`` as it is; raises UsageError where it leads outside, links followed."""
    try:
        file = root / path
        if path and file.resolve().is_relative_to(root) and ".." not in file.parts:
            return file
    except (OSError, ValueError, RuntimeError):  # too long, a null character, links in a circle
        pass
    raise UsageError(f"'{path[:100]}' is not inside the server's folder.", hint="Name a path below it.")


def contents_path(root: Path, path: str) -> str | None:
    """Return the path that the contents API has ``path`` under; None where it is not inside ``root``."""
    file = Path(path).resolve()
    return file.relative_to(root).as_posix() if root in file.parents else None
