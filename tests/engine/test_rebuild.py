"""A notebook that is edited and run again."""

from __future__ import annotations

import io
import json
import secrets
from pathlib import Path

import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.images.store import list_images, remove_image
from tests.engine.command import containerize

pytestmark = pytest.mark.engine


def write(path: Path, word: str) -> None:
    cell: dict[str, object] = {"cell_type": "code", "id": "one", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**cell, "source": f"print({word!r})"}]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))


def test_an_edit_of_the_same_length_is_in_the_next_image(engine: Engine, tmp_path: Path) -> None:
    notebook = tmp_path / f"rebuilt-{secrets.token_hex(4)}.ipynb"
    try:
        for word in (secrets.token_hex(8), secrets.token_hex(8)):
            write(notebook, word)
            assert containerize("run", str(notebook)).stdout == f"{word}\n"
    finally:
        for image in list_images(engine, scope="made"):
            if image.reference.repository == notebook.stem:
                remove_image(engine, str(image.reference))


def test_a_local_base_that_is_made_anew_under_its_name_is_another_base(
    engine: Engine, base: str, tmp_path: Path
) -> None:
    notebook, name = tmp_path / f"based-{secrets.token_hex(4)}.ipynb", f"containerize-test/base:{secrets.token_hex(4)}"
    write(notebook, "hello")
    found: set[str] = set()
    try:
        for word in ("one", "two", "two"):
            dockerfile = f"FROM {base}\nRUN echo {word} > /word\n"
            engine.client.images.build(fileobj=io.BytesIO(dockerfile.encode()), tag=name, rm=True)
            outcome = containerize("build", str(notebook), "--base", name, "--json")
            assert outcome.status == 0, outcome.stderr
            found.add(outcome.events[-1]["facts"]["image"])
        assert len(found) == 2
    finally:
        for image in list_images(engine, scope="made"):
            if image.reference.repository == notebook.stem:
                remove_image(engine, str(image.reference))
        remove_image(engine, name, scope="all")
