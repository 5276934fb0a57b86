"""The case folders, frozen as they are and run in their containers without network: no cell fails.

Of each folder of cases the first is run; all of them where ALL_CASES is set, which takes minutes.
"""

from __future__ import annotations

import os
from itertools import groupby
from pathlib import Path

import pytest

from jupyter_docker.engine.connection.engine import Engine
from tests.case_folders import Case, read_cases
from tests.engine.command import containerize

pytestmark = pytest.mark.engine

RUNNABLE = [case for case in read_cases() if not case.error]
FIRST = [next(cases) for _, cases in groupby(RUNNABLE, key=lambda case: case.name.partition("/")[0])]
CHOSEN = RUNNABLE if os.environ.get("ALL_CASES") else FIRST


@pytest.mark.parametrize("case", CHOSEN, ids=lambda case: case.name)
def test_a_case_runs_without_network(case: Case, engine: Engine, tmp_path: Path) -> None:
    environment = case.make_environment(tmp_path)
    outcome = containerize("run", str(case.path), "--python", str(environment), "--network", "none")
    assert outcome.status == 0, outcome.stderr
