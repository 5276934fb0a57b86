"""`plan`: what a run would build and mount, without an engine and with nothing left behind."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from jupyter_docker.cli import main
from jupyter_docker.display.plan import SectionsView
from jupyter_docker.display.table import TableView
from jupyter_docker.server.schema import check


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A notebook's folder with a module and data; no engine can be reached."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    folder = tmp_path / "work"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "in.csv").write_text("a\n1\n")
    (folder / "helper.py").write_text("import packaging\n")
    monkeypatch.chdir(folder)
    return folder


def write(folder: Path, *cells: str, **metadata: Any) -> str:
    notebook = {
        "nbformat": 4, "nbformat_minor": 5, "metadata": {"containerize": metadata},
        "cells": [{"cell_type": "code", "source": cell} for cell in cells],
    }  # fmt: skip
    (folder / "a.ipynb").write_text(json.dumps(notebook))
    return "a.ipynb"


def planned(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """Return the plan, once it is as the server's API describes it."""
    status = main(["plan", *words, "--json"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 0, lines[-1]
    assert all(line["type"] not in {"Failed", "Finished"} for line in lines[:-1])
    plan: dict[str, Any] = lines[-1]
    check("Plan", plan)
    return plan


def test_all_that_a_run_needs_with_what_needs_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    optional = "try:\n    import nowhere\nexcept ImportError:\n    pass"
    cells = ("import helper, packaging", "import rich", "open('data/in.csv')", optional)
    plan = planned(capsys, write(folder, *cells, apt=["git # for the history"]))
    packages = {each["name"]: each for each in plan["packages"]}
    assert packages["packaging"]["cells"] == [1]
    assert packages["packaging"]["why"] == ["helper.py: import packaging", "cell 1: import helper, packaging"]
    assert (packages["rich"]["cells"], packages["rich"]["direct"]) == ([2], True)
    assert (packages["pygments"]["cells"], packages["pygments"]["direct"]) == ([], False)
    assert packages["pygments"]["why"] == ["needed by rich"]
    assert plan["system"] == [{"name": "git", "why": "for the history"}]
    assert plan["local"] == [{"path": "helper.py", "target": "helper.py", "why": "cell 1: import helper, packaging"}]
    assert plan["data"] == [{"path": "data", "access": "read", "why": "cell 3 reads it", "exists": True}]
    assert plan["mounts"] == [
        {"kind": "bind", "source": str(folder / "data"), "target": "/app/data", "read_only": True}
    ]
    assert [each["name"] for each in plan["unresolved"]] == ["nowhere"]
    assert "'nowhere'" in plan["warnings"][0]["message"]
    assert "import rich" in plan["script"]["text"]
    assert "FROM python:3." in plan["dockerfile"]
    assert "rich==" in plan["lock"]
    assert (plan["notebook"], plan["live"]) == ("a.ipynb", False)
    assert {path.name for path in folder.iterdir()} == {"a.ipynb", "data", "helper.py"}


def test_it_takes_the_words_of_run_and_asks_for_no_secret(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERE", "secret value")
    (folder / "some.env").write_text("FILED=secret value\n")
    words = [
        "-e", "TOKEN", "-e", "HERE", "-e", "A=secret value", "--env-file", "some.env", "-p", "8080:80", "-p", "53/udp",
        "-v", "./data:/d:ro", "-v", "kept:/k", "--data", "none", "-d", "--name", "me", "--mode", "notebook",
        "-t", "a:b",
    ]  # fmt: skip
    plan = planned(capsys, write(folder, "open('data/in.csv')", env=["STORED", "LATER"]), *words, "-e", "LATER=1")
    named = {each["name"]: each["is_set"] for each in plan["env"]}
    assert named == {"STORED": False, "LATER": True, "TOKEN": False, "HERE": True, "A": True, "FILED": True}
    assert "secret value" not in json.dumps(plan)
    assert plan["ports"] == ["8080:80", "53/udp"]
    assert [(each["kind"], each["source"], each["target"], each["read_only"]) for each in plan["mounts"]] == [
        ("bind", str(folder / "data"), "/d", True), ("volume", "kept", "/k", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["-e", "1A"], "UsageError"),
        (["-p", "x"], "UsageError"),
        (["-v", "./missing:x"], "MountError"),
        (["-v", "..:x", "--mount-root", "."], "MountError"),
        (["--kernel", "nowhere"], "EnvironmentUnavailableError"),
    ],
)
def test_what_a_run_would_refuse_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], error: str
) -> None:
    assert main(["plan", write(folder, "1"), *words, "--json"]) != 0
    failed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (failed["type"], failed["error"]) == ("Failed", error)
    assert failed["hint"]


def test_what_the_notebook_may_not_have_by_itself_is_listed_and_the_rest_is_planned(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "secret value")
    name = write(
        folder, "import packaging", base="a:1", env=["TOKEN", "A=1"], mounts=["/etc:/x", "./data:d"], memory="1g"
    )
    plan = planned(capsys, name)
    assert [(each["kind"], each["value"], each["verdict"], each["words"]) for each in plan["unmet"]] == [
        ("base", "a:1", "consent", "--base a:1"),
        ("mounts", "/etc:/x", "refused", "-v /etc:/x"),
        ("variable", "TOKEN", "consent", "-e TOKEN"),
    ]
    assert plan["base"].startswith("python:3.")
    assert [each["target"] for each in plan["mounts"]] == ["/app/d"]
    assert {each["name"]: each["is_set"] for each in plan["env"]} == {"A": True, "TOKEN": False}
    assert main(["plan", name]) == 0
    assert "for your variable 'TOKEN' -e TOKEN" in " ".join(capsys.readouterr().out.split())
    assert main(["run", name]) == 2
    told = capsys.readouterr().err
    assert "--base a:1" in told


def test_a_person_reads_it_as_tables(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", write(folder, "import packaging\nopen('data/in.csv')"), "-e", "TOKEN", "--memory", "1g"]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    for shown in (
        "The image of a.ipynb", "Packages", "variable TOKEN not set here; a run needs it", "memory 1,024 MiB",
        f"{folder}/data /app/data read-only",
    ):  # fmt: skip
        assert shown in lines
    assert "System packages" not in lines


def test_sections_are_html_in_a_notebook() -> None:
    some = TableView(columns=("a",), rows=[("<b>",)])
    view = SectionsView(sections=[("<One>", some), ("Two", TableView(columns=("a",), rows=())), ("Three", some)])
    bundle = view._repr_mimebundle_()
    assert "<h4>&lt;One&gt;</h4>" in bundle["text/html"]
    assert "Two" not in bundle["text/html"]
    stream = StringIO()
    view.print(stream)
    assert stream.getvalue() == "<One>\nA\n<b>\n\nThree\nA\n<b>\n"
    assert bundle["text/plain"] + "\n" == stream.getvalue()
