"""Each planted cause gets its class."""

from __future__ import annotations

import json

import pytest

from jupyter_docker.compare import CLASSES, MEANINGS, Report, compare_notebooks
from tests.unit.compare.planted import PLANTED, Planted


def report_of(case: Planted) -> Report:
    saved, (new, *again), host = case.notebooks()
    return compare_notebooks(saved, new, repeats=again, host=host, name=case.name)


@pytest.mark.parametrize("case", PLANTED, ids=lambda case: case.name)
def test_a_planted_cause_gets_its_class(case: Planted) -> None:
    [cell] = report_of(case).cells
    assert cell.kind == case.expected, cell
    assert 0 <= cell.score <= 1
    assert cell.score == 1 or cell.kind not in {"same", "equivalent", "order"}


def test_there_is_a_fixture_of_every_class() -> None:
    assert {case.expected for case in PLANTED} == set(CLASSES) == set(MEANINGS)
    assert len({case.name for case in PLANTED}) == len(PLANTED) >= 60


@pytest.mark.parametrize("case", PLANTED, ids=lambda case: case.name)
def test_a_notebook_is_the_same_as_itself(case: Planted) -> None:
    saved, _, _ = case.notebooks()
    [cell] = compare_notebooks(saved, saved, repeats=[saved]).cells
    assert cell.kind == "same"
    assert cell.score == 1


@pytest.mark.parametrize("case", PLANTED, ids=lambda case: case.name)
def test_a_report_is_json(case: Planted) -> None:
    report = report_of(case)
    written = json.loads(json.dumps(report.as_json()))
    assert written["classes"] == {case.expected: 1}
    assert written["cells"][0]["kind"] == case.expected
