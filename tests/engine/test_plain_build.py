"""The line that `export` prints, typed in a shell, where only this machine knows the index and its certificate."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from uv import find_uv_bin

from jupyter_docker.engine.connection.engine import Engine
from tests.engine.command import containerize
from tests.engine.test_private_index import forget_origin, write_wheel

pytestmark = pytest.mark.engine

# Serves a folder once its certificate is there. In a container, since this machine and the build must both reach it.
SERVER = """
import functools, http.server, os, ssl, time
while not os.path.exists("/tls/ready"):
    time.sleep(0.05)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("/tls/server.pem", "/tls/server.key")
server = http.server.ThreadingHTTPServer(("", 8443), functools.partial(
    http.server.SimpleHTTPRequestHandler, directory="/index"))
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
"""


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def make_certificates(folder: Path, address: str) -> None:
    """Make an authority of this test's own, and the server's certificate."""
    openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days",
            "2", "-subj", "/CN=Test authority", "-addext", "basicConstraints=critical,CA:TRUE")  # fmt: skip
    openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr",
            "-subj", "/CN=index")  # fmt: skip
    (folder / "names").write_text(f"subjectAltName=IP:{address}\n")
    openssl(folder, "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-out", "server.pem", "-days", "2", "-extfile", "names")  # fmt: skip
    (folder / "ready").touch()


@pytest.fixture
def index(engine: Engine, base: str, tmp_path: Path) -> Iterator[str]:
    """An index over TLS that has a package, and the installer that a plain build asks for."""
    wheel = write_wheel(tmp_path / "index")
    root = tmp_path / "index/simple"
    (root / "uv").mkdir(parents=True)
    shutil.copytree(wheel.parent, root / "secret-sauce")
    wanted = f"uv=={version('uv')}"
    subprocess.run(["pip", "download", "-q", "--no-deps", "-d", str(root / "uv"), wanted], check=True)
    links = "".join(f'<a href="{each.name}">{each.name}</a>' for each in (root / "uv").iterdir())
    (root / "uv/index.html").write_text(links)
    tls = tmp_path / "tls"
    tls.mkdir()
    mounts = {str(tmp_path / "index"): {"bind": "/index", "mode": "ro"}, str(tls): {"bind": "/tls", "mode": "ro"}}
    server = engine.client.containers.run(base, ["python", "-c", SERVER], detach=True, volumes=mounts)
    try:
        server.reload()
        address = server.attrs["NetworkSettings"]["Networks"]["bridge"]["IPAddress"]
        make_certificates(tls, address)
        yield f"https://{address}:8443/simple"
    finally:
        server.remove(force=True)


def await_index(index: str, authority: Path) -> None:
    asked = ["curl", "-sf", "--noproxy", "*", "--cacert", str(authority), "-o", "/dev/null", f"{index}/uv/"]
    for _ in range(200):
        if subprocess.run(asked, check=False).returncode == 0:
            return
        time.sleep(0.05)
    pytest.fail("the index did not start")


def test_the_printed_line_builds_where_certificates_and_an_index_are_needed(
    engine: Engine, index: str, tmp_path: Path
) -> None:
    authority = tmp_path / "tls/ca.pem"
    await_index(index, authority)
    python = tmp_path / "venv/bin/python"
    subprocess.run([find_uv_bin(), "venv", "-q", str(tmp_path / "venv")], check=True)
    wheel = next((tmp_path / "index/simple/secret-sauce").glob("*.whl"))
    subprocess.run([find_uv_bin(), "pip", "install", "-q", "--python", str(python), str(wheel)], check=True)
    forget_origin(tmp_path / "venv")
    cell: dict[str, object] = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None}
    cell["source"] = "import secret_sauce\nprint(secret_sauce.FLAVOUR)"
    notebook = tmp_path / "plain-line.ipynb"
    notebook.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))
    environment = {"UV_DEFAULT_INDEX": index, "SSL_CERT_FILE": str(authority), "NO_PROXY": "*"}

    done = containerize("export", str(notebook), "--python", str(python), "--json", cwd=tmp_path, env=environment)
    assert done.status == 0, done.stdout
    line = done.events[-1]["facts"]["build it"]
    assert f"id=ca,src={authority}" in line
    assert index not in "".join(
        path.read_text() for path in (tmp_path / "plain-line-container").rglob("*") if path.is_file()
    )
    built = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr[-3000:]
    try:
        ran = subprocess.run(["docker", "run", "--rm", "plain-line"], capture_output=True, text=True, check=True)
        assert ran.stdout == "umami\n"
    finally:
        engine.client.images.remove("plain-line")
