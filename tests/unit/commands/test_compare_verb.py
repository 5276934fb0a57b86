"""``compare`` as it is typed, over notebooks that were executed before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from jupyter_docker.cli import main
from tests.unit.compare.planted import Output, printed
from tests.unit.compare.test_page import notebook


def save(path: Path, outputs: Sequence[Output]) -> Path:
    path.write_text(json.dumps(notebook("np.random.rand()", outputs)), encoding="utf-8")
    return path


def test_the_command_compares_executed_notebooks_without_an_engine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere")
    saved = save(tmp_path / "a.ipynb", [printed("0.1")])
    first, second = save(tmp_path / "b.ipynb", [printed("0.2")]), save(tmp_path / "c.ipynb", [printed("0.3")])
    words = ["compare", str(saved), f"--executed={first}", f"--executed={second}", f"--badge={tmp_path / 'a.svg'}"]
    assert main(words) == 99
    shown = capsys.readouterr()
    assert "random" in shown.out
    assert "1 cell of 1 did not give what was saved: random 1" in shown.err
    assert "0 of 1 cells" in (tmp_path / "a.svg").read_text()
    assert "random" in (tmp_path / "a.compare.html").read_text()
    assert main([*words, "--allow=random"]) == 0
    assert main(["compare", str(saved), f"--executed={saved}"]) == 0
    capsys.readouterr()
    assert main([*words, "--json"]) == 99
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["classes"] for line in lines if "classes" in line] == [{"random": 1}]
    assert [line["error"] for line in lines if line.get("type") == "Failed"] == ["NotReproducedError"]


def test_data_that_is_nested_deeply_is_compared_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def output(leaf: str) -> Output:
        data = {"application/json": json.loads('{"a": ' * 500 + f'"{leaf}"' + "}" * 500), "text/plain": "<JSON>"}
        return {"output_type": "display_data", "data": data, "metadata": {}}

    saved, new = (save(tmp_path / f"{leaf}.ipynb", [output(leaf)]) for leaf in ("before", "behind"))
    assert main(["compare", str(saved), f"--executed={saved}"]) == 0
    assert main(["compare", str(saved), f"--executed={new}"]) == 99
    assert "1 cell of 1 did not give what was saved: random 1" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["--allow=randm"], ["--repeat=0"], ["--report=/nowhere/a.html"], ["--host=/no.ipynb"]]
)
def test_what_can_not_be_done_is_refused(words: list[str], tmp_path: Path) -> None:
    saved = save(tmp_path / "a.ipynb", [printed("0.1")])
    assert main(["compare", str(saved), f"--executed={saved}", *words]) in (2, 64)
