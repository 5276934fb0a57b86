"""Every case folder is frozen to just what it needs: nothing missing, nothing more, each at the host's version."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jupyter_docker.freeze.environment.inspection import inspect_environment
from jupyter_docker.freeze.reasons import requirements_text
from jupyter_docker.freeze.requirements import resolve_requirements
from jupyter_docker.notebook.nodes import read_notebook
from jupyter_docker.notebook.script import export_script
from jupyter_docker.values.errors import ContainerizeError
from jupyter_docker.values.events import Event, Warned
from jupyter_docker.values.requirements import Requirements
from tests.case_folders import Case, expected_closure, installed, read_cases

CASES = read_cases()


def frozen(case: Case, environment: Path) -> tuple[Requirements, list[str]]:
    events: list[Event] = []
    script = export_script(read_notebook(case.path), source=case.path, name=case.path.stem, emit=events.append)
    requirements = resolve_requirements(script, inspect_environment(python=environment), emit=events.append)
    return requirements, [event.message for event in events if isinstance(event, Warned)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_frozen(case: Case, tmp_path: Path) -> None:
    environment = case.make_environment(tmp_path)
    if case.error:
        with pytest.raises(ContainerizeError, match=f"^{re.escape(case.error)}"):
            frozen(case, environment)
        return
    requirements, warnings = frozen(case, environment)
    host = installed(environment)
    assert set(case.needs) <= host.keys()
    expected = {name: host[name].version for name in expected_closure(case.needs, host)} | dict(case.added)
    assert {pin.name: pin.version for pin in requirements.pins} == expected
    assert all(pin.hashes for pin in requirements.pins)
    assert [str(file.target) for file in requirements.local] == list(case.local)
    reasons = {pin.name: pin.why for pin in requirements.pins}
    assert {name: why for name, why in case.why.items() if why not in reasons[name]} == {}
    assert len(warnings) == len(case.warned)
    assert all(message.startswith(begin) for message, begin in zip(warnings, case.warned, strict=True))
    assert not [path for path in (tmp_path, case.folder) if str(path) in requirements_text(requirements)]


def test_the_cases_are_many() -> None:
    assert len(CASES) >= 60
