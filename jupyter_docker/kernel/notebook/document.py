"""The notebook file that is run and written, and its report: nbformat's NotebookNode from what the export can read."""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import nbformat
from nbformat import NotebookNode

from jupyter_docker.notebook import NotebookNode as ReadNotebook
from jupyter_docker.values import UsageError


def as_document(notebook: ReadNotebook) -> NotebookNode:
    """Return a copy in format 4.5, without the outputs of the code cells, for they are to be run."""
    document: NotebookNode = nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]
    for cell in document.cells:
        cell.setdefault("id", uuid4().hex[:8])
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return document


def check_writable(path: Path) -> None:
    """Raise UsageError where the notebook could not be written after it has run."""
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK) or path.is_dir():
        raise UsageError(
            f"The executed notebook can't be written to '{path}'.",
            hint="Name a place where you may write: --output-notebook PATH",
        )


def write_document(document: NotebookNode, path: Path) -> None:
    """Write the notebook, whole or not at all; raises OSError."""
    text: Any = nbformat.v4.writes(document)  # type: ignore[no-untyped-call]
    _write(text + "\n", path)


def write_report(document: NotebookNode, path: Path) -> None:
    """Write the notebook with its outputs as a page, as nbconvert lays it out; raises OSError or what nbconvert raises.

    Files that the notebook names are not read into it: it may be a stranger's.
    """
    from nbconvert.exporters import HTMLExporter

    exporter = HTMLExporter(embed_images=False)  # type: ignore[no-untyped-call]
    exporter.log.setLevel(logging.ERROR)  # it would count the images that have no alternative text
    page, _ = exporter.from_notebook_node(document, resources={"metadata": {"name": path.stem}})
    _write(page, path)


def _write(text: str, path: Path) -> None:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".", delete=False) as file:
        file.write(text)
    try:
        Path(file.name).chmod(0o666 & ~_umask())
        Path(file.name).replace(path)
    except OSError:
        Path(file.name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current
