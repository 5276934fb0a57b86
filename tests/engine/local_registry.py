"""A real registry on the loopback that asks for a password."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.engine.spare import program

USER, PASSWORD = "penguin", "correct horse"
# That password's bcrypt hash, the only kind that the registry takes.
_HTPASSWD = f"{USER}:$2b$04$eMWuYmkSFo3z2iPD/WdKP.ZUjbaIDlfP0BkdHt22CxEUssEUgiBV.\n"
_SECONDS_TO_START = 20


@dataclass(frozen=True, kw_only=True)
class Registry:
    """``address`` is host:port; its log is in ``folder``."""

    address: str
    folder: Path

    def credentials(self, config: Path, *, user: str = USER, password: str = PASSWORD) -> None:
        """Write what `docker login` writes into the Docker configuration folder ``config``."""
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        (config / "config.json").write_text(json.dumps({"auths": {self.address: {"auth": token}}}))


@contextmanager
def local_registry(folder: Path) -> Iterator[Registry]:
    """Run a registry that keeps its data in ``folder``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    (folder / "htpasswd").write_text(_HTPASSWD)
    config = {
        "version": "0.1",
        "storage": {"filesystem": {"rootdirectory": str(folder / "data")}},
        "http": {"addr": address},
        "auth": {"htpasswd": {"realm": "test", "path": str(folder / "htpasswd")}},
    }
    (folder / "config.yml").write_text(json.dumps(config))  # YAML as well
    with (folder / "log").open("wb") as log:
        command = [program("docker-registry"), "serve", str(folder / "config.yml")]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _await(address, process, folder)
        yield Registry(address=address, folder=folder)
    finally:
        process.kill()
        process.wait()


def _await(address: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urlopen(f"http://{address}/v2/", timeout=5).close()
        except HTTPError as error:
            error.close()
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"the registry did not start:\n{(folder / 'log').read_text()[-2000:]}")
