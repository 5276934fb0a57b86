"""What a cell needs of its image, and the text that its session runs."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

import pytest

from jupyter_docker.cells.contents import broken_cells, contents_for
from jupyter_docker.cells.needs import lacking
from jupyter_docker.cells.run import code_to_run
from jupyter_docker.cells.variables import wanted_inputs, wanted_outputs
from jupyter_docker.commands.options.cell import read_cell_options, with_asked
from jupyter_docker.commands.options.values import ContainerOptions, ImageOptions
from jupyter_docker.notebook.script import export_cell
from jupyter_docker.values.errors import MissingNameError, UsageError
from jupyter_docker.values.image import Recipe
from jupyter_docker.values.image_reference import ImageReference
from jupyter_docker.values.requirements import LocalFile, Pin, Requirements


def recipe_of(*cells: str, pins: tuple[str, ...] = (), local: tuple[str, ...] = ()) -> Recipe:
    script = export_cell("\n".join(cells), emit=lambda _: None)
    files = tuple(LocalFile(source=Path(name), target=PurePosixPath(name), why="") for name in local)
    held = tuple(Pin(name=name, version="1") for name in pins)
    requirements = Requirements(python="3.11", pins=held, local=files)
    base = ImageReference.parse("python:3.11-slim")
    return Recipe(base=base, script=script, requirements=requirements, kernel=(Pin(name="ipykernel", version="7"),))


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("x = 1", ()),
        ("'an important word'", ()),
        ("import json, os.path\nfrom collections import abc", ()),
        ("import numpy as np", ()),
        ("import numpy.linalg\nfrom numpy import array", ()),
        ("import pandas as pd", ("pandas",)),
        ("import matplotlib.pyplot as plt\nimport pandas\nimport pandas", ("matplotlib.pyplot", "pandas")),
        ("import ipykernel", ()),
        ("import nothing_provides_this", ("nothing_provides_this",)),
        ("try:\n    import pandas\nexcept ImportError:\n    pandas = None", ()),
        ("import helpers\nfrom lib.tools import run", ()),
        ("import other_helpers", ("other_helpers",)),
        ("%pip install numpy", ()),
        ("%pip install pandas cowsay", ("pandas", "cowsay")),
        ("!pip install -q cowsay==6.0", ("cowsay",)),
        ("if pandas:\n  import (", ()),
        ("%matplotlib inline\n!ls", ()),
    ],
)
def test_what_the_image_lacks(cell: str, names: tuple[str, ...], tmp_path: Path) -> None:
    recipe = recipe_of("import numpy", pins=("numpy",), local=("helpers.py", "lib/__init__.py", "lib/tools.py"))
    assert lacking(cell, recipe, tmp_path) == names


def test_what_was_declared_before_is_not_lacking(tmp_path: Path) -> None:
    recipe = recipe_of("%pip install -q cowsay==6.0", pins=("cowsay",))
    assert lacking("%pip install cowsay", recipe, tmp_path) == ()


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("a = 1\n1 / 0\n", "# %%containerize\na = 1\n1 / 0\n"),
        ("%%time\nx\n", "%%time\nx\n"),
        ("\n%%bash\nls\n", "\n%%bash\nls\n"),
        ("ls\n", "ls\n"),
        ("name\n", "# %%containerize\nname\n"),
        ("await f()\n", "# %%containerize\nawait f()\n"),
        ("def (\n", "# %%containerize\ndef (\n"),
        (
            "%pip install cowsay\nimport cowsay\n",
            "# %%containerize\n# %pip install cowsay  (installed in the image)\nimport cowsay\n",
        ),
        (
            "%pip install cowsay\n%matplotlib inline\ncowsay?",
            "# %%containerize\n# %pip install cowsay  (installed in the image)\n%matplotlib inline\ncowsay?",
        ),
    ],
)
def test_a_cell_keeps_its_lines(cell: str, code: str, tmp_path: Path) -> None:
    assert code_to_run(cell, tmp_path) == code


def write_notebook(folder: Path, *cells: str, metadata: object = None) -> Path:
    path = folder / "book.ipynb"
    code = [{"cell_type": "code", "source": cell, "metadata": {}} for cell in cells]
    words = {"cell_type": "markdown", "source": "import words", "metadata": {}}
    path.write_text(json.dumps({"nbformat": 4, "metadata": metadata or {}, "cells": [*code, words]}))
    return path


def sources(contents: object) -> list[list[str]]:
    assert isinstance(contents, list)
    return [[cell["source"] for cell in each.cells] for each in contents]


def test_the_image_is_made_of_all_cells_that_parse(tmp_path: Path) -> None:
    path = write_notebook(tmp_path, "import a", "import (", "import b", "")
    found = list(contents_for("import d", executed=["import b\n", "1 +", "import c"], notebook=path))
    assert sources(found) == [
        ["import a", "import b\n", "import c", "import d"],
        ["import b\n", "import c", "import d"],
        ["import d"],
    ]


def test_cells_that_do_not_parse_are_named(tmp_path: Path) -> None:
    path = write_notebook(tmp_path, "import a", "", "import (", "%%containerize\n1 +", "x = 1\ny = [", "z = (")
    found = [error.message for error in broken_cells(path, executed=["%%containerize\n1 +", "z = (\n"])]
    assert [text.partition("\n")[0] for text in found] == [
        "Cell 2, line 1 is not valid Python: invalid syntax",
        "Cell 4, line 2 is not valid Python: '[' was never closed",
    ]
    assert list(broken_cells(None, executed=[])) == []


def test_a_notebook_that_cannot_be_read_leaves_what_ran(tmp_path: Path) -> None:
    (tmp_path / "book.ipynb").write_text("{")
    for notebook in (tmp_path / "book.ipynb", None):
        assert sources(list(contents_for("b", executed=["a"], notebook=notebook))) == [["a", "b"], ["b"]]


def test_names_to_send_and_to_bring_back() -> None:
    namespace = {"a": 1, "b": 2, "json": json, "unused": 3}
    assert wanted_inputs(["a, b", "a"], "", namespace).plan.names == ("a", "b")
    found = wanted_inputs(["auto", "unused"], "json.dumps(a)", namespace)
    assert (found.plan.names, found.imports) == (("a", "unused"), ("import json",))
    assert wanted_inputs(["auto"], "if (", namespace).plan.names == ()
    assert wanted_outputs(["x", "y,x"]) == ("x", "y")
    with pytest.raises(UsageError, match="no 'auto'"):
        wanted_outputs(["auto"])
    with pytest.raises(MissingNameError, match="no variable 'z'"):
        wanted_inputs(["z"], "", namespace)


def test_only_options_of_the_container_and_the_image_bind_a_session() -> None:
    assert not read_cell_options([]).has_choices
    words = ["-i", "a", "-o", "b", "--session", "B", "--fresh", "--trust"]
    assert not read_cell_options(words).has_choices
    chosen = read_cell_options(["--memory", "1g", "-v", "a:b", "--base", "x"])
    assert chosen.has_choices
    assert chosen.chosen == (ImageOptions(base="x"), ContainerOptions(memory="1g", mounts=("a:b",)), "", "auto")
    assert chosen.chosen == read_cell_options(["--base", "x", "-v", "a:b", "--memory", "1g", "--fresh"]).chosen


@pytest.mark.parametrize("words", [["run"], ["-d"], ["--name", "x"], ["-P", "a=1"], ["--once", "--session", "B"]])
def test_words_of_other_commands_are_refused(words: list[str]) -> None:
    with pytest.raises(UsageError):
        read_cell_options(words)


def test_what_the_notebook_stores_opens_the_session_but_does_not_bind_it(tmp_path: Path) -> None:
    path = write_notebook(tmp_path, metadata={"containerize": {"mounts": ["./data:data:ro"], "memory": "2g"}})
    (tmp_path / "data").mkdir()
    request = read_cell_options(["--memory", "1g"])
    merged = with_asked(request, path)
    spec = merged.spec(tmp_path)
    assert (spec.limits.memory, [str(each) for each in spec.mounts]) == (2**30, [f"{tmp_path}/data:/app/data:ro"])
    assert merged.chosen == request.chosen
    assert with_asked(request, None) is request
    late = tmp_path / "at 10:30"
    (late / "data").mkdir(parents=True)
    assert with_asked(request, path.rename(late / "book.ipynb")).spec(late).mounts[0].source == f"{late}/data"


def test_a_session_is_not_opened_for_what_nobody_has_allowed_the_notebook(tmp_path: Path) -> None:
    path = write_notebook(tmp_path, metadata={"containerize": {"env": ["TOKEN"], "base": "a:1"}})
    with pytest.raises(UsageError, match="metadata asks") as told:
        with_asked(read_cell_options([]), path)
    assert told.value.hint.endswith("--base a:1 -e TOKEN")
    assert with_asked(read_cell_options(["--base", "b", "-e", "TOKEN="]), path).asked.unmet == ()
