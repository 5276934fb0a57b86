"""What is given to either builder, and what makes images differ."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_docker import pipeline
from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.image.context import context_digest
from jupyter_docker.pipeline import build_inputs, images
from jupyter_docker.values.choices import BuildChoices
from jupyter_docker.values.config import Defaults
from jupyter_docker.values.image import BuildContext, Image
from jupyter_docker.values.image_reference import ImageReference

pytestmark = pytest.mark.engine


@pytest.fixture
def choices(tmp_path: Path) -> BuildChoices:
    cell = {"cell_type": "code", "metadata": {}, "source": "import packaging"}
    path = tmp_path / "either-builder.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))
    return BuildChoices(notebook=path)


def test_a_classic_builder_gets_a_dockerfile_without_mounts(
    engine: Engine, choices: BuildChoices, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = []

    def build(_engine: Engine, context: BuildContext, **_options: object) -> Image:
        texts.append(context.dockerfile.read_text())
        return Image(id="", reference=ImageReference(repository="x"), size=0, platform="", labels={})

    monkeypatch.setattr(images, "build", build)
    classic = replace(engine)
    vars(classic)["buildx_program"] = None
    for builder in (engine, classic):
        pipeline.build_image(replace(choices, cache=False), builder, Defaults(), print)
    assert ["--mount=" in text for text in texts] == [True, False]
    assert all("pip install" in text for text in texts)


def test_without_a_cache_folder_the_image_is_built_all_the_same(
    engine: Engine, choices: BuildChoices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    given = []

    def build(*_: object, build_contexts: dict[str, Path], **_options: object) -> Image:
        given.append(dict(build_contexts))
        return Image(id="", reference=ImageReference(repository="x"), size=0, platform="", labels={})

    monkeypatch.setattr(images, "build", build)
    monkeypatch.setattr(build_inputs, "cache_folder", lambda: tmp_path / "file/cache")
    pipeline.build_image(replace(choices, cache=False), engine, Defaults(), print)
    assert [set(each) for each in given] == [{"uv", "wheelhouse"}]
    assert not any(path.exists() for each in given for path in each.values()), "nothing of it is left"


def test_two_platforms_never_share_a_tag(choices: BuildChoices) -> None:
    recipes = [
        pipeline.prepare(replace(choices, platform=one), Defaults(), print)
        for one in ("", "linux/arm64", "linux/amd64")
    ]
    alike = [replace(each, requirements=recipes[0].requirements) for each in recipes]
    assert len({context_digest(each, {}, mounts=True) for each in alike}) == len(recipes)
