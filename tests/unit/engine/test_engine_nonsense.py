"""An engine that answers nonsense: every verb ends with one of our errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.cli import main
from jupyter_docker.engine.connection.answers import fits, read_answer, shape_of
from jupyter_docker.engine.connection.engine import connect
from jupyter_docker.engine.containers.listing import list_containers
from jupyter_docker.values.errors import EngineError, EngineUnavailableError
from tests.unit.nonsense_engine import CASES, NONSENSE, nonsense_engine

VERBS = [
    ["ps", "-a", "--all"], ["images", "--all"], ["prune", "--yes"], ["doctor"], ["logs", "a"], ["stop", "a"],
    ["rm", "-f", "a"], ["exec", "a", "true"],
]  # fmt: skip
_JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda one: st.lists(one) | st.dictionaries(
    st.sampled_from(["Id", "Size", "State", "Config", "Labels", "Names", "Created", "Image"]), one
))  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_verb_ends_with_an_error_of_ours(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with nonsense_engine(tmp_path / "e.sock") as engine:
        engine.case = case
        for words in VERBS:
            status = main([words[0], f"--engine=unix://{tmp_path / 'e.sock'}", *words[1:]])
            said = capsys.readouterr()
            assert "Traceback" not in said.out + said.err, (words, said)
            assert status == 0 or said.err or said.out, words


@pytest.mark.parametrize("case", CASES)
def test_an_engine_that_does_not_even_say_its_version(case: str, tmp_path: Path) -> None:
    with nonsense_engine(tmp_path / "e.sock") as engine:
        engine.case, engine.knows_version = case, False
        with pytest.raises(EngineUnavailableError):
            connect(f"unix://{tmp_path / 'e.sock'}")


def test_a_body_without_an_end_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jupyter_docker.engine.connection.answers._MAX_BYTES", 10_000)
    monkeypatch.setitem(NONSENSE, "huge", b"[" + b" " * 3_000_000 + b"]")
    with nonsense_engine(tmp_path / "e.sock") as server:
        server.case = "huge"
        with connect(f"unix://{tmp_path / 'e.sock'}") as engine, pytest.raises(EngineError, match="longer than"):
            list_containers(engine)


@given(
    value=_JSON,
    path=st.sampled_from(["containers/json", "containers/a/json", "images/json", "images/a/b/json", "system/df"]),
)
def test_what_does_not_fit_is_an_error_and_what_fits_has_the_fields(value: Any, path: str) -> None:
    url = f"http+docker://localhost/v1.44/{path}?all=1"
    shape = shape_of(url)
    assert shape is not None
    content = json.dumps(value).encode()
    if fits(value, shape):
        assert read_answer(url, content) == value
    else:
        with pytest.raises(EngineError, match="lacks"):
            read_answer(url, content)
