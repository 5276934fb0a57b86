"""A Jupyter server in a process of its own, which a test may kill."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

TOKEN = "a-token-of-the-tests"
_SECONDS_TO_START = 60


@dataclass(frozen=True, kw_only=True)
class RealServer:
    """A running one: ``process`` is killed by the test, or ended after it."""

    url: str
    process: subprocess.Popen[bytes]

    def ask(self, path: str, body: Any = None, method: str | None = None, *, timeout: float = 30) -> Any:
        """Return the JSON, else the text, that the extension answers with; raises URLError where it refuses."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {TOKEN}"}
        request = Request(f"{self.url}/containerize/{path}", data=data, headers=headers, method=method)  # noqa: S310
        with urlopen(request, timeout=timeout) as answer:  # noqa: S310 - of the address above
            text = answer.read().decode()
            return json.loads(text) if answer.headers.get_content_type() == "application/json" and text else text

    def kill(self) -> None:
        """End it at once, as a crash does."""
        self.process.kill()
        self.process.wait()


@contextmanager
def real_server(root: Path, log: Path, *, env: Mapping[str, str] | None = None) -> Iterator[RealServer]:
    """Start a server for the folder ``root``, on a free port, and wait until it answers; ``env`` are its variables."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "jupyter_server", f"--ServerApp.root_dir={root}", f"--port={port}",
        "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}", "--ServerApp.open_browser=False",
        "--ServerApp.allow_root=True", "--ServerApp.jpserver_extensions={'jupyter_docker': True}",
    ]  # fmt: skip
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=root, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    server = RealServer(url=f"http://127.0.0.1:{port}", process=process)
    try:
        _wait(server, log)
        yield server
    finally:
        server.kill()


def _wait(server: RealServer, log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while server.process.poll() is None and time.monotonic() < deadline:
        try:
            server.ask("jobs")
        except (URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the server did not start:\n{log.read_text()[-3000:]}")


def state_of(server: RealServer, job: str) -> str:
    """Return the state of a job."""
    return str(server.ask(f"jobs/{job}")["state"])
