"""The checks see what they look for, so that a case which passes has passed."""

from __future__ import annotations

from pathlib import Path

from tests.hostile.case import Case, notebook_text
from tests.hostile.checks import Watch, dockerfile_problems, folder_problems, lock_problems, plan_problems
from tests.hostile.index import add_wheel
from tests.hostile.world import NEEDLE, World


def test_executions_writes_and_leaks_are_seen(world: World) -> None:
    watch = Watch(world)
    assert watch.problems("nothing") == []
    exec(world.places["@MARK@"], {})  # noqa: S102
    planted = world.home / ".cache" / "jupyter-containerize" / "state.json"
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(NEEDLE)
    written = world.home / ".bashrc"
    written.write_text("x")
    world.asked.append(f"GET /simple/{NEEDLE.upper()}/")
    found = watch.problems(f"a {NEEDLE} b")
    for path in (planted, written):
        path.unlink()
    watch.clear()
    assert [each.split(":")[0] for each in found] == [
        "was written", "ran on the host", "text", "asked the index", str(planted),
    ]  # fmt: skip
    assert watch.problems() == []


def test_a_notebook_that_means_no_harm_is_planned_and_asks_the_index(world: World) -> None:
    case = Case(
        name="harmless",
        must_not="be refused",
        cells=("%pip install asked-for\nimport helper\nopen('data/a.csv').read()\nopen('out/b.csv', 'w')",),
        files={"data/a.csv": "x", "out/c.csv": "x", "helper.py": "x = 1\n"},
    )
    add_wheel(world.root / "index", "asked-for")  # which no earlier case's answer, kept in uv's cache, tells of
    notebook = case.make(world.work / "harmless", world.places)
    status, plan = world.plan(notebook)
    assert status == 200, plan
    assert {mount["target"] for mount in plan["mounts"]} == {"/app/data", "/app/out"}
    assert [each["path"] for each in plan["local"]] == ["helper.py"]
    assert any("/simple/asked-for/" in each for each in world.asked)
    assert [*plan_problems({**plan, "folder": str(notebook.parent)}, notebook.parent)] == []
    elsewhere = {**plan, "folder": str(notebook.parent)}
    assert len([*plan_problems(elsewhere, notebook.parent / "data")]) == 2


def test_injected_lines_are_seen(tmp_path: Path) -> None:
    assert [*dockerfile_problems("FROM a\n# RUN injected\nRUN true && \\\n    injected\ninjected x\n")] == [
        "runs in its build 'RUN true &&      injected'",
        "has the line 'injected x' in its Dockerfile",
    ]
    assert [*lock_problems(f"a==1 \\\n    --hash=sha256:{'0' * 64}\n# why\n--index-url x\nb @ file:///c\n")] == [
        "has the line '--index-url x' in its lock", "has the line 'b @ file:///c' in its lock",
    ]  # fmt: skip
    (tmp_path / "link").symlink_to("/etc")
    (tmp_path / "file").write_text(notebook_text([f"{NEEDLE}"]))
    assert [*folder_problems(tmp_path)] == ["exported a decoy in file", "exported the link link"]
