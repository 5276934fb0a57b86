"""What the notebook reads and writes beside it is in its container, without a word from the user."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from jupyter_docker.engine.connection.engine import Engine
from tests.engine.command import containerize

pytestmark = pytest.mark.engine

CELLS = (
    "from pathlib import Path\nDATA = Path('data')\nprint((DATA / 'in.txt').read_text())",
    "(Path('out') / 'new.txt').write_text('made')",
    "Path('results').mkdir(exist_ok=True)\nPath('results/own.txt').write_text('made')",
    "Path('../reports').mkdir(exist_ok=True)\nPath('../reports/all.txt').write_text(Path('../raw/in.txt').read_text())",
)
WRITTEN = {
    "out/new.txt": "made",
    "results/own.txt": "made",
    "../reports/all.txt": "given too",
}


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    home = tmp_path / "project/work"
    for folder in ("../raw", "data", "out"):
        (home / folder).mkdir(parents=True)
    (home / "../pyproject.toml").touch()
    (home / "../raw/in.txt").write_text("given too")
    (home / "data/in.txt").write_text("given")
    code = [{"cell_type": "code", "metadata": {}, "source": cell, "outputs": []} for cell in CELLS]
    path = home / "data-auto.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": code}))
    return path


def check_written(folder: Path) -> None:
    for name, text in WRITTEN.items():
        assert (folder / name).read_text() == text
        assert (folder / name).parent.stat().st_uid == os.getuid()


@pytest.mark.parametrize("mode", ["script", "notebook"])
def test_data_is_mounted(engine: Engine, notebook: Path, mode: str) -> None:
    outcome = containerize("run", str(notebook), "--mode", mode)
    assert outcome.status == 0, outcome.stderr
    assert "with ../raw (read-only), ../reports, data (read-only), out, results" in outcome.stderr
    check_written(notebook.parent)
    assert "that no mount keeps" not in outcome.stderr


def test_the_lines_that_export_prints_do_the_same(
    engine: Engine, notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(notebook.parent)
    outcome = containerize("export", notebook.name, "taken along", "--json")
    facts = outcome.events[-1]["facts"]
    environment = {**os.environ, **engine.cli_environment()}
    try:
        run = facts["run it"].replace('"$(id -u):$(id -g)"', "0") if engine.rootless else facts["run it"]
        for line in (facts["build it"], run):
            subprocess.run(["sh", "-c", line], check=True, env=environment)
    finally:
        subprocess.run(["docker", "rmi", "--force", "data-auto"], check=True, env=environment)
    check_written(notebook.parent)


def test_none_mounts_nothing(engine: Engine, notebook: Path) -> None:
    outcome = containerize("run", str(notebook), "--data", "none")
    assert outcome.status == 1
    assert f"{notebook.parent}/data:data:ro" in outcome.stderr  # seen from where this was typed
    assert [*(notebook.parent / "out").iterdir()] == []
    assert not (notebook.parent / "results").exists()


def test_a_file_that_is_missing_is_said_before_the_build(engine: Engine, notebook: Path) -> None:
    (notebook.parent / "data/in.txt").unlink()
    outcome = containerize("run", str(notebook), "--json")
    warning = next(event for event in outcome.events if event["type"] == "Warned")
    assert warning["message"] == "cell 1, line 3 reads 'data/in.txt', which does not exist."
    built = next(event for event in outcome.events if event.get("step") == "build")
    assert warning["seq"] < built["seq"]
    assert outcome.status == 1
