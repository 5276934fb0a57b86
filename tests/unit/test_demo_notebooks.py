"""The demo notebooks are clean, and hold what a container needs: their mounts, and what their cells ask for."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from jupyter_docker.values.container_spec import Mount

FOLDER = Path(__file__).parents[2] / "demo_notebooks"
NOTEBOOKS = sorted(FOLDER.glob("[!.]*/*.ipynb"))
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def code_cells(path: Path) -> list[dict[str, Any]]:
    return [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"]


def mounts(path: Path) -> list[Mount]:
    return [Mount.parse(text, folder=path.parent) for text in read(path)["metadata"]["containerize"]["mounts"]]


def test_each_folder_holds_the_notebook_of_its_name() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert {"penguins", "orbits", "epidemic", "portfolio"} <= folders
    assert [path.relative_to(FOLDER) for path in NOTEBOOKS] == [Path(name, f"{name}.ipynb") for name in sorted(folders)]


@each_notebook
def test_is_valid_and_of_the_current_format(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"


@each_notebook
def test_stores_no_outputs(path: Path) -> None:
    assert [cell["id"] for cell in code_cells(path) if cell["outputs"] or cell["execution_count"] is not None] == []


@each_notebook
def test_begins_by_saying_how_to_run_it(path: Path) -> None:
    first = read(path)["cells"][0]
    text = "".join(first["source"])
    assert first["cell_type"] == "markdown"
    assert text.startswith("# ")
    assert f"`jupyter containerize run {path.name}`" in text


@each_notebook
def test_mounts_exist_inside_the_notebooks_folder(path: Path) -> None:
    for mount in mounts(path):
        mount.check()
        assert Path(mount.source).is_relative_to(path.parent)


@each_notebook
def test_writes_to_a_folder_that_git_keeps_empty(path: Path) -> None:
    writable = [Path(mount.source) for mount in mounts(path) if not mount.read_only]
    assert writable == [path.parent / "output"]
    assert (path.parent / "output" / ".gitignore").read_text() == "*\n!.gitignore\n"


def test_a_parameters_cell_only_sets_plain_values() -> None:
    (cell,) = (
        cell
        for cell in code_cells(FOLDER / "portfolio/portfolio.ipynb")
        if "parameters" in cell["metadata"].get("tags", [])
    )
    statements = ast.parse("".join(cell["source"])).body
    assert {type(statement) for statement in statements} == {ast.Assign}
    assert all(
        isinstance(statement.value, ast.Constant) for statement in statements if isinstance(statement, ast.Assign)
    )
