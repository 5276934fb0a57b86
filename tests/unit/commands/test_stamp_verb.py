"""``stamp`` and ``doctor NB``: what made a notebook's outputs is kept in it, and told when it is no longer here."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from jupyter_docker.cli import main
from jupyter_docker.commands.call import Call
from jupyter_docker.commands.command_line import read_command
from jupyter_docker.commands.verbs.stamps import outputs_check
from jupyter_docker.doctor import Check
from jupyter_docker.values.config import load_defaults
from jupyter_docker.values.events import Event

TQDM = version("tqdm")


@pytest.fixture(scope="module")
def stamped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook with one package and one file of data, stamped."""
    folder = tmp_path_factory.mktemp("stamped")
    (folder / "a.csv").write_text("1\n")
    cell = {"cell_type": "code", "source": "import tqdm\nopen('a.csv').read()", "metadata": {}, "outputs": []}
    path = folder / "study.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}, indent=1))
    before = path.read_text()
    assert main(["stamp", str(path), "--python", sys.executable]) == 0
    assert before.partition('"cells"')[2] == path.read_text().partition('"cells"')[2]
    return path


def said_of(path: Path) -> Check:
    command = read_command(["doctor", str(path)])
    call = Call(
        args=command.args,
        request=command.request,
        has_terminal=False,
        defaults=load_defaults(),
        emit=list[Event]().append,
        confirm=lambda _question: False,
    )
    return outputs_check(call)


def changed(path: Path, change: Callable[[dict[str, Any]], None], name: str) -> Path:
    """Return a copy of the notebook whose stamp is another."""
    notebook = json.loads(path.read_text())
    change(notebook["metadata"]["containerize"]["stamp"])
    copy = path.with_name(name)
    copy.write_text(json.dumps(notebook))
    return copy


def test_a_stamp_names_what_made_the_outputs(stamped: Path) -> None:
    stamp = json.loads(stamped.read_text())["metadata"]["containerize"]["stamp"]
    assert stamp["packages"] == {"tqdm": TQDM}
    assert set(stamp) == {"time", "python", "lock", "packages", "data"}
    assert list(stamp["data"]) == ["a.csv"]


def test_nothing_is_told_while_nothing_changed(stamped: Path) -> None:
    assert said_of(stamped).level == "ok"


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("version", {"packages": {"tqdm": "4.0.0"}}, f"tqdm 4.0.0 → {TQDM}"),
        ("python", {"python": "3.6.1"}, "Python 3.6.1 → 3."),
        ("deeper", {"lock": "sha256:0"}, "packages that others need"),
        ("data", {"data": {"a.csv": "sha256:0"}}, "other data (a.csv)"),
    ],
)
def test_what_changed_is_told(stamped: Path, name: str, change: dict[str, Any], told: str) -> None:
    check = said_of(changed(stamped, lambda stamp: stamp.update(change), f"{name}.ipynb"))
    assert check.level == "advice"
    assert told in check.detail


def test_a_patch_release_of_the_containers_python_is_no_change(stamped: Path) -> None:
    minor = f"{sys.version_info.major}.{sys.version_info.minor}"
    other = changed(stamped, lambda stamp: stamp.update(python=f"{minor}.99", image="sha256:1"), "patch.ipynb")
    assert said_of(other).level == "ok"


def test_doctor_says_it_with_the_checks_of_the_engine(
    stamped: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere")
    other = changed(stamped, lambda stamp: stamp.update(packages={"tqdm": "4.0.0"}), "old.ipynb")
    assert main(["doctor", str(other)]) == 1  # no engine
    assert f"tqdm 4.0.0 → {TQDM}" in " ".join(capsys.readouterr().out.split())
    main(["plan", str(other)])
    assert f"tqdm 4.0.0 → {TQDM}" in capsys.readouterr().err


def test_a_notebook_without_a_stamp_is_told_how_to_get_one(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}))
    assert said_of(path).level == "advice"
