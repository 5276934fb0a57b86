"""``open``: JupyterLab in the notebook's image, as a browser and its server's interface see it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import requests
from jupyter_client.session import Session
from tornado.websocket import websocket_connect

from jupyter_docker.engine.connection.engine import Engine

pytestmark = pytest.mark.engine

CELLS = (
    "from pathlib import Path\nprint(Path('../data/in.txt').read_text(), Path.cwd())",
    "import six\nprint(six.__version__)",
)


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    (tmp_path / "project/data").mkdir(parents=True)
    (tmp_path / "project/pyproject.toml").touch()
    (tmp_path / "project/data/in.txt").write_text("given")
    code: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "metadata": {},
            "source": cell,
            "outputs": [],
            "execution_count": None,
        }
        for number, cell in enumerate(CELLS)
    ]
    path = tmp_path / "project/notebooks/opened lab.ipynb"
    path.parent.mkdir()
    metadata = {"kernelspec": {"name": "my-env", "display_name": "Mine", "language": "python"}}
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": code}))
    return path


@contextmanager
def opened(notebook: Path, browser: str = "") -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Open it, and yield the command and the page's address; the command is killed in the end."""
    words = [sys.executable, "-m", "jupyter_docker", "open", str(notebook), "--python", sys.executable, "--json"]
    environment = {**os.environ, "BROWSER": browser}
    with subprocess.Popen(
        [*words, *([] if browser else ["--no-browser"])], stdout=subprocess.PIPE, text=True, env=environment
    ) as command:
        try:
            yield command, address(command)
        finally:
            command.kill()


def address(command: subprocess.Popen[str]) -> str:
    said = []
    for line in command.stdout or ():
        said.append(line)
        event = json.loads(line)
        if event.get("item") == "lab":
            return str(next(word for word in event["label"].split() if word.startswith("http")))
    raise AssertionError("".join(said))


def ask(url: str, path: str, method: str = "GET", body: Any = None) -> Any:
    """Ask the server's interface with the token of ``url``."""
    parts = urlsplit(url)
    headers = {"Authorization": f"token {parts.query.removeprefix('token=')}"}
    answer = requests.request(method, f"http://{parts.netloc}{path}", json=body, headers=headers, timeout=60)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def containers(engine: Engine, notebook: Path) -> list[str]:
    filters: dict[str, Any] = {"label": f"jupyter-containerize.notebook={notebook.name}"}
    return [str(each.id) for each in engine.client.containers.list(all=True, filters=filters)]


def await_none(engine: Engine, notebook: Path) -> None:
    until = time.monotonic() + 30
    while containers(engine, notebook) and time.monotonic() < until:
        time.sleep(0.1)
    assert containers(engine, notebook) == []


async def executed(url: str, kernel: str, code: str) -> str:
    """Return what ``code`` prints in the kernel."""
    parts, session = urlsplit(url), Session()
    socket = await websocket_connect(f"ws://{parts.netloc}/api/kernels/{kernel}/channels?{parts.query}")
    message = session.msg("execute_request", {"code": code, "silent": False})
    await socket.write_message(json.dumps({**message, "channel": "shell"}, default=str))
    printed = ""
    while True:
        answer = json.loads(await socket.read_message() or "{}")
        if answer["parent_header"].get("msg_id") != message["header"]["msg_id"]:
            continue
        if answer["msg_type"] in ("stream", "error"):
            printed += answer["content"].get("text") or "\n".join(answer["content"]["traceback"])
        if answer["msg_type"] == "status" and answer["content"]["execution_state"] == "idle":
            socket.close()
            while await socket.read_message() is not None:
                pass
            return printed


def test_the_notebook_is_open_in_its_image(engine: Engine, notebook: Path) -> None:
    with opened(notebook) as (command, url):
        assert "jupyter-config-data" in requests.get(url, timeout=60).text
        contents = url.replace("/lab/tree/", "/api/contents/")
        assert requests.get(contents, timeout=60).status_code == 200
        for wrong in (contents.partition("?")[0], f"{contents[:-4]}0000"):
            assert requests.get(wrong, timeout=60).status_code == 403
        assert urlsplit(url).hostname == "127.0.0.1"
        made = ask(url, "/api/sessions", "POST", {
            "path": notebook.name, "name": notebook.name, "type": "notebook", "kernel": {"name": "my-env"},
        })  # fmt: skip
        printed = [asyncio.run(executed(url, made["kernel"]["id"], cell)) for cell in CELLS]
        assert printed[0] == "given /app/notebooks\n"
        assert printed[1].strip()
        check_edit(url, notebook)
        (one,) = containers(engine, notebook)
        assert url.rpartition("=")[2] not in json.dumps(engine.client.api.inspect_container(one))
        command.send_signal(signal.SIGINT)
        assert command.wait(60) == 0
    assert containers(engine, notebook) == []


def test_no_list_of_processes_shows_the_token_that_the_browser_gets(notebook: Path, tmp_path: Path) -> None:
    browser, given = tmp_path / "browser", tmp_path / "given"
    browser.write_text(f"#!/bin/sh\nprintf %s \"$1\" > '{given}.new'; mv '{given}.new' '{given}'\n")
    browser.chmod(0o755)
    with opened(notebook, f"{browser} %s") as (command, url):
        while not given.exists():
            assert command.poll() is None
            time.sleep(0.05)
        page = Path(unquote(urlsplit(given.read_text()).path))
        assert url.rpartition("=")[2] not in given.read_text()
        assert page.stat().st_mode & 0o077 == page.parent.stat().st_mode & 0o077 == 0
        assert f"url={url}" in page.read_text()
        command.send_signal(signal.SIGINT)
        assert command.wait(60) == 0
    assert not page.parent.exists()


def check_edit(url: str, notebook: Path) -> None:
    """Save the notebook with another cell, as the editor does, and see it in the user's own file."""
    path = f"/api/contents/{notebook.name.replace(' ', '%20')}"
    model = ask(url, path)
    model["content"]["cells"][0]["source"] = "edited"
    ask(url, path, "PUT", {"type": "notebook", "format": "json", "content": model["content"]})
    assert json.loads(notebook.read_text())["cells"][0]["source"] == ["edited"]
    assert notebook.stat().st_uid == os.getuid()


def test_it_ends_with_a_command_that_is_killed(engine: Engine, notebook: Path) -> None:
    with opened(notebook) as (command, _):
        assert len(containers(engine, notebook)) == 1
        command.kill()
    await_none(engine, notebook)


def test_it_ends_when_it_is_shut_down_from_within(engine: Engine, notebook: Path) -> None:
    with opened(notebook) as (command, url):
        ask(url, "/api/shutdown", "POST")
        assert command.wait(60) == 0
    assert containers(engine, notebook) == []
