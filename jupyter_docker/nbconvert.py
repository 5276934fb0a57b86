"""Exporters for nbconvert: ``jupyter nbconvert --to container NB``, and JupyterLab's *Save and Export Notebook As*.

Their protocol: https://nbconvert.readthedocs.io/en/latest/external_exporters.html
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from nbconvert.exporters import Exporter

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from jupyter_docker.values import Event

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip file can hold; the same notebook gives the same bytes


class ScriptExporter(Exporter):
    """The notebook as the script that its image runs: magics, shell lines and last values keep their meaning."""

    export_from_notebook = "Container script"
    output_mimetype = "text/x-python"

    def _file_extension_default(self) -> str:
        return ".py"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **_unused: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the script; it ends in .ipy where only IPython can run it. Raises ContainerizeError."""
        from jupyter_docker.notebook import export_script

        nb, resources = super().from_notebook_node(nb, resources)
        path = _path(resources)
        script = export_script(_plain(nb), source=path, name=path.stem, emit=self._log_event)
        resources["output_extension"] = Path(script.name).suffix
        return script.text, resources

    def _log_event(self, event: Event) -> None:
        _log(self, event)


class BuildContextExporter(Exporter):
    """The notebook as a zip of its build context: Dockerfile, lock, script, local modules. No engine is needed."""

    export_from_notebook = "Container (build context)"
    output_mimetype = "application/zip"

    def _file_extension_default(self) -> str:
        return ".zip"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **_unused: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """Return the zip, of a folder that ``docker build`` takes. Raises ContainerizeError."""
        from jupyter_docker.pipeline import export_context
        from jupyter_docker.values import BuildChoices, load_defaults

        nb, resources = super().from_notebook_node(nb, resources)
        path = _path(resources)
        choices = BuildChoices(notebook=path, content=_plain(nb))
        with tempfile.TemporaryDirectory(prefix="jupyter-containerize-") as scratch:
            folder = Path(scratch) / "context"
            export_context(choices, folder, load_defaults(), lambda event: _log(self, event))
            packed = _zipped(folder, f"{path.stem}-container")
        resources["output_extension"] = ".zip"
        return packed, resources


def _path(resources: dict[str, Any]) -> Path:
    """Return where the notebook is, as far as nbconvert was told."""
    metadata = resources.get("metadata") or {}
    return Path(metadata.get("path") or ".").absolute() / f"{metadata.get('name') or 'notebook'}.ipynb"


def _plain(nb: NotebookNode) -> dict[str, Any]:
    """Return the notebook with all that the export needs, which nbformat leaves out where it is empty."""
    cells = [{**cell, "metadata": dict(cell.get("metadata") or {})} for cell in nb["cells"]]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": dict(nb.get("metadata") or {}), "cells": cells}


def _zipped(folder: Path, name: str) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = ZipInfo(f"{name}/{file.relative_to(folder).as_posix()}", _EARLIEST)
            entry.external_attr = 0o644 << 16
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    return packed.getvalue()


def _log(exporter: Exporter, event: Event) -> None:
    """Log what is warned of; nbconvert has no other place for it."""
    from jupyter_docker.values import Warned

    if isinstance(event, Warned):
        exporter.log.warning("%s %s", event.message, event.hint)
