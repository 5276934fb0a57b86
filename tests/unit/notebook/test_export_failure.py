from pathlib import Path

import pytest

from jupyter_docker.notebook.script import export_cell
from jupyter_docker.notebook.tracebacks import last_error, locate_failure
from jupyter_docker.values.errors import CellPosition
from jupyter_docker.values.script import Script
from tests.unit.notebook.export_case import code, export, run


def failure(script: Script, folder: Path) -> CellPosition | None:
    done = run(script, folder)
    assert done.status == 1
    return locate_failure(script, done.stderr)


@pytest.mark.parametrize(
    ("cells", "position"),
    [
        (("x = 1", "", "y = 2\n\n1/0"), CellPosition(cell=2, line=3)),
        (("def f():\n    return 1/0", "f()"), CellPosition(cell=1, line=2)),
        (("try:\n    1/0\nexcept Exception as e:\n    raise ValueError from e",), CellPosition(cell=1, line=4)),
        (("import json", "json.loads('{')"), CellPosition(cell=2, line=1)),
        (("eval('1 +')",), CellPosition(cell=1, line=1)),
        (("raise ExceptionGroup('g', [ValueError(1)])",), CellPosition(cell=1, line=1)),
        (("\n\n\nnope",), CellPosition(cell=1, line=4)),
    ],
)
def test_in_both_modes(cells: tuple[str, ...], position: CellPosition, tmp_path: Path) -> None:
    plain, ipython = export(*cells).script, export(*cells, "!true").script
    assert (plain.interpreter, ipython.interpreter) == ("python", "ipython")
    assert failure(plain, tmp_path) == position
    assert failure(ipython, tmp_path) == position


def test_below_blank_lines_and_continued_magics(tmp_path: Path) -> None:
    assert failure(export("\n\n!true \\\n  x\n\n1/0").script, tmp_path) == CellPosition(cell=1, line=6)


def test_a_failing_line_of_a_timed_cell(tmp_path: Path) -> None:
    position = failure(export("x = 1", "%%time\ny = 1\n1/0").script, tmp_path)
    assert position is not None
    assert position.cell == 2


def test_cells_that_are_skipped_keep_their_numbers(tmp_path: Path) -> None:
    for more in ("", "!true"):
        assert failure(export(code("1/0", "skip"), "1/0", more).script, tmp_path) == CellPosition(cell=2, line=1)


def test_colours_are_no_obstacle() -> None:
    script = export("!true", "1/0").script
    printed = (
        "\x1b[31mZeroDivisionError\x1b[39m\r\n\x1b[36mCell\x1b[39m \x1b[32mIn[2]\x1b[39m\x1b[32m, line 1\x1b[39m\r\n"
    )
    assert locate_failure(script, printed) == CellPosition(cell=2, line=1)


def test_older_ipython() -> None:
    script = export("!true", "x = 1\n1/0").script
    assert locate_failure(script, "Input In [2], in <cell line: 2>()\n") == CellPosition(cell=2, line=2)


@pytest.mark.parametrize(
    "printed", ["", "Killed\n", 'File "/app/other.py", line 1', "Cell In[99], line 1", 'File "<string>", line 1']
)
def test_nowhere(printed: str) -> None:
    for cells in (["1/0"], ["!true"]):
        assert locate_failure(export(*cells).script, printed) is None


def test_a_line_between_cells_is_nowhere() -> None:
    script = export("1/0").script
    assert locate_failure(script, f'  File "/app/{script.name}", line 2, in <module>') is None


@pytest.mark.parametrize("source", ["x = 1\n1/0", "!true\n1/0"])
def test_a_lone_cell_has_its_own_number(source: str, tmp_path: Path) -> None:
    script = export_cell(source, number=12, emit=lambda _: None)
    assert (script.name.partition(".")[0], script.source) == ("cell-notebook", None)
    assert failure(script, tmp_path) == CellPosition(cell=12, line=2)


def test_an_empty_lone_cell() -> None:
    assert export_cell(" \n", emit=lambda _: None).cells == ()


def test_a_lone_cell_installs_from_its_folder(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("pandas")
    script = export_cell("%pip install -r r.txt", folder=tmp_path, emit=lambda _: None)
    assert [declared.requirement for declared in script.declared] == ["pandas"]


RAISE = "class {name}(Exception): pass\nraise {name}('what went wrong')"
HANDLED = "import traceback\ntry:\n    1/0\nexcept ArithmeticError:\n    traceback.print_exc()\n"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (RAISE.format(name="Oops"), "Oops: what went wrong"),
        (RAISE.format(name="out_of_range"), "out_of_range: what went wrong"),
        (RAISE.format(name="Überlauf"), "Überlauf: what went wrong"),
        (RAISE.format(name="HTTP404"), "HTTP404: what went wrong"),
        (RAISE.format(name="A"), "A: what went wrong"),
        ("class TimedOut(Exception): pass\nraise TimedOut", "TimedOut"),
        ("import json\njson.loads('{')", "JSONDecodeError: Expecting property name enclosed in double quotes"),
        ("raise RuntimeError('one\\n\\ntwo\\nValueError: three')", "RuntimeError: one"),
        ("e = KeyError('a')\ne.add_note('Oops: a note')\nraise e", "KeyError: 'a'"),
        (HANDLED + "raise LookupError('another')", "LookupError: another"),
        (HANDLED + "print('ValueError: only a line')\nraise LookupError('another')", "LookupError: another"),
        ("try:\n    1/0\nexcept Exception as e:\n    raise StopIteration('it') from e", "StopIteration: it"),
        ("try:\n    1/0\nexcept Exception:\n    raise StopIteration('it')", "StopIteration: it"),
        ("raise ExceptionGroup('many', [ValueError(1), KeyError(2)])", "ExceptionGroup: many (2 sub-exceptions)"),
        ("eval('1 +')", "SyntaxError: invalid syntax"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("more", ["", "!true"])
def test_an_error_is_named_by_its_place_and_not_by_its_name(code: str, error: str, more: str, tmp_path: Path) -> None:
    done = run(export(code, more).script, tmp_path)
    assert last_error(done.stderr).rpartition("__main__.")[2].rpartition("json.decoder.")[2].startswith(error)


def test_a_log_without_a_traceback_names_no_error() -> None:
    assert last_error("ready\nTraceback of the route: none\nValueErrors: 0\n") == ""
