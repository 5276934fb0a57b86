"""A kernel in a container under Jupyter Server, as JupyterLab has it: over its websocket, restarted, and orphaned."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from tornado.websocket import websocket_connect

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.containers.listing import list_containers
from tests.engine.kernel.kernels import TEST_LABEL, Registered, await_nothing_left, await_that

pytestmark = pytest.mark.engine


@dataclass(frozen=True, kw_only=True)
class Server:
    """A Jupyter Server; ``folder`` is where it says how to reach it, ``log`` what it printed."""

    process: subprocess.Popen[bytes]
    token: str
    folder: Path
    log: Path

    @property
    def url(self) -> str:
        (file,) = self.folder.glob("jpserver-*.json")
        return str(json.loads(file.read_text())["url"])

    def answers(self) -> bool:
        """Whether it listens: it says how to reach it a little before."""
        try:
            self.ask("GET", "api/status")
        except (OSError, ValueError):
            return False
        return True

    def ask(self, method: str, path: str, body: dict[str, str] | None = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        request = Request(f"{self.url}{path}?token={self.token}", data=data, method=method)  # noqa: S310
        with urlopen(request, timeout=60) as answer:  # noqa: S310
            text = answer.read()
        return json.loads(text) if text else None

    def run(self, kernel: str, code: str) -> str:
        """Run a cell over a websocket and return what it printed."""
        return asyncio.run(self._run(kernel, code))

    async def _run(self, kernel: str, code: str) -> str:
        url = f"{self.url.replace('http', 'ws', 1)}api/kernels/{kernel}/channels?token={self.token}"
        socket = await websocket_connect(url)
        header = {"msg_id": uuid4().hex, "msg_type": "execute_request", "session": uuid4().hex, "version": "5.4"}
        header |= {"username": "", "date": "2024-01-01T00:00:00Z"}
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": True}
        whole = {"header": header, "content": content, "channel": "shell", "parent_header": {}, "metadata": {}}
        await socket.write_message(json.dumps(whole))
        printed: str = ""
        while True:
            said = json.loads(await socket.read_message() or "{}")
            if said.get("parent_header", {}).get("msg_id") != header["msg_id"]:
                continue
            printed += said["content"].get("text", "")
            if said["content"].get("execution_state") == "idle":
                socket.close()
                while await socket.read_message() is not None:  # until the server has closed it too
                    pass
                return printed


@pytest.fixture
def server(registered: Registered, tmp_path: Path) -> Iterator[Server]:
    token, log = secrets.token_hex(8), tmp_path / "server.log"
    environ = {**os.environ, "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"), "JUPYTER_TOKEN": token}
    words = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root", "--ServerApp.port=0"]
    with log.open("wb") as file:
        process = subprocess.Popen(
            words, stdout=file, stderr=file, env=environ, cwd=registered.notebook.parent, start_new_session=True
        )
    try:
        found = Server(process=process, token=token, folder=tmp_path / "runtime", log=log)
        await_that(found.answers, "the server did not start")
        yield found
    finally:
        process.kill()
        process.wait()


def containers(engine: Engine, label: str) -> list[str]:
    return [one.id for one in list_containers(engine) if one.labels.get(TEST_LABEL) == label]


def test_cells_interrupt_restart_and_the_end(server: Server, registered: Registered, engine: Engine) -> None:
    kernel = server.ask("POST", "api/kernels", {"name": registered.kernel.name})["id"]
    assert server.run(kernel, "import beside; kept = beside.ANSWER; print(kept)") == "42\n"
    server.ask("POST", f"api/kernels/{kernel}/interrupt", {})
    assert server.run(kernel, "print(kept)") == "42\n"
    server.ask("POST", f"api/kernels/{kernel}/restart", {})
    assert server.run(kernel, "print('kept' in globals())") == "False\n"
    server.ask("DELETE", f"api/kernels/{kernel}")
    await_nothing_left(engine, registered.label, server.process.pid)


def test_a_kernel_that_dies_is_started_again_and_the_log_says_why(
    server: Server, registered: Registered, engine: Engine
) -> None:
    kernel = server.ask("POST", "api/kernels", {"name": registered.kernel.name})["id"]
    assert server.run(kernel, "print(1)") == "1\n"
    (before,) = containers(engine, registered.label)
    subprocess.run(["docker", "kill", before], check=True, capture_output=True)
    await_that(lambda: containers(engine, registered.label) not in ([], [before]), "it was not started again")
    assert server.run(kernel, "print(2)") == "2\n"
    assert "The kernel was killed from outside (exit status 137)." in server.log.read_text()


def test_a_start_that_fails_says_why_to_the_browser(
    server: Server, registered: Registered, engine: Engine, tmp_path: Path
) -> None:
    broken = json.loads((registered.kernel.folder / "kernel.json").read_text())
    broken["metadata"]["kernel_provisioner"]["config"]["image"] = "gone:1"
    folder = registered.kernel.folder.parent / "broken-container"
    folder.mkdir()
    (folder / "kernel.json").write_text(json.dumps(broken))
    with pytest.raises(OSError, match="500") as caught:
        server.ask("POST", "api/kernels", {"name": "broken-container"})
    assert "The engine has no image 'gone:1'." in caught.value.read().decode()  # type: ignore[attr-defined]
    await_nothing_left(engine, registered.label, server.process.pid)


def test_a_server_that_is_killed_leaves_nothing(server: Server, registered: Registered, engine: Engine) -> None:
    for _ in range(2):
        server.ask("POST", "api/kernels", {"name": registered.kernel.name})
    assert len(containers(engine, registered.label)) == 2
    server.process.kill()
    server.process.wait()
    await_nothing_left(engine, registered.label, server.process.pid)
