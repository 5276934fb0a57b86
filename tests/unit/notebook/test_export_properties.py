import ast
import contextlib
import io

from hypothesis import example, given, settings
from hypothesis import strategies as st
from IPython.core.displayhook import DisplayHook

from jupyter_docker.task_runner.script_parameters import read_parts
from jupyter_docker.values.errors import CellPosition, CellSyntaxError
from tests.unit.notebook.export_case import export

STATEMENTS = st.sampled_from(
    [
        "", "  ", "\f", "# note", "...", "None", "x = 1", "x = 'é' + \"ü\"", "x", "x;", "x; # c", "x  # c", "x; x",
        "x, 2", "(x,\n 2)", "(1), 2", "*[x], 1", "(x\n)", "(x := 4)", "1 + \\\n2", "é = 3; é", "[1,\n\n2]", "print(x)",
        "r'\\d'", "'''a\n# %% [cell 3]\n😀'''", "x = '''\n\n'''", "'x\u2028y'", "'\x0c'", "if x:\n    x", "x = 2",
        "def f():\n\n    return [\n1]", "f() if 'f' in globals() else None", "(lambda: (yield)).__name__",
        "import math; math.pi",
    ]
)  # fmt: skip
CELLS = st.lists(st.lists(STATEMENTS, min_size=1, max_size=5).map("\n".join), max_size=6)


def one_by_one(cells: list[str]) -> str:
    """Return what the cells print when each runs by itself, with Python's own way to show the last expression."""
    scope: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for cell in cells:
            module = ast.parse(cell)
            shown = module.body[-1:] if module.body and isinstance(module.body[-1], ast.Expr) else []
            if DisplayHook.semicolon_at_end_of_expression(cell):  # type: ignore[no-untyped-call]
                shown = []
            module.body = module.body[: len(module.body) - len(shown)]
            exec(compile(module, "cell", "exec"), scope)  # noqa: S102
            exec(compile(ast.Interactive(shown), "cell", "single"), scope)  # noqa: S102
    return printed.getvalue()


@given(CELLS)
@settings(deadline=None)
def test_the_script_prints_what_the_cells_print(cells: list[str]) -> None:
    start = ["x = 0", *cells]
    script = export(*start).script
    assert script.interpreter == "python"
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(script.text, script.name, "exec"), {})  # noqa: S102
    assert printed.getvalue() == one_by_one(start)


def is_subsequence(line: str, longer: str) -> bool:
    """Whether ``longer`` is ``line`` with more in between."""
    rest = iter(longer)
    return all(character in rest for character in line)


@given(CELLS)
@settings(deadline=None)
def test_each_line_is_found_where_it_is_in_the_notebook(cells: list[str]) -> None:
    for more in ([], ["!true"]):
        script = export(*cells, *more).script
        lines = script.text.split("\n")
        kept = [cell for cell in [*cells, *more] if cell.strip()]
        assert [cell.number for cell in script.cells] == list(range(1, len(kept) + 1))
        own = set()
        for cell, source in zip(script.cells, kept, strict=True):
            for number, line in enumerate(source.split("\n"), 1):
                place = cell.first_line + number - 1
                assert script.locate(place) == CellPosition(cell=cell.number, line=number)
                assert is_subsequence(line, lines[place - 1])
                own.add(place)
        assert all(script.locate(place) is None for place in range(len(lines) + 2) if place not in own)


LINES = st.text(max_size=8) | st.sampled_from(
    [
        "!ls", "%time x", "# %% [cell 2]", "# %%% [a]", "%%bash", "'''", "x = 1", "", "%pip install y", "\x0c",
        "\u2028", "?", "x \\", "  !ls", "x?", "if x:",
    ]
)  # fmt: skip
TEXTS = st.lists(st.lists(LINES, min_size=1, max_size=5).map("\n".join), min_size=1, max_size=5)


@given(TEXTS)
@example(["0\n  0\n 0"])
@settings(deadline=None)
def test_the_runner_reads_the_cells_that_were_exported(cells: list[str]) -> None:
    try:
        script = export(*cells, "!true").script
    except CellSyntaxError:
        return
    assert script.interpreter == "ipython"
    lines = script.text.split("\n")
    read = [(part.name, part.source) for part in read_parts(script.text) if part.name.startswith("cell ")]
    assert all(lines[part.line - 1 : part.end] == part.source.split("\n") for part in read_parts(script.text))
    assert read == [
        (f"cell {cell.number}", "\n".join(lines[cell.first_line - 1 : cell.first_line - 1 + cell.line_count]))
        for cell in script.cells
    ]
    assert [cell.source.count("\n") for cell in script.cells] == [cell.code.count("\n") for cell in script.cells]
