"""The project that a notebook belongs to: the folder above it that says so."""

from __future__ import annotations

from pathlib import Path

from jupyter_docker.mount_words import SYSTEM_FOLDERS, target_of

_HIGHEST = 4  # folders above the notebook's
_SIGNS = (".git", "environment.yml", "pyproject.toml", "requirements.txt", "setup.cfg", "setup.py")


def project_folder(folder: Path) -> Path:
    """Return the highest folder, not far above ``folder``, that has a project's files; ``folder`` where none has.

    The home folder is no project, whatever lies in it, nor is what is above it.
    """
    home = Path.home().resolve()
    found = folder
    for here in [folder, *folder.parents][: _HIGHEST + 1]:
        if home.is_relative_to(here):
            break
        if any((here / sign).exists() for sign in _SIGNS):
            found = here
            if (here / ".git").exists():
                break
    return found


def is_of_project(real: Path, path: str, folder: Path) -> bool:
    """Whether ``real`` is the project's, not hidden, and the image has nothing at ``path``, as the code names it."""
    project = project_folder(folder)
    inside = real.relative_to(project).parts if real.is_relative_to(project) else ()
    free = not path.startswith("..") or SYSTEM_FOLDERS.isdisjoint(target_of(path).parts[1:2])
    return bool(inside) and free and not any(part.startswith(".") for part in inside)
