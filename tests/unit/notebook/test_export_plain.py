from pathlib import Path

import pytest

from jupyter_docker.notebook.script import export_script, script_name
from jupyter_docker.notebook.tracebacks import locate_failure
from jupyter_docker.values.errors import CellPosition, CellSyntaxError
from tests.unit.notebook.export_case import code, export, notebook, run, text


def shown(*cells: str) -> list[str]:
    exported = export(*cells)
    assert exported.script.interpreter == "python"
    return exported.body


def test_the_whole_script() -> None:
    script = export(
        text("# Title\n\nText"), "import math", "", code("1/0", "skip"), "math.pi", text("raw", "raw")
    ).script
    assert script.text == (
        "# Exported by jupyter-containerize: a marker line begins each cell of the notebook.\n"
        "from sys import displayhook as _show  # shows a cell's last value\n"
        "\n"
        "# %% [markdown]\n"
        "# # Title\n"
        "#\n"
        "# Text\n"
        "\n"
        "# %% [cell 1]\n"
        "import math\n"
        "\n"
        "# %% [skipped cell 2]\n"
        "# 1/0\n"
        "\n"
        "# %% [cell 3]\n"
        "_show(math.pi)\n"
        "\n"
        "# %% [raw]\n"
        "# raw\n"
        "\n"
    )
    assert [(cell.number, cell.index, cell.first_line, cell.source) for cell in script.cells] == [
        (1, 1, 10, "import math"),
        (3, 4, 16, "math.pi"),
    ]
    assert script.locate(16) == CellPosition(cell=3, line=1)


@pytest.mark.parametrize("cells", [(), ("", " \n\t"), (text("# only words"),)])
def test_nothing_to_run(cells: tuple[str, ...], tmp_path: Path) -> None:
    script = export(*cells).script
    assert script.cells == ()
    assert "_show" not in script.text
    assert run(script, tmp_path).__dict__ == {"stdout": "", "stderr": "", "status": 0}


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("x = 1\nx", ["x = 1", "_show(x)"]),
        ("x = 1", ["x = 1"]),
        ("x;", ["x;"]),
        ("x ; # quiet", ["x ; # quiet"]),
        ("x  # comment; here", ["_show(x)  # comment; here"]),
        ("print(1)", ["print(1)"]),
        ("1, 2", ["_show((1, 2))"]),
        ("(1, 2)", ["_show((1, 2))"]),
        ("(1), 2", ["_show(((1), 2))"]),
        ("((1), 2),", ["_show((((1), 2),))"]),
        ("*[1], 2", ["_show((*[1], 2))"]),
        ("1,", ["_show((1,))"]),
        ("()", ["_show(())"]),
        ("(1 +\n 2)  # sum", ["_show((1 +", " 2))  # sum"]),
        ("1 + \\\n2", ["_show(1 + \\", "2)"]),
        ("é = 'ü'; é  # ö", ["é = 'ü'; _show(é)  # ö"]),
        ("'''a\n😀'''", ["_show('''a", "😀''')"]),
        ("(y := 5)", ["_show((y := 5))"]),
        ("(i for i in [])", ["_show((i for i in []))"]),
        ("if True:\n    1", ["if True:", "    1"]),
        ("lambda: 1, 2", ["_show((lambda: 1, 2))"]),
        ("\n\n1\n\n# end", ["", "", "_show(1)", "", "# end"]),
        ("x = '_show'\nx", ["x = '_show'", "__show(x)"]),
    ],
)
def test_the_last_expression_is_shown(source: str, lines: list[str]) -> None:
    assert shown(source) == lines


def test_a_print_of_the_users_own_is_shown() -> None:
    assert shown("def print(x): return x", "print(1)")[-1] == "_show(print(1))"


def test_values_are_printed_as_in_a_notebook(tmp_path: Path) -> None:
    script = export("x = 3\nx", "None", "'é', x", "_", "x;", "[x,\n x]", "_").script
    done = run(script, tmp_path)
    assert (done.stdout, done.stderr, done.status) == ("3\n('é', 3)\n('é', 3)\n[3, 3]\n[3, 3]\n", "", 0)


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("%matplotlib inline", ["# %matplotlib inline  (not needed in a container)"]),
        ("%config InlineBackend.figure_format = 'svg'", ["# %config InlineBackend.figure_format = 'svg'  ({})"]),
        ("%load_ext autoreload\n%autoreload 2", ["# %load_ext autoreload  ({})", "# %autoreload 2  ({})"]),
        ("%reload_ext jupyter_docker  # us", ["# %reload_ext jupyter_docker  # us  ({})"]),
        ("%containerize run -v \\\n  a:b", ["# %containerize run -v \\", "# a:b  ({})"]),
        ("  %matplotlib inline\n  x = 1", ["# %matplotlib inline  ({})", "x = 1"]),
        ("if True:\n    %autoreload 2", ["if True:", "    pass  # %autoreload 2  ({})"]),
        ("1\n%matplotlib inline", ["1", "pass  # %matplotlib inline  ({})"]),
        ("1\n%matplotlib inline\n2", ["1", "# %matplotlib inline  ({})", "_show(2)"]),
        ("%aimport math, os", ["import math, os  # %aimport math, os  (not reloaded in a container)"]),
        ("matplotlib inline", ["# %matplotlib inline  ({})"]),
        ("%%containerize --rm\nx = 1\nx", ["# %%containerize --rm  ({})", "x = 1", "_show(x)"]),
        ("\n%%containerize", ["", "# %%containerize  ({})"]),
        (">>> x = 1\n>>> x", ["x = 1", "_show(x)"]),
        ("In [3]: x = 1", ["x = 1"]),
    ],
)
def test_what_means_nothing_in_a_container_becomes_a_comment(source: str, lines: list[str]) -> None:
    assert shown(source) == [line.replace("{}", "not needed in a container") for line in lines]


def test_a_text_that_looks_like_a_magic_is_left_alone() -> None:
    source = "x = '''\n%matplotlib inline\n!pip install foo\n'''"
    exported = export(source)
    assert exported.body == source.split("\n")
    assert exported.requirements == []


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("x = 1\ny = = 2", 2, "invalid syntax"),
        ("return 1", 1, "'return' outside function"),
        ("!ls \\\n  -l\nx = (", 3, "'(' was never closed"),
        ("%%time\n\nx = = 1", 3, "invalid syntax"),
        ("%%capture\n%pip install foo\nif x\n", 3, "expected ':'"),
        ("def f():\n    await x", 2, "'await' outside async function"),
    ],
)
def test_a_syntax_error_is_found(source: str, line: int, reason: str) -> None:
    with pytest.raises(CellSyntaxError) as caught:
        export("ok = 1", "", source)
    text = source.split("\n")[line - 1].strip()
    assert caught.value.position == CellPosition(cell=2, line=line)
    assert caught.value.message == f"Cell 2, line {line} is not valid Python: {reason}\n    {text}"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1\0", "Cell 1 is not valid Python: source code string cannot contain null bytes"),
        ("-" * 100_000 + "1", "Cell 1 is not valid Python: it is nested too deeply"),
    ],
)
def test_text_that_python_refuses_is_an_error_too(source: str, message: str) -> None:
    with pytest.raises(CellSyntaxError) as caught:
        export(source)
    assert (caught.value.message, caught.value.position) == (message, CellPosition(cell=1))


def test_an_install_line_without_its_sign_gets_a_hint() -> None:
    with pytest.raises(CellSyntaxError) as caught:
        export("x = 1\npip install pandas")
    assert caught.value.hint == "Write it as a magic: %pip install pandas"


def test_invalid_escapes_warn_in_the_run_only() -> None:
    assert shown(r"x = '\d'") == [r"x = '\d'"]


def test_future_imports_stay_first(tmp_path: Path) -> None:
    script = export(
        '"""Doc"""\nfrom __future__ import annotations  # why', "def f(x: nope): pass\nf.__annotations__"
    ).script
    assert script.interpreter == "python"
    assert "annotations; from sys import displayhook as _show  # why\n" in script.text
    assert run(script, tmp_path).stdout == "{'x': 'nope'}\n"


def test_a_later_future_import_needs_ipython(tmp_path: Path) -> None:
    script = export("x = 1", "from __future__ import annotations", "def f(x: nope): pass\nf.__annotations__").script
    assert script.interpreter == "ipython"
    assert run(script, tmp_path).stdout == "{'x': 'nope'}\n"


def test_an_encoding_line_of_a_cell_has_no_effect(tmp_path: Path) -> None:
    assert run(export("# -*- coding: latin-1 -*-\nprint('é')").script, tmp_path).stdout == "é\n"


def test_the_same_text_whatever_the_outputs() -> None:
    first = code("x = 1\nx")
    second = {**first, "id": "abc", "execution_count": 7, "outputs": [{"output_type": "stream", "text": "1"}]}
    assert export(first).script == export(second).script


@pytest.mark.parametrize("name", ["numpy", "random", "analysis", "données", "2024", "分析", "", "my-plot", "a.b"])
def test_the_name_is_none_that_an_import_finds(name: str) -> None:
    assert not script_name(name, "py").removesuffix(".py").isidentifier()


def test_a_notebook_named_as_what_it_imports_runs(tmp_path: Path) -> None:

    script = export_script(
        notebook("import random\nrandom.__name__, len(random.__file__) > 0"),
        source=None,
        name="random",
        emit=lambda _: None,
    )
    assert script.name == "random-notebook.py"
    assert run(script, tmp_path).stdout == "('random', True)\n"


def test_many_cells(tmp_path: Path) -> None:
    cells = [f"x{number} = {number}\nx{number} if {number} == 4999 else None" for number in range(5000)]
    script = export(*cells).script
    assert len(script.cells) == 5000
    last = script.cells[-1]
    assert script.locate(last.first_line + 1) == CellPosition(cell=5000, line=2)
    assert run(script, tmp_path).stdout == "4999\n"


def test_a_failure_is_where_python_says(tmp_path: Path) -> None:
    script = export("def f():\n    return 1/0", text("words"), "x = 1\n\nf()").script
    done = run(script, tmp_path)
    assert done.status == 1
    assert locate_failure(script, done.stderr) == CellPosition(cell=1, line=2)


def test_lone_surrogates_can_be_written(tmp_path: Path) -> None:
    assert run(export("print('\ud800')").script, tmp_path, options=["-W", "error"]).stdout == "?\n"


FIGURES = (
    "import matplotlib.pyplot as plt\nplt.subplot(projection='3d');",
    "plt.text(0, 0, 'flat');",
    "plt.get_fignums()",
)


@pytest.mark.parametrize("ipython", [[], ["!true"]])
def test_a_cell_draws_on_no_figure_of_another(ipython: list[str], tmp_path: Path) -> None:
    done = run(
        export("from __future__ import annotations", *FIGURES, *ipython).script, tmp_path, env={"MPLBACKEND": "Agg"}
    )
    assert (done.stdout, done.stderr, done.status) == ("[]\n", "", 0)


def test_a_figures_end_shifts_no_line_of_a_cell(tmp_path: Path) -> None:
    script = export(*FIGURES, "_close_figures = 1\n\n1/0").script
    assert "__close_figures()" in script.text
    position = locate_failure(script, run(script, tmp_path, env={"MPLBACKEND": "Agg"}).stderr)
    assert position is not None
    assert (position.cell, position.line) == (4, 3)


def test_what_draws_nothing_has_nothing_to_close() -> None:
    assert "figures" not in export("import plotly.express as px", "px.scatter()").script.text
    assert "figures" not in export("import matplotlib").script.text
