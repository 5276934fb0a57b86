"""The functions that other programs import, by the examples of their page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from jupyter_docker import api
from jupyter_docker.values import Event, Log, UsageError
from tests.unit.notebook.export_case import code, notebook

PAGE = Path(__file__).parents[2] / "docs/api.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    cells = (code("year = 2023", "parameters"), code("import tqdm\nprint(1 / year, tqdm.__name__)"))
    (tmp_path / "analysis.ipynb").write_text(json.dumps(notebook(*cells)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_examples_of_the_page_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(EXAMPLES) == 3
    for example in EXAMPLES:
        exec(compile(example, str(PAGE), "exec"), {})  # noqa: S102
    printed = capsys.readouterr()
    assert printed.out.startswith("analysis-notebook.py 2 ['year']\ntqdm==")
    assert "0.0004" in printed.out
    assert "ZeroDivisionError: division by zero" in printed.out
    assert "cell 2, line 2 1\n" in printed.out
    assert printed.err == ""


def test_a_context_and_an_image(folder: Path) -> None:
    context = api.export_context("analysis.ipynb", folder / "context")
    assert (context.root / "Dockerfile").is_file()
    image = api.build("analysis.ipynb")
    assert image.reference.repository == "analysis"
    events: list[Event] = []
    assert api.run("analysis.ipynb", env={"A": "b"}, memory="256m", emit=events.append).exit_code == 0
    assert "tqdm" in "".join(event.text for event in events if isinstance(event, Log) and event.step == "run")


def test_what_the_notebook_does_not_have_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match="no parameter 'yaer'"):
        api.run("analysis.ipynb", parameters={"yaer": 1})
