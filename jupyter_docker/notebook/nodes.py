"""An .ipynb file → NotebookNode in format 4, checked as far as the export needs.

nbformat itself is left alone on purpose: importing it takes two seconds where jsonschema's format checkers are
installed (as JupyterLab has them), it logs, and it refuses notebooks that Jupyter still runs.
Formats: https://nbformat.readthedocs.io/en/latest/format_description.html (4) and nbformat/v3/nbformat.v3.schema.json.
"""

from __future__ import annotations

import io
import json
import re
import tokenize
from pathlib import Path
from typing import Any

from jupyter_docker.values import NotebookError, NotebookLanguageError

_LANGUAGE_OF_KERNEL = re.compile(r"(ir|julia|bash|octave|scala|deno|rust|xcpp|javascript|java|ruby)\b")
_CHECK = "Check the path."
_PYTHON = re.compile(r"i?python\d*(\.\d+)?|pyspark\w*", re.IGNORECASE)


# How jupytext calls the text forms of notebooks: https://jupytext.readthedocs.io/en/latest/formats-scripts.html
_TEXT_FORMATS = {".py": "py:percent", ".md": "md:myst", ".myst": "md:myst"}
_MYST_CELL = re.compile(r"^`{3,}\s*\{code-cell\}", re.MULTILINE)


class NotebookNode(dict[str, Any]):
    """The JSON of a notebook in format 4; a dict as nbformat's class of that name is."""

    @property
    def metadata(self) -> dict[str, Any]:
        """The notebook's own metadata."""
        metadata: dict[str, Any] = self["metadata"]
        return metadata

    @property
    def kernel(self) -> str:
        """The name of its kernelspec, empty where it has none."""
        name = _mapping(self.metadata.get("kernelspec")).get("name")
        return name if isinstance(name, str) else ""

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The cells, each with ``cell_type``, ``source`` (one string) and ``metadata``."""
        cells: list[dict[str, Any]] = self["cells"]
        return cells


def read_notebook(path: Path) -> NotebookNode:
    """Return the notebook in ``path``, of format 3 or 4; what the export does not need may be missing or wrong.

    A Python script is one too: each cell behind a line ``# %%``, or all of it one cell; so is a document in MyST.

    Raises NotebookError where there is no notebook to read, NotebookLanguageError where it is not Python.
    """
    data = _load(path)
    name = f"The file '{path}'"
    if not isinstance(data, dict) or not isinstance(data.get("nbformat"), int):
        raise NotebookError(
            f"{name} is not a notebook: it has no 'nbformat'.",
            hint="Give the path of an .ipynb file, or of a Python script.",
        )
    if data["nbformat"] not in {3, 4}:
        raise NotebookError(f"{name} is in notebook format {data['nbformat']}; only formats 3 and 4 can be read.")
    raw = data.get("cells") if data["nbformat"] == 4 else _worksheet_cells(data)  # noqa: PLR2004
    if not isinstance(raw, list):
        raise NotebookError(f"{name} is not a notebook: it has no list of cells.")
    cells = [_cell(cell, f"{name}: cell {number}") for number, cell in enumerate(raw, 1)]
    notebook = NotebookNode(nbformat=4, nbformat_minor=5, metadata=_mapping(data.get("metadata")), cells=cells)
    _check_language(notebook, path)
    return notebook


def _load(path: Path) -> Any:
    try:
        # A pipe may never end, a device gives what is no file's: both can have a notebook's name.
        if not path.is_dir() and path.exists() and not path.is_file():
            raise NotebookError(f"'{path}' is no file, but a pipe, a socket or a device.", hint=_CHECK)
        raw = path.read_bytes()
    except FileNotFoundError:
        raise NotebookError(f"There is no notebook '{path}'.", hint="Check the name and the folder.") from None
    except IsADirectoryError:
        raise NotebookError(f"'{path}' is a folder.", hint="Give the path of an .ipynb file in it.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise NotebookError(f"The notebook '{path}' can't be read: {reason}.", hint=_CHECK) from None
    if path.suffix in _TEXT_FORMATS:
        return _read_text(path, raw)
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _invalid_json(path, raw, error) from None


def _read_text(path: Path, raw: bytes) -> Any:
    """Return the notebook that a script or a MyST document is, as jupytext reads it."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        text = raw.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise NotebookError(f"'{path}' can't be read as text: {error}.", hint="Save it in UTF-8.") from None
    if path.suffix != ".py" and not _MYST_CELL.search(text):
        hint = "Give the path of a notebook, a Python script, or a MyST document with {code-cell} blocks."
        raise NotebookError(f"The document '{path}' has no code cells.", hint=hint)
    import jupytext

    try:
        return jupytext.reads(text, fmt=_TEXT_FORMATS[path.suffix])
    except Exception as error:
        raise NotebookError(f"'{path}' can't be read: {error}", hint="See jupytext's documentation.") from error


def _invalid_json(path: Path, raw: bytes, error: Exception) -> NotebookError:
    where = f" (line {error.lineno}: {error.msg})" if isinstance(error, json.JSONDecodeError) else ""
    if not raw.strip():
        return NotebookError(f"The file '{path}' is empty.", hint="Create the notebook anew in JupyterLab.")
    if re.search(rb"^(<<<<<<<|>>>>>>>) ", raw, re.MULTILINE):
        return NotebookError(f"The notebook '{path}' has merge conflicts in it.", hint="Resolve them with nbdime.")
    return NotebookError(
        f"The file '{path}' is not a notebook: it does not hold JSON{where}.",
        hint="Give the path of an .ipynb file, or of a Python script.",
    )


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _worksheet_cells(data: dict[str, Any]) -> list[Any] | None:
    """Return the cells of format 3 as format 4 has them."""
    sheets = data.get("worksheets")
    cells = list[Any]()
    for sheet in sheets if isinstance(sheets, list) else [{"cells": None}]:
        found = _mapping(sheet).get("cells", [])
        if not isinstance(found, list):
            return None
        cells += (_upgraded(cell) if isinstance(cell, dict) else cell for cell in found)
    return cells


def _upgraded(cell: dict[str, Any]) -> dict[str, Any]:
    kind = cell.get("cell_type")
    if kind == "code":
        return {**cell, "source": cell.get("input", "")}
    level = cell.get("level")
    if kind == "heading" and isinstance(level, int):
        return {**cell, "cell_type": "markdown", "source": f"{'#' * min(level, 6)} {_joined(cell.get('source'))}"}
    return cell


def _cell(cell: Any, name: str) -> dict[str, Any]:
    source = _joined(cell.get("source")) if isinstance(cell, dict) else None
    if source is None:
        raise NotebookError(f"{name} is not a cell: it has no source text.")
    return {**cell, "source": source, "metadata": _mapping(cell.get("metadata"))}


def _joined(source: Any) -> str | None:
    """Return the text of a string, of a list of lines, or of nothing; None for anything else."""
    lines = [source] if isinstance(source, str) else [] if source is None else source
    return "".join(lines) if isinstance(lines, list) and all(isinstance(line, str) for line in lines) else None


def _check_language(notebook: NotebookNode, path: Path) -> None:
    spec = _mapping(notebook.metadata.get("kernelspec"))
    kernel = _LANGUAGE_OF_KERNEL.match(str(spec.get("name", "")))
    declared = _mapping(notebook.metadata.get("language_info")).get("name"), spec.get("language")
    cells = (cell.get("language") for cell in notebook.cells if cell.get("cell_type") == "code")
    named = [*declared, kernel and kernel[1] if not any(declared) else None, *cells]
    other = next((name for name in named if isinstance(name, str) and name and not _PYTHON.fullmatch(name)), None)
    if other:
        raise NotebookLanguageError(f"The notebook '{path}' is written for '{other}', not Python.")
