"""The runner that an image has: it runs a script as Python does, with values for its parameters, or any command."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.task_runner import run_task
from jupyter_docker.task_runner.script_parameters import (
    INDEX_VARIABLES,
    Parameter,
    ParameterError,
    cell_parameters,
    checked,
    from_text,
    nearest,
    values_of,
)

DEFAULTS = """\
year = 2023  # the year to look at
rate: float = 0.5
names = ["a", "b"]
label = "x"
deep = False
# what is
# left out
limit = None
options = {"a": 1}
when = max(1, 2)
low, high = 1, 2.5
"""
SCRIPT = (
    f"# Exported\n\n# %% [cell 1]\nimport sys\n\n# %% [cell 2] parameters\n{DEFAULTS}\n\n# %% [cell 3]\nprint(year)\n"
)


def run(folder: Path, text: str, *words: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    script = folder / "a-b.py"
    script.write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, run_task.__file__, str(script), *words],
        cwd=folder, env={"PATH": os.environ["PATH"], **(env or {})}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def values(*words: str, **variables: str) -> dict[str, Any]:
    return values_of(SCRIPT, words, variables)


def test_parameters_have_a_default_a_type_and_the_comment_beside_them() -> None:
    assert cell_parameters(DEFAULTS) == (
        Parameter("year", "2023", "int", "the year to look at"),
        Parameter("rate", "0.5", "float", ""),
        Parameter("names", "['a', 'b']", "list", ""),
        Parameter("label", "'x'", "str", ""),
        Parameter("deep", "False", "bool", ""),
        Parameter("limit", "None", "", "what is left out"),
        Parameter("options", "{'a': 1}", "dict", ""),
        Parameter("when", "max(1, 2)", "", ""),
        Parameter("low", "1", "int", ""),
        Parameter("high", "2.5", "float", ""),
    )


@pytest.mark.parametrize("source", ["%%bash\nx=1", "x = = 1", "def f():\n    x = 1", "import x", ""])
def test_a_cell_that_sets_nothing_has_no_parameters(source: str) -> None:
    assert cell_parameters(source) == ()


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("year=2024", 2024), ("year=2e3", 2000), ("rate=1", 1.0), ("rate=inf", float("inf")), ("rate=-.5", -0.5),
        ("names=['c']", ["c"]), ('names=["c", true]', ["c", True]), ("names=(1, 2)", [1, 2]), ("label=2024", "2024"),
        ("label='2024'", "2024"), ("label=", ""), ("label=a=b", "a=b"), ("label=null", "null"), ("deep=true", True),
        ("deep=False", False), ("limit=3", 3), ("limit=text", "text"), ("limit=null", None), ("year=null", None),
        ('options={"b": null}', {"b": None}), ("when=[1]", [1]),
    ],
)  # fmt: skip
def test_a_value_has_the_type_of_its_default(word: str, value: Any) -> None:
    (found,) = values("-P", word).values()
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "word", ["year=abc", "year=1.5", "year=true", "rate=fast", "rate=[1]", "names=a", "names=1", "deep=1", "deep=yes",
             "options=[1]", "options=x"],
)  # fmt: skip
def test_another_type_is_refused(word: str) -> None:
    with pytest.raises(ParameterError, match=rf"^The parameter '{word.partition('=')[0]}' is .*, not '.*'\.$"):
        values("-P", word)


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("yaer", "year"), ("Year", "year"), ("yeer", "year"), ("years", "year"), ("rat", "rate"), ("lable", "label"),
        ("name", "names"), ("option", "options"), ("limt", "limit"), ("heigh", "high"),
    ],
)  # fmt: skip
def test_a_misspelt_name_is_refused_with_the_nearest(misspelt: str, meant: str) -> None:
    with pytest.raises(ParameterError, match=rf"no parameter '{misspelt}'\. Do you mean {meant}\?"):
        values("-P", f"{misspelt}=1")


def test_later_ways_win_over_earlier_ones(tmp_path: Path) -> None:
    table, file = tmp_path / "sets.csv", tmp_path / "values.json"
    table.write_text("year,rate,label,names\n1,1,1,\n2,0.25,07,\"['x', 'y']\"\n")
    file.write_text('{"rate": 3, "deep": true}')
    row = {"CONTAINERIZE_TABLE": str(table), "SLURM_ARRAY_TASK_ID": "1"}
    assert values(**row) == {"year": 2, "rate": 0.25, "label": "07", "names": ["x", "y"]}
    row["CONTAINERIZE_PARAMETERS"] = '{"year": 5, "rate": 5}'
    assert values("--parameters-file", str(file), "-Plabel=z", **row) == {
        "year": 5, "rate": 3.0, "label": "z", "names": ["x", "y"], "deep": True,
    }  # fmt: skip


@pytest.mark.parametrize("name", INDEX_VARIABLES)
def test_each_engine_tells_the_row(name: str, tmp_path: Path) -> None:
    table = tmp_path / "sets.jsonl"
    table.write_text('{"year": 1}\n\n{"year": 2}\n')
    assert values("--table", str(table), **{name: "1"}) == {"year": 2}
    assert values("--table", str(table), "--index=0", **{name: "1"}) == {"year": 1}
    with pytest.raises(ParameterError, match="has 2 rows, counted from 0: there is no row 2"):
        values("--table", str(table), **{name: "2"})


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--yaer", "1"], "'--yaer' is not an option"), (["-P"], "'-P' needs a value"),
        (["-P", "x"], "Write NAME=VALUE"),
        (["--table", "gone.csv"], "Which row of the table"), (["--table", "gone.csv", "--index", "0"], "can't be read"),
        (["--table", "gone.csv", "--index", "-1"], "not a number from 0"),
        (["--parameters-file", "gone.json"], "'gone.json' can't be read: No such file or directory"),
    ],
)  # fmt: skip
def test_wrong_words_are_refused(words: list[str], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        values(*words)


@pytest.mark.parametrize("text", ["[1]", "{", "", "1", '{"year": "x"}', '{"yaer": 1}', '{"year": [1]}'])
def test_a_variable_that_is_no_object_of_fitting_values_is_refused(text: str) -> None:
    with pytest.raises(ParameterError):
        values(CONTAINERIZE_PARAMETERS=text or " ")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_json_means_the_same_as_a_word_and_as_a_value(value: Any) -> None:
    known = {"x": Parameter("x", "", "", "")}
    assert from_text(known, "x", json.dumps(value)) == checked(known, "x", value) == value


@given(st.text(), st.sampled_from(["bool", "int", "float", "str", "list", "tuple", "dict", "set", ""]))
def test_any_text_is_taken_or_refused(text: str, kind: str) -> None:
    known = {"x": Parameter("x", "", kind, "")}
    try:
        value = from_text(known, "x", text)
    except ParameterError:
        return
    assert value is None or kind in ("", type(value).__name__)


@given(st.text(), st.lists(st.text()))
def test_the_nearest_is_a_known_one(name: str, known: list[str]) -> None:
    assert nearest(name, known) in {*known, ""}


def test_help_lists_the_parameters(tmp_path: Path) -> None:
    done = run(tmp_path, SCRIPT, "--help")
    assert done.returncode == 0
    assert "  year: int = 2023    the year to look at\n  rate: float = 0.5\n" in done.stdout
    assert "It has no parameters" in run(tmp_path, "# %% [cell 1]\n1\n", "--help").stdout


def test_a_refusal_runs_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, SCRIPT, "-P", "yaer=1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: The notebook has no parameter 'yaer'. Do you mean year?")


@pytest.mark.parametrize(
    ("words", "status", "stdout", "stderr"),
    [
        (["echo", "-P", "a"], 0, "-P a\n", ""),
        (["sh", "-c", "exit 7"], 7, "", ""),
        (["no-such-program"], 127, "", "error: 'no-such-program' can't be run in this image: No such file"),
        (["/"], 126, "", "error: '/' can't be run in this image: Permission denied"),
    ],
)
def test_a_command_runs_in_place_of_the_script(
    words: list[str], status: int, stdout: str, stderr: str, tmp_path: Path
) -> None:
    done = run(tmp_path, SCRIPT, *words)
    assert (done.returncode, done.stdout) == (status, stdout)
    assert done.stderr.startswith(stderr)


AS_PYTHON = [
    "def f():\n    return 1 / 0\nf()",
    "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise ValueError('é') from error",
    "raise ExceptionGroup('both', [ValueError(1), KeyError('a')])",
    "x = = 1",
    "import sys; sys.exit(3)",
    "import sys; sys.exit('because')",
    "raise SystemExit",
    "raise KeyboardInterrupt",
    "import warnings; warnings.warn('old')",
    "print(__name__, __file__, __doc__, __spec__, __package__, __cached__)",
    "'''Text.'''\nprint(__doc__)\nx: int = 1\nprint(__annotations__)",
    "import sys; print(sys.argv[1:], sys.argv, sys.path[0], sys.modules['__main__'].__file__)",
    "import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))) is A)",
    (
        "from multiprocessing import get_context\ndef f(x): return x * 2\n"
        "with get_context('fork').Pool(1) as pool: print(pool.map(f, [1, 2]))"
    ),
    "import atexit; atexit.register(print, 'bye'); print('hi')",
    "import script_parameters",
    "import os; os.kill(os.getpid(), 9)",
]


@pytest.mark.parametrize("code", AS_PYTHON)
def test_a_script_runs_as_python_runs_it(code: str, tmp_path: Path) -> None:
    done = run(tmp_path, f"{code}\n")
    plain = subprocess.run(
        [sys.executable, "a-b.py"],
        cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr, done.returncode) == (plain.stdout, plain.stderr, plain.returncode)


def test_values_keep_lines_and_future_imports(tmp_path: Path) -> None:
    text = (
        '"""About."""\nfrom __future__ import annotations\n\n# %% [cell 1] parameters\nyear = 1\n\n'
        "# %% [cell 2]\ndef f(x: Unknown) -> None:\n    raise ValueError(year, __doc__)\n\n# %% [cell 3]\nf(1)\n"
    )
    done = run(tmp_path, text, "-P", "year=2")
    lines = [line.strip() for line in done.stderr.splitlines()]
    assert [line.partition(", ")[2] for line in lines if line.startswith("File")] == [
        "line 12, in <module>",
        "line 9, in f",
    ]
    assert lines[-1] == "ValueError: (2, 'About.')"


def test_a_local_module_of_the_runners_name_is_the_scripts(tmp_path: Path) -> None:
    (tmp_path / "script_parameters.py").write_text("print('mine')\n")
    text = "# %% [cell 1] parameters\nx = 1\n\n# %% [cell 2]\nimport script_parameters\nprint(x)\n"
    assert run(tmp_path, text, "-P", "x=2").stdout == "mine\n2\n"
