"""What Schemathesis makes of openapi.yaml, valid and not, is answered by a running server as it says there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.server import schema
from tests.server.real_server import TOKEN, RealServer, real_server

_DESCRIPTION = Path(schema.__file__).with_name("openapi.yaml")
_CONFIG = Path(__file__).with_name("schemathesis.toml")


def failures(server: RealServer, folder: Path, *arguments: str) -> str:
    """Return what was found, empty where that is nothing; the same requests are made each time."""
    command: list[str | Path] = [
        Path(sys.executable).with_name("schemathesis"), f"--config-file={_CONFIG}", "--no-color", "run", _DESCRIPTION,
        f"--url={server.url}/containerize", f"--header=Authorization: token {TOKEN}", "--seed=1", *arguments,
    ]  # fmt: skip
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def server_root(folder: Path, *, notebook: bool) -> Path:
    """Make a folder for a server, with the notebook that the description's examples name."""
    root = folder / "served"
    root.mkdir()
    if notebook:
        text = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
        (root / "analysis.ipynb").write_text(text)
    return root


# Each plan and job of a notebook that is there is a process, so only a few requests name one.
@pytest.mark.parametrize(("phases", "notebook"), [("coverage,fuzzing", False), ("examples,stateful", True)])
def test_all_is_answered_as_it_is_described(
    phases: str, notebook: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")  # so that nothing can be removed
    with real_server(server_root(tmp_path, notebook=notebook), tmp_path / "log") as server:
        if found := failures(server, tmp_path, f"--phases={phases}", "--max-examples=12", "--continue-on-failure"):
            pytest.fail(found)
    assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.engine
def test_what_the_engine_has_is_answered_as_it_is_described(engine: Engine, tmp_path: Path) -> None:
    # Filters that include add up: a path beside the method would let requests through that remove images.
    read = ["--include-method=GET", "--exclude-path-regex=^/(jobs|watch|doctor)", "--phases=coverage,fuzzing"]
    with real_server(server_root(tmp_path, notebook=False), tmp_path / "log") as server:
        if found := failures(server, tmp_path, *read, "--max-examples=5", "--continue-on-failure"):
            pytest.fail(found)
