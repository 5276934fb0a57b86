"""Libraries and programs that the base image lacks are in the image, and the notebook runs with them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from uv import find_uv_bin

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.images.base_system import base_system
from jupyter_docker.engine.images.store import find_image
from jupyter_docker.freeze.system.table import system_table
from tests.engine.command import containerize

pytestmark = pytest.mark.engine


def write(path: Path, *cells: str) -> Path:
    code = [{"cell_type": "code", "metadata": {}, "source": cell, "outputs": []} for cell in cells]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": code}))
    return path


def test_what_the_base_image_has(engine: Engine, base: str) -> None:
    image = find_image(engine, base)
    assert image is not None
    found = base_system(engine, image)
    assert found == base_system(engine, image)
    assert found is not None
    assert found.release == "bookworm"
    assert found.has_apt
    assert found.libraries >= system_table().base_libraries
    assert {"python", "ls"} <= found.programs
    # What an image of this kind lacks is what the table is for.
    assert not found.libraries & system_table().libraries.keys() - system_table().base_libraries


def test_a_notebook_runs_with_a_library_and_a_program(engine: Engine, tmp_path: Path) -> None:
    python = tmp_path / "environment"
    for words in (
        ["venv", "--python", sys.executable, str(python)],
        ["pip", "install", "--python", str(python), "python-magic==0.4.27"],
    ):
        subprocess.run([find_uv_bin(), *words, "--quiet"], check=True)
    cells = (
        "import magic\nprint(magic.from_buffer(b'%PDF-1.4', mime=True))",
        "import os\nassert os.system('jq -n 6*7') == 0",
    )
    path = write(tmp_path / "libraries.ipynb", *cells)
    outcome = containerize("run", str(path), "--python", str(python))
    assert (outcome.status, outcome.stdout) == (0, "application/pdf\n42\n"), outcome.stderr
    assert "2 system packages (jq, libmagic1)" in outcome.stderr
    why = containerize("freeze", "--why", str(path), "--python", str(python))
    assert "python-magic needs libmagic.so.1" in why.stdout
    chosen = containerize(
        "freeze", "--why", str(path), "--python", str(python), "--no-apt", "libmagic1", "--apt", "file"
    )
    assert "libmagic1" not in chosen.stdout
    assert "file" in chosen.stdout
