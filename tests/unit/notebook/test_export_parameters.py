from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.notebook.parameters import literal, parameter_arguments, parameter_values, run_arguments
from jupyter_docker.task_runner.script_parameters import Parameter
from jupyter_docker.values.errors import UsageError
from tests.unit.notebook.export_case import code, export, run

X = (Parameter("x", "", "", ""),)


@pytest.mark.parametrize("word", ["a", "=1", "1a=1", "a b=1", "class=1", "a.b=1", "None=1", "__debug__=1", "", "a=\0"])
def test_what_is_no_parameter(word: str) -> None:
    with pytest.raises(UsageError) as caught:
        parameter_arguments([word])
    assert caught.value.message == f"'{word}' is not a parameter."


def test_files_give_way_to_single_values(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"x": 1, "y": "é"}')
    (tmp_path / "b.yaml").write_text("y: [1, null]\nz: 2024-01-31\n")
    words = parameter_arguments(["x=3"], [tmp_path / "a.json", tmp_path / "b.yaml"])
    assert words == ("x=3", "y=[1, null]", 'z="2024-01-31"')


@pytest.mark.parametrize("text", ["[1]", "x: [", "", "- a", "1"])
def test_a_file_without_names_and_values_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text)
    with pytest.raises(UsageError, match=r"a\.yaml"):
        parameter_arguments([], [tmp_path / "a.yaml"])


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_text_is_a_value_that_can_be_written(value: str) -> None:
    (found,) = parameter_values((Parameter("x", "''", "str", ""),), [f"x={value!r}"]).values()
    assert (found, literal(found)) == (value, repr(value))


def test_arguments_are_the_words_that_the_notebook_takes() -> None:
    assert run_arguments(X, ["x=1"]) == ("-P", "x=1")
    with pytest.raises(UsageError) as caught:
        run_arguments(X, ["y=1"])
    assert (caught.value.message, caught.value.hint) == ("The notebook has no parameter 'y'.", "It has x.")


def test_the_script_names_its_parameters_and_takes_values_when_it_runs(tmp_path: Path) -> None:
    script = export("x = 0", code("x = 1\ny = 2  # how many", "parameters"), "x, y").script
    assert "# %% [cell 2] parameters\nx = 1\n" in script.text
    assert script.parameters == (Parameter("x", "1", "int", ""), Parameter("y", "2", "int", "how many"))
    assert run(script, tmp_path).stdout == "(1, 2)\n"
    assert run(script, tmp_path, "-P", "x=5").stdout == "(5, 2)\n"


def test_values_are_set_in_ipython_too(tmp_path: Path) -> None:
    script = export(code("%time x = 1", "parameters"), "!echo {x}").script
    assert run(script, tmp_path, "-P", "x=5").status == 2
    script = export(code("x = 1\n!true", "parameters"), "!echo {x}").script
    assert run(script, tmp_path, "-P", "x=5").stdout == "5\n"
    assert run(script, tmp_path).stdout == "1\n"


def test_what_papermill_injected_gives_way(tmp_path: Path) -> None:
    cells = [code("x = 1", "parameters"), code("x = 2", "injected-parameters"), code("x")]
    for script in (export(*cells).script, export(*cells, "%time 1").script):
        assert run(script, tmp_path, "-P", "x=3").stdout.startswith("3\n")
        assert run(script, tmp_path).stdout.startswith("2\n")
