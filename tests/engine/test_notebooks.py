"""Whole notebooks through the command, on a real engine: the demo notebooks, and the awkward ones."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.containers.listing import list_containers
from jupyter_docker.values.image import LABEL_PREFIX
from tests.cases.awkward.generate import prepare
from tests.engine.command import Outcome, containerize

ROOT = Path(__file__).parents[2]
AWKWARD = sorted(path.parent for path in (ROOT / "tests/cases/awkward").glob("*/expect.toml"))

pytestmark = pytest.mark.engine


def check(outcome: Outcome, expected: Mapping[str, Any]) -> None:
    assert outcome.status == expected["exit_code"], outcome.stderr
    for text in expected.get("stdout_contains", ()):
        assert text in outcome.stdout
    for text in expected.get("stdout_lacks", ()):
        assert text not in outcome.stdout
    for text in (*expected.get("stderr_contains", ()), *expected.get("message_contains", ())):
        assert text in outcome.stderr
    if "lines" in expected:
        assert outcome.stdout.count("\n") == expected["lines"]


@pytest.mark.parametrize("case", AWKWARD, ids=lambda case: case.name)
def test_an_awkward_notebook_does_what_a_user_would_expect(case: Path, engine: Engine, tmp_path: Path) -> None:
    expected = tomllib.loads((case / "expect.toml").read_text(encoding="utf-8"))
    notebook = prepare(case, tmp_path)
    before = set(notebook.parent.iterdir())
    check(containerize("run", str(notebook), *expected.get("args", ())), expected)
    assert set(notebook.parent.iterdir()) == before
    labels = [one.labels for one in list_containers(engine, all=True)]
    assert notebook.name not in {label.get(f"{LABEL_PREFIX}notebook") for label in labels}


@pytest.mark.parametrize(
    ("words", "printed", "written"),
    [
        (["penguins"], "cross-validated accuracy 0.98", ["confusion.png", "model.joblib", "report.json"]),
        (["orbits"], "energy off by", ["chaos.png", "figure_eight.png"]),
        (["epidemic"], "fizzled out: 0.201 of the towns", ["pause.png", "summary.json"]),
        (["wildfire", "-P", "density=0.5"], "4.8% of the trees burnt", ["forest.png", "fire.json"]),
        (["portfolio", "-P", "years=10"], '"parameters": {"years": 10,', ["summary.json", "rates.csv"]),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
@pytest.mark.usefixtures("engine")
def test_a_demo_notebook_runs_from_data_to_results(
    words: list[str], printed: str, written: list[str], tmp_path: Path
) -> None:
    name, *options = words
    folder = tmp_path / name
    shutil.copytree(ROOT / "demo_notebooks" / name, folder, ignore=_earlier_results)
    outcome = containerize("run", str(folder / f"{name}.ipynb"), *options)
    assert outcome.status == 0, outcome.stderr
    assert printed in outcome.stdout
    results = {path.name: path for path in (folder / "output").iterdir() if path.name != ".gitignore"}
    assert set(written) <= set(results)
    assert {path.stat().st_uid for path in results.values()} == {folder.stat().st_uid}


def _earlier_results(folder: str, names: list[str]) -> set[str]:
    return set(names) - {".gitignore"} if Path(folder).name == "output" else set()
