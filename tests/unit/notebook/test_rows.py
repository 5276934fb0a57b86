"""Rows of a sweep from grids and tables, checked against the notebook's parameters."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jupyter_docker.notebook.rows import grid_rows, plain_rows, rows_text, table_rows
from jupyter_docker.task_runner import cell_parameters, read_rows
from jupyter_docker.values import UsageError
from tests.unit.clusters.sweep_folder import swept

PARAMETERS = cell_parameters("alpha = 0.5\nseed = 0\nkind = 'a'\nnames = ['x']\nanything = None\n")


def test_a_grid_is_every_combination_and_the_last_changes_fastest() -> None:
    assert grid_rows(PARAMETERS, ["alpha=0.1,1", "kind=b, c"]) == [
        {"alpha": 0.1, "kind": "b"}, {"alpha": 0.1, "kind": "c"},
        {"alpha": 1.0, "kind": "b"}, {"alpha": 1.0, "kind": "c"},
    ]  # fmt: skip


def test_zipped_values_go_together() -> None:
    assert grid_rows(PARAMETERS, ["seed=range(2)", "kind=b,c"], zipped=True) == [
        {"seed": 0, "kind": "b"},
        {"seed": 1, "kind": "c"},
    ]


@pytest.mark.parametrize(
    ("word", "values"),
    [
        ("seed=range(1, 7, 3)", [1, 4]), ("alpha=range(2)", [0.0, 1.0]), ("names=[1, 2],[3]", [[1, 2], [3]]),
        ('kind="b,c",d', ["b,c", "d"]), ("anything=null,1,it's,{'a': [1, 2]}", [None, 1, "it's", {"a": [1, 2]}]),
    ],
)  # fmt: skip
def test_values_of_a_word(word: str, values: list[Any]) -> None:
    assert [row[word.partition("=")[0]] for row in grid_rows(PARAMETERS, [word])] == values


@pytest.mark.parametrize(
    ("words", "zipped", "message"),
    [
        (["alfa=1"], False, "The notebook has no parameter 'alfa'."),
        (["seed=1,x"], False, "The parameter 'seed' is a whole number (its default is 0), not 'x'."),
        (["seed=range(a)"], False, "'range(a)' is not a range."),
        (["seed=range(0)"], False, "There are no rows to run."),
        (["seed=range(100001)"], False, "That is 100001 rows."),
        (["seed=range(1000)", "alpha=range(1000)"], False, "That is 1000000 rows."),
        ([f"seed=range(0,{10**20})"], False, f"'range(0,{10**20})' is too long."),
        (["seed=1,2", "kind=a"], True, "With --zip every parameter has as many values: seed has 2, kind has 1."),
    ],
)
def test_what_makes_no_rows_is_refused(words: list[str], zipped: bool, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        grid_rows(PARAMETERS, words, zipped=zipped)
    assert raised.value.message == message


def test_tables_give_rows(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"seed": [1, 2], "kind": ["b", None], "alpha": [0.25, float("nan")]})
    wanted = [{"seed": 1, "kind": "b", "alpha": 0.25}, {"seed": 2}]
    frame.to_csv(tmp_path / "sets.csv", index=False)
    frame.to_parquet(tmp_path / "sets.parquet")
    (tmp_path / "sets.jsonl").write_text(rows_text(plain_rows(frame.to_dict("records"))))
    for name in ("sets.csv", "sets.parquet", "sets.jsonl"):
        assert table_rows(PARAMETERS, tmp_path / name) == wanted


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "a.csv",
            "seed\n1\nx\n",
            "'a.csv', row 1: The parameter 'seed' is a whole number (its default is 0), not 'x'.",
        ),
        ("a.jsonl", '{"sead": 1}\n', "'a.jsonl', row 0: The notebook has no parameter 'sead'."),
        ("a.jsonl", "[1]\n", "Row 0 of '{}' is not an object of names and values."),
        ("a.csv", "", "There are no rows to run."),
        ("b.parquet", "no", "'{}' can't be read: "),
    ],
)
def test_a_table_that_does_not_fit_is_refused(name: str, text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UsageError) as raised:
        table_rows(PARAMETERS, tmp_path / name)
    assert raised.value.message.startswith(message.format(tmp_path / name))


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=5), st.lists(st.integers(), min_size=1, max_size=5))
def test_every_value_is_in_as_many_rows(alphas: list[float], seeds: list[int]) -> None:
    words = [f"alpha={','.join(map(repr, alphas))}", f"seed={','.join(map(str, seeds))}"]
    rows = grid_rows(PARAMETERS, words)
    assert [(row["alpha"], row["seed"]) for row in rows] == [(alpha, seed) for alpha in alphas for seed in seeds]
    assert [json.loads(line) for line in rows_text(rows).splitlines()] == rows


@given(st.text())
@example("a\u2028b\u2029c\x85d\x0b\x0c\x1c\r\n")
def test_any_value_is_in_its_row(text: str) -> None:
    """Each reader of the rows has to split them where they were put together, and nowhere else."""
    rows = [{"kind": text}, {"kind": "next"}]
    with TemporaryDirectory() as folder:
        path = Path(folder, "sets.jsonl")
        path.write_text(rows_text(rows), encoding="utf-8", newline="\n")
        assert read_rows(str(path)) == rows
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8", newline="\n")
        assert read_rows(str(path)) == rows
        assert swept(Path(folder), rows).rows() == rows


def test_a_field_of_csv_has_every_sign_but_a_line_break_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('kind\na\u2028b\x85c\n"d\r\ne"\n', encoding="utf-8", newline="")
    assert [row["kind"] for row in table_rows(PARAMETERS, tmp_path / "a.csv")] == ["a\u2028b\x85c", "d\r\ne"]


@given(st.text())
def test_any_text_is_rows_or_refused(text: str) -> None:
    try:
        rows = grid_rows(PARAMETERS, [f"anything={text}"])
    except UsageError:
        return
    assert rows
