"""The project that a notebook belongs to: the folder above it that says so."""

from __future__ import annotations

from pathlib import Path

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
