"""A JupyterLab server of our own and Debian's chromium, both for the whole session; a page for each test."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.lab import Lab
from tests.browser.pictures import TAKING
from tests.engine.conftest import engine
from tests.engine.spare import absent

__all__ = ["engine"]

_SECONDS_TO_START, _SECONDS_TO_END = 120, 10
_PATIENCE = 120_000  # milliseconds, for a first build on a busy machine
_TOKEN = "token-of-the-browser-tests"
_PORT_FLAGS = ["--ServerApp.port_retries=0", "--ServerApp.ip=127.0.0.1", f"--IdentityProvider.token={_TOKEN}"]
# Chromium stays off the network, and draws the same everywhere.
_FLAGS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-color-profile=srgb", "--hide-scrollbars",
]  # fmt: skip
_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
    "@jupyterlab/apputils-extension:themes": {"theme": "JupyterLab Light"},
}


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A server whose root is an empty folder; what the kernels log and set stays in a folder of the test's."""
    home = tmp_path_factory.mktemp("lab")
    root = home / "notebooks"
    root.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with _server(home, root, port) as process:
        found = Lab(root=root, url=f"http://127.0.0.1:{port}", token=_TOKEN, state=_state(home))
        _await(found, process, home / "server.log")
        yield found


def _state(home: Path) -> Path:
    """Where logs go; pictures show the folder that people have."""
    return Path.home() / ".local/state" if TAKING else home / "state"


@contextmanager
def _server(home: Path, root: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    settings = home / "config/labconfig/default_setting_overrides.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(_SETTINGS))
    own = {
        "JUPYTER_CONFIG_DIR": home / "config", "JUPYTER_DATA_DIR": home / "data", "JUPYTER_RUNTIME_DIR": home / "run",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings", "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
        "IPYTHONDIR": home / "ipython", "XDG_STATE_HOME": _state(home),
    }  # fmt: skip
    environment = {**os.environ, **{name: str(folder) for name, folder in own.items()}}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", *_PORT_FLAGS]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen([*command, f"--ServerApp.root_dir={root}"], stdout=log, stderr=log, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(lab: Lab, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        if lab.answers():
            return
        time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    path = shutil.which("chromium")
    if path is None:
        absent("chromium is not installed: make browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


@contextmanager
def new_page(browser: Browser) -> Iterator[Page]:
    """A window with nothing stored."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, device_scale_factor=2)
    page.set_default_timeout(_PATIENCE)
    expect.set_options(timeout=_PATIENCE)
    yield page
    page.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window of the test's own."""
    with new_page(browser) as page:
        yield page
