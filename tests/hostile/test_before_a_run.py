"""Each case of the corpus, planned over HTTP and by the command, frozen and exported: nothing of it runs or leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.case import Case
from tests.hostile.cases import ALL, CASES
from tests.hostile.checks import Watch, folder_problems, lock_problems, outcome_problems, plan_problems
from tests.hostile.world import Outcome, World


def _parameters() -> Iterator[Any]:
    for case in CASES:
        marks = [pytest.mark.xfail(reason=case.xfail, strict=True)] if case.xfail else []
        yield pytest.param(case, id=case.name.replace(" ", "-"), marks=marks)


@pytest.mark.parametrize("case", [*_parameters()])
def test_nothing_happens_before_a_run(case: Case, world: World, tmp_path: Path) -> None:
    folder = world.work / case.name.replace(" ", "-")
    notebook = case.make(folder, world.places)
    watch = Watch(world)
    if case.large and not ALL:
        problems = [*outcome_problems("plan", world.command("plan", "--", str(notebook), folder=folder))]
    else:
        problems = [*_over_http(world, notebook, folder)]
        problems += _by_command(case, world, notebook, folder, tmp_path / "context")
    problems += watch.problems()
    watch.clear()
    assert not problems, f"must not: {case.must_not}\n" + "\n".join(problems)


def _over_http(world: World, notebook: Path, folder: Path) -> Iterator[str]:
    status, answer = world.plan(notebook)
    if status >= 500:
        yield f"the server answers {status}: {answer}"
    elif status == 200:
        yield from plan_problems({**answer, "folder": str(notebook.parent)}, folder)
    elif not json.loads(answer).get("message"):
        yield f"the server says nothing: {answer}"
    yield from world.leaks(json.dumps(answer))


def _by_command(case: Case, world: World, notebook: Path, folder: Path, context: Path) -> Iterator[str]:
    name = str(notebook.relative_to(folder))
    planned = world.command("plan", *case.words, "--json", "--", name, folder=folder)
    yield from outcome_problems("plan", planned)
    yield from _plan_problems(planned, notebook, folder)
    frozen = world.command("freeze", *case.words, "--", name, folder=folder)
    yield from outcome_problems("freeze", frozen)
    yield from lock_problems(frozen.stdout) if frozen.status == 0 else ()
    exported = world.command("export", *case.words, "--", name, str(context), folder=folder)
    yield from outcome_problems("export", exported)
    yield from folder_problems(context)
    for each in (planned, frozen, exported):
        yield from world.leaks(each.stdout, each.stderr)


def _plan_problems(planned: Outcome, notebook: Path, folder: Path) -> Iterator[str]:
    said = [json.loads(line) for line in planned.stdout.splitlines() if line]
    for plan in (each for each in said if "mounts" in each):
        yield from plan_problems({**plan, "folder": str(notebook.parent)}, folder)
