"""A package that has no wheel is built in the image where a person allows it, and nowhere else."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.images.store import list_images, remove_image
from tests.engine.command import Outcome, containerize
from tests.unit.freeze.package_index import add_sdist, serve

pytestmark = pytest.mark.engine


@pytest.fixture
def notebook(engine: Engine, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / f"sourced-{secrets.token_hex(4)}.ipynb"
    cell: dict[str, object] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    sources = ["%pip install sourced", "import sourced\nprint(sourced.NAME)"]
    cells = [{**cell, "id": f"c{number}", "source": source} for number, source in enumerate(sources)]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    yield path
    for image in list_images(engine, scope="made"):
        if image.reference.repository == path.stem:
            remove_image(engine, str(image.reference))


def ran(index: Path, notebook: Path, *words: str, requires: tuple[str, ...] = ()) -> Outcome:
    add_sdist(index, "sourced", "1.0", runs=f"open({str(index / 'ran')!r}, 'w')", requires=requires)
    with serve(index) as url:
        return containerize("run", str(notebook), *words, env={"UV_INDEX": url, "PLANTED": "planted"})


def test_it_is_said_with_the_cell_and_built_in_the_image_when_allowed(notebook: Path, tmp_path: Path) -> None:
    outcome = ran(tmp_path, notebook)
    assert outcome.status == 73
    assert "has 'sourced' only as source" in outcome.stderr
    assert "(cell 1: %pip install sourced)" in outcome.stderr
    assert "--allow-build sourced" in outcome.stderr
    (tmp_path / "simple/sourced/index.html").unlink()
    allowed = ran(tmp_path, notebook, "--allow-build", "sourced")
    assert (allowed.status, allowed.stdout) == (85, ""), "its script can't write to this machine's folder"
    assert "No such file or directory" in allowed.stderr
    assert not (tmp_path / "ran").exists()


def test_what_it_needs_is_read_and_asked_for(notebook: Path, tmp_path: Path) -> None:
    add_sdist(tmp_path, "sourced", "1.0", requires=("six>=1",))
    with serve(tmp_path) as url:
        words = ("run", str(notebook), "--allow-build", "sourced")
        outcome = containerize(*words, env={"UV_INDEX": url})
        assert outcome.status == 73
        assert "'sourced', which is built from source, needs 'six>=1' as well." in outcome.stderr
        assert "--with 'six>=1'" in outcome.stderr
        outcome = containerize(*words, "--with", "six>=1", env={"UV_INDEX": url})
        assert (outcome.status, outcome.stdout) == (0, "sourced\n"), outcome.stderr
