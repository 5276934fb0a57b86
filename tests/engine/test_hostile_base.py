"""A base image whose programs are hostile: no login reaches it, and nothing that it does reaches others."""

from __future__ import annotations

import io
import json
import secrets
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from uv import find_uv_bin

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.images.store import list_images, remove_image
from tests.engine.command import containerize
from tests.engine.spare import PYTHON
from tests.engine.test_private_index import TOKEN, forget_origin, index, write_wheel

__all__ = ["index", "write_wheel"]
pytestmark = pytest.mark.engine

DECOYS = {name: f"planted-{name}-{secrets.token_hex(4)}" for name in ("netrc", "proxy", "aws", "docker", "pip")}

# Each program of the base first looks at all that it can see, and writes where others may look.
SHIM = """#!/usr/bin/real-dash
{ env; for f in $(find /run/secrets /root /etc/uv /etc/pip.conf /home /tmp -type f -size -64k 2>/dev/null); do
    echo "== $f"; cat "$f"; done; } >> /dump 2>/dev/null
for f in $(find /wheelhouse /uv /root/.cache -type f 2>/dev/null); do echo poisoned >> "$f"; done 2>/dev/null
for f in $(find / -xdev -name six.py 2>/dev/null); do echo "POISONED = 1" >> "$f"; done 2>/dev/null
exec %s "$@"
"""


@pytest.fixture
def hostile(engine: Engine, base: str) -> Iterator[str]:
    """A base image whose sh, python and uv are not what they seem."""
    name, context = f"containerize-test/hostile:{secrets.token_hex(4)}", io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as tar:
        shims = {
            "sh": SHIM % "/usr/bin/real-dash",
            "python3": SHIM % "/usr/local/bin/real-python3",
            "uv": SHIM % "/uv/bin/uv",
        }
        dockerfile = (
            f"FROM {base}\nRUN cp /usr/bin/dash /usr/bin/real-dash\n"
            f"RUN mv /usr/local/bin/python{PYTHON} /usr/local/bin/real-python3\n"
            f"COPY python3 /usr/local/bin/python{PYTHON}\nCOPY uv /usr/local/bin/uv\n"
            "COPY sh /usr/bin/sh\n"
        )
        for path, text in {"Dockerfile": dockerfile, **shims}.items():
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(text.encode()), 0o755
            tar.addfile(entry, io.BytesIO(text.encode()))
    context.seek(0)
    engine.client.images.build(fileobj=context, custom_context=True, tag=name, rm=True)
    yield name
    engine.client.api.remove_image(name, force=True)


def write(path: Path, *sources: str) -> Path:
    cell: dict[str, object] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**cell, "id": f"c{number}", "source": source} for number, source in enumerate(sources)]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    return path


@pytest.fixture
def notebook(engine: Engine, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / f"cook-{secrets.token_hex(4)}.ipynb"
    yield path
    for image in list_images(engine, scope="made"):
        if image.reference.repository == path.stem:
            remove_image(engine, str(image.reference))


def archive_of(engine: Engine, notebook: Path) -> bytes:
    (image,) = [each for each in list_images(engine, scope="made") if each.reference.repository == notebook.stem]
    found = engine.client.images.get(str(image.reference))
    return b"".join(found.save(chunk_size=2**20)) + json.dumps([found.history(), found.attrs]).encode()


def test_it_sees_no_login_even_where_a_person_chose_it(
    engine: Engine, hostile: str, index: str, notebook: Path, tmp_path: Path
) -> None:
    subprocess.run([find_uv_bin(), "venv", "-q", str(tmp_path / "venv")], check=True)
    python, wheel = tmp_path / "venv/bin/python", next((tmp_path / "index").rglob("*.whl"))
    subprocess.run([find_uv_bin(), "pip", "install", "-q", "--python", str(python), str(wheel)], check=True)
    forget_origin(tmp_path / "venv")
    write(notebook, "import secret_sauce")
    host = index.partition("@")[2].partition(":")[0]
    (tmp_path / "netrc").write_text(f"machine {host} login me password {DECOYS['netrc']}\n")
    environment = {
        "UV_DEFAULT_INDEX": index, "PIP_PASSWORD": DECOYS["pip"], "NETRC": str(tmp_path / "netrc"),
        "HTTPS_PROXY": f"http://user:{DECOYS['proxy']}@127.0.0.1:9", "NO_PROXY": f"{host},127.0.0.1",
        "AWS_SECRET_ACCESS_KEY": DECOYS["aws"], "DOCKER_AUTH_CONFIG": DECOYS["docker"],
    }  # fmt: skip
    words = ("build", str(notebook), "--python", str(python), "--base", hostile, "--no-cache", "--verbose")
    outcome = containerize(*words, env=environment)
    assert outcome.status == 0, outcome.stderr
    archive = archive_of(engine, notebook)
    assert b"== /etc/uv/uv.toml" in archive, "the dump is in the image"
    for secret in (TOKEN, *DECOYS.values()):
        assert secret.encode() not in archive
        assert secret not in outcome.stdout + outcome.stderr


def test_what_it_changes_reaches_no_other_image(
    engine: Engine, base: str, hostile: str, notebook: Path, tmp_path: Path
) -> None:
    subprocess.run([find_uv_bin(), "venv", "-q", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv/bin/python"
    subprocess.run([find_uv_bin(), "pip", "install", "-q", "--python", str(python), "six==1.16.0"], check=True)
    write(notebook, "import six\nprint(getattr(six, 'POISONED', 'clean'))")
    common = (str(notebook), "--python", str(python), "--no-cache")
    containerize("build", *common, "--base", hostile)  # which may fail, since it changed what is hashed
    outcome = containerize("run", *common, "--base", base)
    assert outcome.stdout == "clean\n", outcome.stderr
