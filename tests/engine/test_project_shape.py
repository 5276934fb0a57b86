"""A notebook deep in its project finds in the image what it finds here: by names, by climbing, by links."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from jupyter_docker.engine.connection.engine import Engine
from tests.engine.command import containerize

pytestmark = pytest.mark.engine

# Each cell raises where the image has another shape.
CELLS = (
    "import os, sys\nfrom pathlib import Path\nassert Path.cwd().name == 'note books', Path.cwd()",
    "near, far = Path('../data/near.txt').read_text(), Path('../../data/far.txt').read_text()\nassert near != far",
    "sys.path.append('../../src')\nimport settings\nassert (settings.ROOT / 'data/far.txt').read_text() == far",
    (
        "root = Path.cwd()\nwhile not (root / '.git').exists():\n    root = root.parent\n"
        "assert (root / 'data' / 'far.txt').read_text() == far"
    ),
    (
        "def find_root():\n    for folder in [Path.cwd(), *Path.cwd().parents]:\n"
        "        if (folder / 'pyproject.toml').exists():\n            return folder\n"
        "(find_root() / 'reports' / 'made.txt').write_text('made')"
    ),
    (
        "top = next(up for up in Path.cwd().parents if (up / 'data').is_dir() and (up / 'setup.cfg').exists())\n"
        "assert (top / 'store' / 'kept.txt').read_text() == 'kept'"
    ),
    "assert Path('../data/relative').read_text() == Path('../data/absolute').read_text() == 'kept'",
    (
        "before = os.getcwd()\nwhile not os.path.isfile('setup.cfg'):\n    os.chdir('..')\n"
        "assert open('data/far.txt').read() == far\nos.chdir(before)\nPath('../loose.txt').write_text('loose')"
    ),
)
WORDS = {
    "setup.cfg": "", "pyproject.toml": "", "data/far.txt": "far", "analysis/data/near.txt": "near",
    "store/kept.txt": "kept", "src/settings.py": "from pathlib import Path\nROOT = Path(__file__).parents[1]\n",
}  # fmt: skip


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    for folder in (".git", "reports", "analysis/note books"):
        (project / folder).mkdir(parents=True)
    for name, text in WORDS.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    (project / "analysis/data/relative").symlink_to("../../store/kept.txt")
    (project / "analysis/data/absolute").symlink_to(project / "store/kept.txt")
    code = [{"cell_type": "code", "metadata": {}, "source": cell, "outputs": []} for cell in CELLS]
    path = project / "analysis/note books/deep-shape.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": code}))
    return path


@pytest.mark.parametrize("mode", ["script", "notebook"])
def test_a_nested_notebook_runs_unchanged(engine: Engine, notebook: Path, mode: str) -> None:
    outcome = containerize("run", str(notebook), "--mode", mode)
    assert outcome.status == 0, outcome.stderr
    made = notebook.parents[2] / "reports/made.txt"
    assert made.read_text() == "made"
    assert made.stat().st_uid == os.getuid()
    assert "1 file that no mount keeps: analysis/loose.txt" in outcome.stderr


def test_a_failure_is_found_in_its_cell_and_its_file_by_its_place(engine: Engine, notebook: Path) -> None:
    (notebook.parents[2] / "kept").mkdir()
    (notebook.parents[2] / "kept/x.txt").touch()
    document = json.loads(notebook.read_text())
    document["cells"] = document["cells"][:1]
    document["cells"].append({**document["cells"][0], "source": "name = 'kept'\nopen(f'../../{name}' + '/x.txt')"})
    notebook.write_text(json.dumps(document))
    outcome = containerize("run", str(notebook), "--data", "none", cwd=notebook.parents[2])
    assert outcome.status == 1
    assert "cell 2, line 2" in outcome.stderr
    assert "-v ./kept:/app/kept:ro" in outcome.stderr
