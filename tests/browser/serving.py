"""A JupyterLab server with folders of its own, from any environment that has JupyterLab."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser.lab import Lab
from tests.browser.pictures import TAKING

_SECONDS_TO_START, _SECONDS_TO_END = 120, 10
_TOKEN = "token-of-the-browser-tests"
_FLAGS = [
    "--no-browser", "--allow-root", "--ServerApp.port_retries=0", "--ServerApp.ip=127.0.0.1",
    f"--IdentityProvider.token={_TOKEN}",
]  # fmt: skip
_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
    "@jupyterlab/apputils-extension:themes": {"theme": "JupyterLab Light"},
}


@contextmanager
def serve(python: str, home: Path) -> Iterator[Lab]:
    """Run JupyterLab with ``python``; its root is an empty folder, what its kernels log and set stays in ``home``."""
    root = home / "notebooks"
    root.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [python, "-m", "jupyterlab", *_FLAGS, f"--port={port}", f"--ServerApp.root_dir={root}"]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **_folders(home)}, cwd=root)
    try:
        lab = Lab(root=root, url=f"http://127.0.0.1:{port}", token=_TOKEN, state=_state(home))
        _await(lab, process, home / "server.log")
        yield lab
    finally:
        _end(process)


def _state(home: Path) -> Path:
    """Where logs go; pictures show the folder that people have."""
    return Path.home() / ".local/state" if TAKING else home / "state"


def _folders(home: Path) -> Mapping[str, str]:
    settings = home / "config/labconfig/default_setting_overrides.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(_SETTINGS))
    own = {
        "JUPYTER_CONFIG_DIR": home / "config", "JUPYTER_DATA_DIR": home / "data", "JUPYTER_RUNTIME_DIR": home / "run",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings", "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
        "IPYTHONDIR": home / "ipython", "XDG_STATE_HOME": _state(home),
    }  # fmt: skip
    return {name: str(folder) for name, folder in own.items()}


def _await(lab: Lab, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        if lab.answers():
            return
        time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
