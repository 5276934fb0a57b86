"""A frozen notebook is proved by running it: what is missing is added, kept, and not paid for twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from uv import find_uv_bin

from jupyter_docker.engine.connection.engine import Engine
from tests.engine.command import Outcome, containerize
from tests.engine.spare import PYTHON

pytestmark = pytest.mark.engine

# Said so that no reading of the code finds it.
HIDDEN = "import importlib\nprint(importlib.__dict__['import' + '_module']('tabulate').__name__)"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with packages of no dependencies."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    for words in (
        ["venv", "--python", sys.executable, str(folder)],
        ["pip", "install", "--python", str(folder), "six==1.16.0", "tabulate==0.9.0"],
    ):
        subprocess.run([find_uv_bin(), *words, "--quiet"], check=True)
    return folder


def write(path: Path, *cells: str) -> Path:
    code = [{"cell_type": "code", "metadata": {}, "source": cell, "outputs": []} for cell in cells]
    notebook = {"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook, indent=1) + "\n", encoding="utf-8")
    return path


def verified(path: Path, python: Path, verb: str = "build") -> Outcome:
    return containerize(verb, "--verify", str(path), "--python", str(python))


def test_what_is_missing_is_added_and_kept(engine: Engine, python: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "verified.ipynb", "import six", HIDDEN)
    before = path.read_text()
    outcome = verified(path, python)
    assert outcome.status == 0, outcome.stderr
    assert "tabulate is added: cell 2 failed without it." in outcome.stderr
    assert "it ran without network, in 2 runs" in outcome.stderr
    learned = {"requirements": ["tabulate  # verified: cell 2 failed without it"]}
    after = json.loads(path.read_text())
    assert after == {**json.loads(before), "metadata": {"containerize": learned}}

    outcome = verified(path, python)
    assert (outcome.status, outcome.stdout) == (0, "")
    assert "already built" in outcome.stderr
    assert "it ran without network, in one run" in outcome.stderr
    assert json.loads(path.read_text()) == after

    locked = verified(path, python, "freeze")
    assert locked.status == 0, locked.stderr
    assert "# verified: cell 2 failed without it\ntabulate==0.9.0" in locked.stdout
    assert locked.stdout.startswith(f"# Locked for Python {PYTHON}")


def test_a_library_of_the_system_is_added(engine: Engine, python: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "library.ipynb", "import ctypes\nctypes.CDLL('lib' + 'usb-1.0.so.0')")
    outcome = verified(path, python)
    assert outcome.status == 0, outcome.stderr
    learned = {"apt": ["libusb-1.0-0  # verified: cell 1 failed without it"]}
    assert json.loads(path.read_text())["metadata"] == {"containerize": learned}


def test_a_proof_changes_no_data(engine: Engine, python: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/x.txt").write_text("given")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/x.txt").write_text("old")
    cell = "open('out/x.txt', 'w').write(open('in/x.txt').read() + open('out/x.txt').read())"
    path = write(tmp_path / "data.ipynb", cell)
    outcome = verified(path, python)
    assert outcome.status == 0, outcome.stderr
    assert (tmp_path / "out/x.txt").read_text() == "old"


@pytest.mark.parametrize(
    ("cell", "needs"),
    [
        ("import urllib.request\nurllib.request.urlopen('http://example.org')", "needs the network"),
        ("open('no.csv')", "needs a file that is not there"),
        ("from json import nothing", "versions do not fit together"),
        ("1 / 0", "in a way that no package mends"),
    ],
)
def test_what_stands_in_the_way_is_said(cell: str, needs: str, engine: Engine, python: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "blocked.ipynb", "x = 1", cell)
    before = path.read_text()
    outcome = verified(path, python)
    assert outcome.status == 74
    assert "Verification stopped after 1 run: the notebook " in outcome.stderr
    assert needs in outcome.stderr
    assert "cell 2" in outcome.stderr
    assert path.read_text() == before
