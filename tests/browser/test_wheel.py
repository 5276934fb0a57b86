"""What people install: the sdist's wheel in a new environment, with JupyterLab's token and XSRF check on."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jupyter_docker.engine.connection.engine import Engine
from tests.browser.lab import Lab
from tests.browser.serving import serve

REPOSITORY = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")
EXTENSION = "data/share/jupyter/labextensions/jupyter-containerize"

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build an sdist and, without node, the wheel from it."""
    folder = tmp_path_factory.mktemp("dist")
    nothing = tmp_path_factory.mktemp("path")
    uv("build", "--quiet", "--out-dir", str(folder), str(REPOSITORY), env={**os.environ, "PATH": str(nothing)})
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab in a new environment that has the wheel."""
    home = tmp_path_factory.mktemp("installed")
    python = home / "venv/bin/python"
    uv("venv", "--quiet", "--python", sys.executable, str(home / "venv"))
    uv("pip", "install", "--quiet", "--python", str(python), str(wheel), "jupyterlab", "ipykernel")
    with serve(str(python), home) as lab:
        yield lab


def uv(*words: str, env: dict[str, str] | None = None) -> None:
    subprocess.run([UV, *words], check=True, env=env)


def test_the_wheel_has_the_extension_once_and_the_api(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    scripts = [name for name in names if "remoteEntry." in name and name.endswith(".js")]
    assert len(scripts) == 1
    assert f"{EXTENSION}/static/remoteEntry." in scripts[0]
    for expected in (f"{EXTENSION}/install.json", f"{EXTENSION}/schemas/jupyter-containerize/plugin.json"):
        assert sum(name.endswith(expected) for name in names) == 1
    assert "jupyter_docker/server/openapi.yaml" in names
    assert not [name for name in names if "node_modules" in name or name.startswith(("tests/", "labextension/"))]


def test_what_jupyterlab_loads_at_start_is_small(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        scripts = [name for name in archive.namelist() if f"{EXTENSION}/static/" in name and name.endswith(".js")]
        sizes = [len(gzip.compress(archive.read(name))) for name in scripts]
    # All of it is loaded at start so far; a chunk that comes later would not count.
    assert 0 < sum(sizes) < 60 * 1024


def test_one_click_runs_a_notebook(installed: Lab, page: Page, engine: Engine) -> None:
    path = installed.write("hello", "print('Hello from the container')")
    installed.open(page, path)
    page.get_by_role("button", name="Containerize").click()
    panel = page.locator("#jupyter-containerize-panel")
    lines = panel.locator(".jp-Containerize-logText")
    expect(lines).to_contain_text("Hello from the container")
    expect(panel.locator(".jp-Containerize-done")).to_be_visible()
    assert (lines.text_content() or "").count("Hello from the container") == 1
    installed.end_kernel(path)
