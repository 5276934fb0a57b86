"""The bill of materials of an image: all that pip and dpkg list in it, and nothing else."""

from __future__ import annotations

import io
import json
import secrets
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from jupyter_docker import api
from jupyter_docker.engine.connection.engine import Engine
from tests.engine.command import containerize

pytestmark = pytest.mark.engine

ImageMaker = Callable[[str], str]
WITHOUT_PIP_AND_DPKG = """
    RUN mkdir /usr/local/lib/python3.11/site-packages/odd-1.dist-info && \\
        printf 'Metadata-Version: 2.1\\nName: odd\\033[31m\\nVersion: 1\\n' \\
        > /usr/local/lib/python3.11/site-packages/odd-1.dist-info/METADATA
    RUN rm -r /usr/local/lib/python3.11/site-packages/pip /usr/local/lib/python3.11/site-packages/pip-* && \\
        rm -r /var/lib/dpkg /usr/bin/dpkg*
"""
WITHOUT_PYTHON = "RUN rm -r /usr/local/bin/python* /usr/local/bin/pip*"
NOISY = """
    RUN rm /usr/local/bin/python && printf '#!/bin/sh\\nhead -c 20000000 /dev/zero' > /usr/local/bin/python && \\
        chmod 755 /usr/local/bin/python
"""


@pytest.fixture
def made(engine: Engine, base: str) -> Iterator[ImageMaker]:
    """Makes an image of the base with further lines."""
    names: list[str] = []

    def make(lines: str) -> str:
        names.append(f"containerize-test/sbom:{secrets.token_hex(4)}")
        dockerfile = io.BytesIO(f"FROM {base}\n{textwrap.dedent(lines)}".encode())
        engine.client.images.build(fileobj=dockerfile, tag=names[-1], rm=True)
        return names[-1]

    yield make
    for name in names:
        engine.client.api.remove_image(name, force=True)


def printed(engine: Engine, image: str, *words: str) -> str:
    run = engine.client.containers.run
    return run(image, list(words[1:]), entrypoint=words[0], network_mode="none", remove=True).decode()


def components(text: str, kind: str) -> list[tuple[str, str]]:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    found = (each for each in json.loads(text)["components"] if each.get("purl", "").startswith(f"pkg:{kind}/"))
    return sorted((each["name"], each["version"]) for each in found)


def by_pip(engine: Engine, image: str) -> list[tuple[str, str]]:
    listed = printed(engine, image, "python", "-m", "pip", "list", "--format", "json", "--disable-pip-version-check")
    return sorted((each["name"], each["version"]) for each in json.loads(listed))


def by_dpkg(engine: Engine, image: str) -> list[tuple[str, str]]:
    listed = printed(engine, image, "dpkg-query", "-W", "-f", "${Package} ${Version}\n")
    return sorted((name, version) for name, _, version in (line.partition(" ") for line in listed.splitlines()))


def test_it_lists_what_pip_and_dpkg_list(engine: Engine, tmp_path: Path) -> None:
    cell: dict[str, Any] = {"cell_type": "code", "metadata": {}, "source": "import six", "outputs": []}
    notebook = tmp_path / "listed.ipynb"
    notebook.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))
    outcome = containerize("sbom", str(notebook))
    assert outcome.status == 0, outcome.stderr
    image = json.loads(outcome.stdout)["metadata"]["component"]["name"]
    assert image.startswith("listed:")
    python, debian = components(outcome.stdout, "pypi"), components(outcome.stdout, "deb")
    assert "six" in dict(python)
    assert "libc6" in dict(debian)
    assert python == by_pip(engine, image)
    assert debian == by_dpkg(engine, image)
    assert containerize("sbom", image, "-o", "listed.json", cwd=tmp_path).status == 0
    assert (tmp_path / "listed.json").read_text() == outcome.stdout
    assert api.sbom(notebook).text == outcome.stdout
    assert json.loads(containerize("sbom", image, "--json").stdout.splitlines()[-1]) == json.loads(outcome.stdout)


def test_an_image_without_pip_and_dpkg_has_one_of_the_rest(engine: Engine, base: str, made: ImageMaker) -> None:
    outcome = containerize("sbom", made(WITHOUT_PIP_AND_DPKG))
    assert outcome.status == 0, outcome.stderr
    rest = [each for each in by_pip(engine, base) if each[0] != "pip"]
    assert components(outcome.stdout, "pypi") == sorted([*rest, (r"odd\x1b[31m", "1")])
    assert components(outcome.stdout, "deb") == []
    assert "has no list of Debian packages" in " ".join(outcome.stderr.split())


def test_an_image_without_python_has_one_of_its_system(engine: Engine, base: str, made: ImageMaker) -> None:
    outcome = containerize("sbom", made(WITHOUT_PYTHON))
    assert outcome.status == 0, outcome.stderr
    assert components(outcome.stdout, "pypi") == []
    assert components(outcome.stdout, "deb") == by_dpkg(engine, base)
    assert "has no list of Python packages" in " ".join(outcome.stderr.split())


def test_an_image_that_prints_without_an_end_is_refused(made: ImageMaker) -> None:
    outcome = containerize("sbom", made(NOISY))
    assert (outcome.status, outcome.stdout) == (80, "")
    assert "prints more than anybody reads" in " ".join(outcome.stderr.split())
