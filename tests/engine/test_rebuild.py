"""A notebook that is edited and run again."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import pytest

from jupyter_docker.engine import Engine
from jupyter_docker.engine.images import list_images, remove_image
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
        for image in list_images(engine):
            if image.reference.repository == notebook.stem:
                remove_image(engine, str(image.reference))
