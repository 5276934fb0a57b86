"""Environments to freeze: real ones, made once a session from small packages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from uv import find_uv_bin

from jupyter_docker.freeze.environment.inspection import inspect_environment
from jupyter_docker.values.environment import PythonEnvironment

PACKAGES = [
    "attrs==25.3.0", "backports.tarfile==1.2.0", "python-dateutil==2.9.0.post0", "pytz==2025.2", "ruamel.yaml==0.18.10",
    "setuptools==80.9.0", "six==1.16.0", "zope.event==5.0", "zope.interface==7.2",
]  # fmt: skip

VenvFactory = Callable[[Sequence[str]], Path]


@pytest.fixture
def cold_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The freeze's cache folder, empty; uv keeps its own."""
    uv_cache = subprocess.run([find_uv_bin(), "cache", "dir"], capture_output=True, text=True, check=True)
    monkeypatch.setenv("UV_CACHE_DIR", uv_cache.stdout.strip())
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache/jupyter-containerize"


@pytest.fixture(scope="session")
def make_venv(tmp_path_factory: pytest.TempPathFactory) -> VenvFactory:
    """A function from pip's arguments to a new virtual environment's folder."""

    def make(packages: Sequence[str]) -> Path:
        folder = tmp_path_factory.mktemp("venvs") / "venv"
        subprocess.run([find_uv_bin(), "venv", "-q", "--python", sys.executable, str(folder)], check=True)
        if packages:
            command = [find_uv_bin(), "pip", "install", "-q", "--python", str(folder), *packages]
            subprocess.run(command, check=True)
        return folder

    return make


@pytest.fixture(scope="session")
def venv(make_venv: VenvFactory) -> Path:
    """The folder of a virtual environment with PACKAGES; to be read only."""
    return make_venv(PACKAGES)


@pytest.fixture(scope="session")
def environment(venv: Path) -> PythonEnvironment:
    """What is installed in ``venv``."""
    return inspect_environment(python=venv)
