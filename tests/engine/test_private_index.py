"""A private index behind a password, a CA bundle and proxies reach the build; nothing of them stays in the image."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from uv import find_uv_bin

from jupyter_docker.engine.connection.engine import Engine
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


@pytest.fixture
def notebook(index: str, tmp_path: Path) -> tuple[Path, Path]:
    """A notebook that needs the package of the index, and the Python that has it."""
    python = tmp_path / "venv/bin/python"
    subprocess.run([find_uv_bin(), "venv", "-q", str(tmp_path / "venv")], check=True)
    wheel = next((tmp_path / "index").rglob("*.whl"))
    subprocess.run([find_uv_bin(), "pip", "install", "-q", "--python", str(python), str(wheel)], check=True)
    forget_origin(tmp_path / "venv")
    path = tmp_path / "cook.ipynb"
    cell: dict[str, object] = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None}
    cell["source"] = "import secret_sauce\nprint(secret_sauce.FLAVOUR)"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))
    return path, python


def test_nothing_secret_stays_in_the_image(
    engine: Engine, index: str, notebook: tuple[Path, Path], tmp_path: Path
) -> None:
    path, python = notebook
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
        "run", str(path), "--python", str(python), "-t", "cook:test", "--no-cache", "--verbose", env=environment
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


MOMENTS = ('"step": "freeze"', '"StepFinished", "step": "freeze"', '"step": "build"', "RUN", "COPY app")


def test_nothing_secret_outlives_a_killed_process(
    engine: Engine, index: str, notebook: tuple[Path, Path], tmp_path: Path
) -> None:
    path, python = notebook
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (tmp_path / "pip.conf").write_text(f"[global]\nindex-url = {index}\n")
    given = {"PIP_CONFIG_FILE": str(tmp_path / "pip.conf"), "TMPDIR": str(scratch)}
    private = {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CACHE", "STATE", "CONFIG", "DATA")}
    environment = {**os.environ, **given, **private}
    command = [sys.executable, "-m", "jupyter_docker", "build", str(path), "--python", str(python)]
    try:
        for moment in MOMENTS:
            seen = kill_at(moment, [*command, "--no-cache", "--json"], environment)
            assert moment in seen, seen
            assert holding(TOKEN, tmp_path) == {tmp_path / "pip.conf"}
        done = subprocess.run(command, env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    finally:
        for image in engine.client.images.list("cook"):
            engine.client.images.remove(str(image.id), force=True)
    assert [*scratch.iterdir()] == []
    assert holding(TOKEN, tmp_path) == {tmp_path / "pip.conf"}


def kill_at(moment: str, command: list[str], environment: dict[str, str]) -> str:
    """Kill the command when it prints ``moment``; return what it printed."""
    seen = ""
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            seen += line
            if moment in line:
                break
        process.kill()
    return seen


def holding(token: str, folder: Path) -> set[Path]:
    """Return the files in which the token stands."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path for path in files if token.encode() in path.read_bytes()}


def forget_origin(venv: Path) -> None:
    """Make the wheel look as if it came from the index: without the address of the file it was."""
    for record in venv.rglob("secret_sauce-*/direct_url.json"):
        record.unlink()


def system_certificates() -> bytes:
    import ssl

    return Path(ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt").read_bytes()
