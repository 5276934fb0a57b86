"""A private index behind a password, a CA bundle and proxies reach the build; nothing of them stays in the image."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from uv import find_uv_bin

from jupyter_docker.engine import Engine
from tests.engine.command import containerize

pytestmark = pytest.mark.engine

TOKEN = "planted-index-token"
CA_TOKEN = b"planted-ca-token"
PROXY_TOKEN = "planted-proxy-token"
NETRC_TOKEN = "planted-netrc-token"

# Serves a folder to those who know the password. In a container, since this machine and the build must both reach it.
SERVER = f"""
import base64, functools, http.server
expected = "Basic " + base64.b64encode(b"user:{TOKEN}").decode()
class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.headers.get("Authorization") == expected:
            return super().do_GET()
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="index"')
        self.send_header("Content-Length", "0")
        self.end_headers()
handler = functools.partial(Handler, directory="/index")
http.server.ThreadingHTTPServer(("", 8000), handler).serve_forever()
"""


def write_wheel(index: Path) -> Path:
    now = str(time.time_ns())  # the caches of uv and of the build know a page and a file by their address
    page = index / now / "simple" / "secret-sauce"
    page.mkdir(parents=True)
    version = f"1.0.{now}"
    wheel = page / f"secret_sauce-{version}-py3-none-any.whl"
    info = f"secret_sauce-{version}.dist-info"
    contents = {
        "secret_sauce.py": "FLAVOUR = 'umami'\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: secret-sauce\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": f"secret_sauce.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in contents.items():
            archive.writestr(name, text)
    (page / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
    return wheel


@pytest.fixture
def index(engine: Engine, base: str, tmp_path: Path) -> Iterator[str]:
    """The URL of the private index, its password in it."""
    now = write_wheel(tmp_path / "index").relative_to(tmp_path / "index").parts[0]
    server = engine.client.containers.run(
        base, ["python", "-c", SERVER], detach=True, volumes={str(tmp_path / "index"): {"bind": "/index", "mode": "ro"}}
    )
    try:
        server.reload()
        address = server.attrs["NetworkSettings"]["Networks"]["bridge"]["IPAddress"]
        await_server(f"http://{address}:8000/")
        yield f"http://user:{TOKEN}@{address}:8000/{now}/simple"
    finally:
        server.remove(force=True)


def await_server(url: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(url, timeout=5)  # noqa: S310  # our own server
        except urllib.error.HTTPError:
            return  # 401: it answers
        except OSError:
            time.sleep(0.05)
    pytest.fail("the index server did not start")


def test_nothing_secret_stays_in_the_image(engine: Engine, index: str, tmp_path: Path) -> None:
    python = tmp_path / "venv/bin/python"
    subprocess.run([find_uv_bin(), "venv", "-q", str(tmp_path / "venv")], check=True)
    wheel = next((tmp_path / "index").rglob("*.whl"))
    subprocess.run([find_uv_bin(), "pip", "install", "-q", "--python", str(python), str(wheel)], check=True)
    forget_origin(tmp_path / "venv")
    notebook = tmp_path / "cook.ipynb"
    cell: dict[str, object] = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None}
    cell["source"] = "import secret_sauce\nprint(secret_sauce.FLAVOUR)"
    notebook.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))
    host = index.partition("@")[2].partition(":")[0]
    (tmp_path / "netrc").write_text(f"machine nowhere.invalid login me password {NETRC_TOKEN}\n")
    (tmp_path / "ca.pem").write_bytes(b"# " + CA_TOKEN + b"\n" + system_certificates())
    environment = {
        "UV_DEFAULT_INDEX": index,
        "NETRC": str(tmp_path / "netrc"),
        "SSL_CERT_FILE": str(tmp_path / "ca.pem"),
        "HTTPS_PROXY": f"http://user:{PROXY_TOKEN}@127.0.0.1:9",
        "NO_PROXY": f"{host},127.0.0.1",
    }
    outcome = containerize(
        "run", str(notebook), "--python", str(python), "-t", "cook:test", "--no-cache", "--verbose", env=environment
    )
    assert outcome.status == 0, outcome.stderr
    assert outcome.stdout == "umami\n"
    image = engine.client.images.get("cook:test")
    try:
        found = json.dumps(image.history()) + json.dumps(image.attrs)
        archive = b"".join(image.save(chunk_size=2**20, named=True))
    finally:
        for tag in image.tags:
            engine.client.images.remove(tag)
    for token in (TOKEN, PROXY_TOKEN, NETRC_TOKEN, CA_TOKEN.decode()):
        assert token not in outcome.stderr + outcome.stdout
        assert token not in found
        assert token.encode() not in archive
    assert b"FLAVOUR = 'umami'" in archive  # so that a token in a layer would have been seen


def forget_origin(venv: Path) -> None:
    """Make the wheel look as if it came from the index: without the address of the file it was."""
    for record in venv.rglob("secret_sauce-*/direct_url.json"):
        record.unlink()


def system_certificates() -> bytes:
    import ssl

    return Path(ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt").read_bytes()
