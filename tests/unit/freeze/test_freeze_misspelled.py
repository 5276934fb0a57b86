"""A module that its package does not have is named before the build, with the one that may be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_docker.freeze.distributions.misspelled import warn_of_misspelled
from jupyter_docker.freeze.scan.imports import find_imports
from jupyter_docker.notebook.script import export_cell
from jupyter_docker.values.events import Event, Warned


def said(tmp_path: Path, source: str) -> list[str]:
    for name, text in {
        "learn/__init__.py": "late_modul = 1", "learn/linear_model/__init__.py": "", "learn/linear_model/_base.py": "",
        "learn/late_module.py": "", "learn/fast.cpython-311-x86_64-linux-gnu.so": "", "six.py": "",
        "spread/__init__.py": "__path__ = []", "spread/model.py": "", "space/part/__init__.py": "",
    }.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    events: list[Event] = []
    imports = find_imports(export_cell(source, emit=events.append))
    warn_of_misspelled(imports, [tmp_path / "none", tmp_path], events.append)
    return [each.message for each in events if isinstance(each, Warned)]


@pytest.mark.parametrize(
    ("source", "package", "name", "meant"),
    [
        ("from learn.liner_model import A", "learn", "liner_model", "linear_model"),
        ("import learn.linear_model._bas", "learn.linear_model", "_bas", "_base"),
        ("import learn.fastt", "learn", "fastt", "fast"),
    ],
)
def test_what_is_meant_is_said(tmp_path: Path, source: str, package: str, name: str, meant: str) -> None:
    expected = f"cell 1, line 1: '{package}' has no module '{name}'; did you mean '{meant}'?"
    assert said(tmp_path, source) == [expected]


@pytest.mark.parametrize(
    "source",
    [
        "from learn.linear_model import Nothing",
        "import learn.fast, learn.linear_model._base, six.moves, space.par, elsewhere.x",
        "import learn.late_modul",  # its package names it
        "import spread.modell",  # its package looks elsewhere too
        "import learn.unlike_all",
        "try:\n    import learn.liner_model\nexcept ImportError:\n    pass",
    ],
)
def test_nothing_is_said_where_it_may_be_there(tmp_path: Path, source: str) -> None:
    assert said(tmp_path, source) == []
