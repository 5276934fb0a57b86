import ast
from pathlib import Path
from typing import Any

import pytest

from jupyter_docker.values.script import Script
from tests.unit.notebook.export_case import code, export, run, text


def plain(*cells: str) -> bool:
    return export(*cells).script.interpreter == "python"


@pytest.mark.parametrize(
    "source",
    [
        "%time x = 1",
        "!ls",
        "files = !ls",
        "x = %pwd",
        "%%bash\nls",
        "%%time\nx = 1",
        "display(1)",
        "def f(): display(1)",
        "get_ipython().system('ls')",
        "Out[1]",
        "_1",
        "await f()",
        "[x async for x in f()]",
        "async with f(): pass",
        "ls",
        "ls -l",
        "pwd;",
        "cd ..",
        "exit",
        "%config Completer.use_jedi = False",
        "%load_ext tensorboard",
        "%pwd\nfrom __future__ import division",
        "import os\nfrom __future__ import annotations",
        "from IPython import get_ipython\nshell = get_ipython()",
        "import IPython\nshell = IPython.get_ipython()",
        "from IPython.core.magic import register_line_magic",
        "from IPython.core.interactiveshell import InteractiveShell",
        "import IPython.lib.backgroundjobs",
        "from IPython.display import display\nhandle = display(1, display_id=True)",
    ],
)
def test_what_needs_ipython(source: str) -> None:
    script = export(source).script
    assert script.interpreter == "ipython"
    assert script.name == "my-notebook.ipy"
    ast.parse(script.cells[0].code)


@pytest.mark.parametrize(
    "cells",
    [
        ("from IPython.display import display\ndisplay(1)",),
        ("from IPython import display\nfrom IPython.core.display import HTML\nimport IPython.display as d",),
        ("import IPython", "IPython.display.HTML('')"),
        ("display = print", "display(1)"),
        ("def f(display): return display",),
        ("ls = [1]", "ls"),
        ("import time", "time"),
        ("time.time",),
        ("ls = 1",),
        ("x = 5 % 3", "y = 1 if x != 2 else 3"),
        ("async def f():\n    await g()",),
        ("_",),
        ("!pip install x",),
        ("len?",),
        ("?len",),
        ("import os\nos.path??\n?",),
        ("%containerize?", "%%containerize?"),
        ("np.*load*?",),
    ],
)
def test_what_is_plain_python(cells: tuple[str, ...]) -> None:
    assert plain(*cells)


def test_what_asks_for_help_leaves_the_script_and_shows_nothing(tmp_path: Path) -> None:
    cells = ("x = 5\nx\nlen?", "if x:\n    ?len\nprint(x)", "x")
    script = export(*cells).script
    assert script.interpreter == "python"
    assert run(script, tmp_path).stdout == "5\n5\n"
    assert [cell.code.count("\n") for cell in script.cells] == [2, 2, 0]
    beside_magics = export(*cells, "%time len?\n!ls").script
    assert beside_magics.interpreter == "ipython"
    assert "pinfo" not in "".join(cell.code for cell in beside_magics.cells)


def test_a_skipped_cell_does_not_count() -> None:
    assert export(code("!ls", "skip"), code("%%bash\nls", "containerize-skip"), code("?", "skip-execution")).body == []


def test_a_cell_that_may_raise_needs_ipython() -> None:
    assert "# %% [cell 1] raises-exception\n1/0\n" in export(code("1/0", "raises-exception")).script.text


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("%%time\nimport pandas", "\nimport pandas"),
        ("%time import pandas", "import pandas"),
        ("%timeit -n 10 -r3 f(1)", "f(1)"),
        ("%%timeit import pandas\nf()", "import pandas\nf()"),
        ("!ls \\\n  -l\nx = 1", "get_ipython().system('ls    -l')\n\nx = 1"),
        ("x = !ls", "x = get_ipython().getoutput('ls')"),
        ("%run helper.py", "get_ipython().run_line_magic('run', 'helper.py')"),
        ("%%bash -s\nls\n", "get_ipython().run_cell_magic('bash', '-s', 'ls\\n')\n\n"),
        ("%%capture out\n%pip install x\nimport y", "\n# %pip install x  (installed in the image)\nimport y"),
    ],
)
def test_the_code_is_python_line_for_line(source: str, python: str) -> None:
    (cell,) = export(source).script.cells
    assert cell.code == python
    assert cell.source == source
    assert len(cell.code.split("\n")) == cell.line_count


def test_the_text_of_cells_is_kept() -> None:
    script = export(text("# T"), "!ls\n\n", "x = 1\nx").script
    assert script.text == (
        "# Exported by jupyter-containerize: a marker line begins each cell of the notebook.\n"
        "\n"
        "# %% [markdown]\n"
        "# # T\n"
        "\n"
        "# %% [cell 1]\n"
        "!ls\n"
        "\n"
        "\n"
        "\n"
        "# %% [cell 2]\n"
        "x = 1\n"
        "x\n"
        "\n"
    )


def outputs(folder: Path, *cells: str) -> list[str]:
    done = run(export(*cells).script, folder)
    assert (done.stderr, done.status) == ("", 0)
    return done.stdout.split("\n")[:-1]


def test_magics_run(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("y = 6\nprint('helper', __name__)")
    (tmp_path / "sub").mkdir()
    lines = outputs(
        tmp_path,
        "x = 5\nprint('a', end='')\n!echo shell $x {x + 1}",
        "files = !echo one two\nfiles",
        "%%bash\necho from bash",
        "%env WORD=w\nimport os; os.environ['WORD']",
        "%run helper.py\ny",
        "%cd sub",
        "import pathlib; pathlib.Path.cwd().name",
        "%%capture seen\nprint('hidden')\n!echo below",
        "seen.stdout",
        "%%writefile out.txt\nline\n",
        "open('out.txt').read()",
        "display({'a': 1})\n{'b': 2}",
        "pwd;",
        "%matplotlib inline\n%config InlineBackend.figure_format = 'svg'",
    )
    assert lines == [
        "ashell 5 6",
        "['one two']",
        "from bash",
        "env: WORD=w",
        "'w'",
        "helper __main__",
        "6",
        str(tmp_path / "sub"),
        "'sub'",
        "'hidden\\nbelow\\n'",
        "Writing out.txt",
        "'line\\n'",
        "{'a': 1}",
        "{'b': 2}",
        repr(str(tmp_path / "sub")),
    ]


def test_times_are_shown(tmp_path: Path) -> None:
    lines = outputs(tmp_path, "%%time\nx = 1", "%timeit -n1 -r1 x", "%time print(x)")
    assert [line.split(":")[0] for line in lines if "loop" not in line] == [
        "CPU times",
        "Wall time",
        "1",
        "CPU times",
        "Wall time",
    ]
    assert sum("1 loop each" in line for line in lines) == 1


def test_awaiting(tmp_path: Path) -> None:
    lines = outputs(
        tmp_path,
        "import asyncio\nawait asyncio.sleep(0, 'slept')",
        "task = asyncio.create_task(asyncio.sleep(0, 'task'))",
        "await task",
    )
    assert lines == ["'slept'", "'task'"]


def test_values_are_shown_the_same_way_as_in_plain_python(tmp_path: Path) -> None:
    cells = ["x = list(range(40))\nx", "{'b': 1, 'a': set()}", "x[:2],", "'é'", "x;", "None", "_"]
    both = [export(*cells, *more).script for more in ([], ["%pwd;"])]
    assert [script.interpreter for script in both] == ["python", "ipython"]
    first, second = (run(script, tmp_path).stdout for script in both)
    assert first == second


def test_a_nested_containerize_never_runs(tmp_path: Path) -> None:
    exported = export("%%containerize\n%%bash\necho inner", "%%time\n%%containerize\n1", "get_ipython() is None")
    assert not any("containerize" in line for line in exported.body if not line.startswith("# "))
    assert run(exported.script, tmp_path).stdout.startswith("inner\n")


@pytest.mark.parametrize(
    "marker", ["# %% [cell 2]", "# %% [markdown]", "# %%% [x]", "# %%%%%% [cell 9] raises-exception"]
)
def test_a_line_like_a_marker_is_a_cells_own(marker: str, tmp_path: Path) -> None:
    cells: list[dict[str, Any] | str] = [text(marker[2:]), f"x = '''\n{marker}\n'''\n!echo one", f"{marker}\nx.strip()"]
    script: Script = export(*cells).script
    done = run(script, tmp_path)
    assert (done.stdout, done.stderr) == (f"one\n{marker!r}\n", "")


def test_a_notebook_for_a_helper_beside_it(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("def f(): return 7")
    assert outputs(tmp_path, "import helper\nhelper.f()", "!true") == ["7"]
