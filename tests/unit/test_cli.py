"""The command where its streams are not what it expects; these verbs need no engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

FULL = Path("/dev/full")


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    path = tmp_path / "empty.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}))
    return path


def freeze(notebook: Path, *words: str, stdout: int, before: Callable[[], None] | None = None) -> tuple[int, str]:
    command = [sys.executable, "-m", "jupyter_docker", "freeze", str(notebook), *words]
    done = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False, preexec_fn=before)
    return done.returncode, done.stderr


def test_a_closed_stdout_is_no_error(notebook: Path) -> None:
    status, said = freeze(notebook, stdout=subprocess.DEVNULL, before=lambda: os.close(1))
    assert (status, "Traceback" in said) == (0, False)
    assert "0 packages pinned" in said


def test_a_base_image_is_named_with_its_digest_in_the_labels(notebook: Path, tmp_path: Path) -> None:
    digest = f"sha256:{'ab' * 32}"
    command = [sys.executable, "-m", "jupyter_docker", "export", str(notebook), str(tmp_path / "context")]
    subprocess.run([*command, "--base", f"python:3.11-slim@{digest}"], check=True, capture_output=True)
    text = (tmp_path / "context/Dockerfile").read_text()
    assert f'org.opencontainers.image.base.digest="{digest}"' in text
    assert 'org.opencontainers.image.base.name="python:3.11-slim"' in text


@pytest.mark.parametrize("words", [[], ["--json"], ["--why"]])
def test_a_reader_that_left_is_no_error(notebook: Path, words: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        status, said = freeze(notebook, *words, stdout=writer)
    finally:
        os.close(writer)
    assert (status, "Broken" in said) == (0, False)


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [[], ["--json"], ["--why"]])
def test_a_full_disk_is_said_in_words(notebook: Path, words: list[str]) -> None:
    with FULL.open("w") as full:
        status, said = freeze(notebook, *words, stdout=full.fileno())
    assert (status, "Traceback" in said) == (1, False)
    assert said.count("error: The disk is full") == 1


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
def test_a_failure_that_can_not_be_written_as_json_is_said_in_words(notebook: Path) -> None:
    with FULL.open("w") as full:
        status, said = freeze(notebook.with_name("gone.ipynb"), "--json", stdout=full.fileno())
    assert status == 64
    assert said.startswith("error: There is no notebook")
