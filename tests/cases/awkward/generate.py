"""The awkward notebooks that are too large, too slow or too special to be kept as files.

Each function writes a notebook to ``path`` and returns it; ``prepare`` readies the case of any folder beside this file.
"""

from __future__ import annotations

import json
import shutil
import stat
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path


def many_cells(path: Path, count: int = 5000) -> Path:
    """Write a notebook of ``count`` code cells that depend on each other; the last prints the sum of 1 … count - 2."""
    sources = ["total = 0", *(f"total += {number}" for number in range(1, count - 1)), 'print("total", total)']
    return _write(path, *sources)


def prints_many(path: Path, lines: int = 100_000) -> Path:
    """Write a notebook of one cell that prints ``lines`` numbered lines."""
    return _write(path, f'for number in range(1, {lines} + 1):\n    print(f"line {{number:06d}} of {lines}")')


def silent_minute(path: Path, seconds: float = 60) -> Path:
    """Write a notebook whose cell prints nothing for ``seconds``, and then one line."""
    return _write(path, f'import time\n\ntime.sleep({seconds})\nprint("awake again")')


def read_only_folder(path: Path) -> Path:
    """Write a small notebook and take the right to write in its folder away, which root keeps all the same."""
    _write(path, 'print("read all the same")')
    path.chmod(stat.S_IRUSR)
    path.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    return path


GENERATORS: Mapping[str, Callable[..., Path]] = {
    function.__name__: function for function in (many_cells, prints_many, silent_minute, read_only_folder)
}


def prepare(case: Path, folder: Path) -> Path:
    """Copy the case's folder into ``folder``, generate its notebook where ``expect.toml`` says so, and return it."""
    target = folder / case.name
    shutil.copytree(case, target)
    generate = tomllib.loads((case / "expect.toml").read_text(encoding="utf-8")).get("generate")
    if generate is None:
        (notebook,) = target.glob("*.ipynb")
        return notebook
    return GENERATORS[generate["function"]](target / f"{case.name}.ipynb", *generate.get("args", []))


def _write(path: Path, *sources: str) -> Path:
    kernelspec = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    cells = [_code_cell(source, number) for number, source in enumerate(sources, 1)]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernelspec}, "cells": cells}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook, indent=1) + "\n", encoding="utf-8")
    return path


def _code_cell(source: str, number: int) -> dict[str, object]:
    cell = {"cell_type": "code", "id": f"cell-{number}", "metadata": {}, "source": source}
    return {**cell, "execution_count": None, "outputs": []}
