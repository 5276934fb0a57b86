"""A notebook compared with what is saved in it: run cell by cell in its image, on a real engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_docker.compare import stamp_of
from tests.engine.command import Outcome, containerize

pytestmark = pytest.mark.engine

CELLS = [
    "import os, random\nprint(sorted({'b', 'a'}))",
    "rows = [float(line) for line in open('data/a.csv')]\nprint('mean', sum(rows) / len(rows))",
    "random.random()",
    "os.makedirs('output', exist_ok=True)\nwith open('output/log.txt', 'a') as file:\n    file.write('again ')",
    "%time sum(range(1000))",
    "print(object(), os.getpid(), {1, 2, 3})",
]


@pytest.fixture(scope="module")
def executed(engine: object, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The notebook as it ran in its container, in a folder with its data."""
    folder = tmp_path_factory.mktemp("compared")
    for name in ("data", "output"):
        (folder / name).mkdir()
    (folder / "data/a.csv").write_text("1.5\n2.5\n")
    (folder / "output/log.txt").write_text("")
    source = folder / "study.ipynb"
    cells = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in CELLS]
    source.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    outcome = containerize("run", "--mode", "notebook", "--output-notebook", str(source), str(source))
    assert outcome.status == 0, outcome.stderr
    return source


def report_of(outcome: Outcome) -> dict[str, Any]:
    [report] = [line for line in outcome.events if "classes" in line]
    return dict(report)


def test_a_run_says_in_the_notebook_what_made_its_outputs(executed: Path) -> None:
    notebook = json.loads(executed.read_text())
    stamp = stamp_of(notebook)
    assert stamp is not None
    assert stamp.image.startswith("sha256:")
    assert stamp.lock.startswith("sha256:")
    assert stamp.python.startswith("3.")
    assert set(stamp.data) == {"data"}
    assert len(json.dumps(stamp.as_json())) <= 3000


def test_what_is_the_same_random_and_changed_is_told_apart(executed: Path) -> None:
    before = {path: path.read_bytes() for path in executed.parent.rglob("*") if path.is_file()}
    outcome = containerize("compare", str(executed), "--repeat", "2", "--json", "--allow", "random")
    assert outcome.status == 0, outcome.stderr
    kinds = [cell["kind"] for cell in report_of(outcome)["cells"]]
    assert kinds == ["same", "same", "random", "same", "time", "identity"]
    page = executed.with_name("study.compare.html")
    assert "random" in page.read_text()
    assert {path: path.read_bytes() for path in before} == before  # what it writes went into copies

    (executed.parent / "data/a.csv").write_text("1.5\n3.5\n")
    changed = containerize("compare", str(executed), "--json", "--allow", "random")
    assert changed.status == 99
    report = report_of(changed)
    assert report["data"] == ["data"]
    assert [cell["kind"] for cell in report["cells"]][1] == "data"
    [failed] = [event for event in changed.events if event.get("type") == "Failed"]
    assert (failed["error"], failed["cell"]) == ("NotReproducedError", 2)


def test_a_run_is_compared_where_it_is_asked(executed: Path, tmp_path: Path) -> None:
    target = tmp_path / "again.ipynb"
    notebook = json.loads(executed.read_text())
    notebook["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "['a']\n"}]
    notebook["cells"].append({"cell_type": "code", "source": "1 / 0", "metadata": {}, "outputs": []})
    wrong = executed.with_name("wrong.ipynb")
    wrong.write_text(json.dumps(notebook))
    words = ("run", "--mode", "notebook", "--compare", "--output-notebook", str(target), str(wrong))
    outcome = containerize(*words)
    assert outcome.status == 1  # that of the cell that fails
    assert "not run" in wrong.with_name("wrong.compare.html").read_text()
    assert containerize("run", "--compare", str(wrong)).status == 2
