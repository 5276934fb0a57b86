"""A cell's text as its session runs it."""

from __future__ import annotations

import re
from pathlib import Path

from jupyter_docker.notebook.cellmagics import automagic
from jupyter_docker.notebook.cells import SourceCell
from jupyter_docker.notebook.cellwise import NotebookLeaving
from jupyter_docker.notebook.reading import read_code
from jupyter_docker.values.errors import ContainerizeError
from jupyter_docker.values.events import Event

_MAY_INSTALL = re.compile(r"^\s*[%!]?\s*(?:python\S*\s+-m\s+)?(?:pip3?|conda|mamba|micromamba|uv)\s", re.MULTILINE)
# In place of the line with the magic, so that a traceback counts lines as the notebook does.
_FIRST_LINE = "# %%containerize\n"


def code_to_run(cell: str, folder: Path) -> str:
    """Return the code: without its install lines, which the image has done, and with the notebook's line numbers."""
    text = _without_installs(cell, folder) if _MAY_INSTALL.search(cell) else cell
    lines = text.rstrip("\n").split("\n")
    if text.lstrip().startswith("%%") or automagic(lines):  # IPython knows these on the first line alone
        return text
    return f"{_FIRST_LINE}{text}"


def _without_installs(cell: str, folder: Path) -> str:
    source = SourceCell(kind="code", index=0, number=1, text=cell, tags=frozenset())
    leaving = NotebookLeaving(number=1, folder=folder, emit=_ignore)
    try:
        reading = read_code(source, leaving)
    except ContainerizeError:
        return cell
    return "\n".join(reading.lines) if leaving.declared else cell


def _ignore(_event: Event) -> None:
    pass
