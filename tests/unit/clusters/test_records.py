"""Records are a container's words: whatever they hold, they are a record within bounds or none."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.clusters.records import MAX_RECORD, read_record
from jupyter_docker.values import CellPosition
from tests.unit.clusters.sweep_folder import record

FILE = {"path": "/app/out/a", "size": 1, "sha256": "0" * 64}


def read(folder: Path, found: object) -> Any:
    (folder / "record.json").write_text(found if isinstance(found, str) else json.dumps(found))
    return read_record(folder, 0)


def test_a_record_is_read(tmp_path: Path) -> None:
    error = {"type": "ValueError", "message": "no\x1b[0m", "cell": 3, "line": 2}
    found = read(tmp_path, record(status="failed", error=error, files=[FILE]))
    assert (found.error, found.message, found.position) == ("ValueError", "no [0m", CellPosition(cell=3, line=2))
    assert (found.seconds, found.files[0].size) == (2.0, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"version": 2}, {"index": 1}, {"index": "0"}, {"status": "done"}, {"seconds": "1"}, {"seconds": -1},
        {"seconds": 1e400}, {"peak_memory": 1.5}, {"attempt": True}, {"host": None}, {"values": "../../x"},
        {"values": ""}, {"values": 3}, {"files": [{**FILE, "path": "/app/out/../../../etc/passwd"}]},
        {"files": [{**FILE, "sha256": "0"}]}, {"files": [{**FILE, "size": 1 << 70}]}, {"files": 3}, {"error": "x"},
        {"error": {"type": "E", "message": "", "cell": "3"}},
    ],
)  # fmt: skip
def test_what_is_none_counts_as_none(fields: dict[str, Any], tmp_path: Path) -> None:
    assert read(tmp_path, record(**fields)) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "[" * 100_000, f'{{"a": "{"x" * MAX_RECORD}"}}'])
def test_any_text_is_a_record_or_none(text: str, tmp_path: Path) -> None:
    assert read(tmp_path, text) is None


def test_no_link_and_no_pipe_is_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text(json.dumps(record()))
    (tmp_path / "record.json").symlink_to("elsewhere")
    assert read_record(tmp_path, 0) is None
    (tmp_path / "record.json").unlink()
    os.mkfifo(tmp_path / "record.json")
    assert read_record(tmp_path, 0) is None


def test_texts_and_lists_are_cut(tmp_path: Path) -> None:
    error = {"type": "E" * 9000, "message": "m" * 9000, "cell": None, "line": None}
    found = read(tmp_path, record(status="failed", error=error, files=[FILE] * 3000))
    assert (len(found.error), len(found.message), len(found.files)) == (2000, 2000, 1000)


@given(
    st.dictionaries(st.sampled_from(sorted(record())), st.recursive(st.none() | st.integers() | st.text(), st.lists))
)
def test_any_fields_are_a_record_or_none(tmp_path_factory: pytest.TempPathFactory, fields: dict[str, Any]) -> None:
    folder = tmp_path_factory.mktemp("task")
    found = read(folder, record(**fields))
    assert found is None or found.status in {"ok", "failed"}
