"""Imports are found as Python sees them, with the cell and line that need each."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from jupyter_docker.freeze.scan.imports import Import, find_imports, scan_source
from jupyter_docker.freeze.scan.magics import without_magics
from jupyter_docker.values.errors import CellPosition
from jupyter_docker.values.script import Cell, Script


def transformed(source: str) -> str:
    manager = TransformerManager()  # type: ignore[no-untyped-call]
    return str(manager.transform_cell(source))


def script(*sources: str) -> Script:
    """A script of cells as IPython's own transform leaves them."""
    cells = [
        Cell(number=number, index=number, first_line=1, source=source, code=transformed(source))
        for number, source in enumerate(sources, 1)
    ]
    return Script(name="x.py", text="", source=None, cells=tuple(cells))


def found(*sources: str) -> list[tuple[str, ...]]:
    return [each.candidates for each in find_imports(script(*sources))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import pandas as pd, os.path", [("pandas",), ("os.path",)]),
        ("from google.cloud import storage, bigquery as bq", [("google.cloud.storage", "google.cloud.bigquery")]),
        ("from numpy import *", [("numpy",)]),
        ("from . import x\nfrom .y import z\nfrom ..a.b import c", []),
        ("def f():\n    import six\n", [("six",)]),
        ("class A:\n    async def f(self):\n        import six\n", [("six",)]),
        ("await f()\nimport six", [("six",)]),
        ("import importlib\nm = importlib.import_module('a.b')", [("importlib",), ("a.b",)]),
        ("m = __import__('six')", [("six",)]),
        ("m = import_module(name)\nn = import_module('.rel', 'pkg')\no = import_module()", []),
        ("name = 'six'\nimport_module(name)", [("six",)]),
        ("for name in ['six', 'attr']:\n    import_module(name)", [("six",), ("attr",)]),
        ("names = ('six', 'attr')\nall_ = {n: import_module(n) for n in names}", [("six",), ("attr",)]),
        ("exec('import six')\ncode = 'import attr'\nexec(code)", [("six",), ("attr",)]),
        ("eval('1 + 1')\nexec('not python')\nexec(text)", []),
        ("%load_ext line_profiler", [("line_profiler",)]),
        ("%load_ext autoreload\n%autoreload 2", []),
        ("%run -m mypkg.tool --flag", [("mypkg.tool",)]),
        ("%time import six", [("six",)]),
        ("%timeit -n 10 -r 3 import six", [("six",)]),
        ("%%time\nimport six\n!ls\nfiles = !ls\nx = %who_ls\nimport attr", [("six",), ("attr",)]),
        ("%%capture out\n%matplotlib inline\nimport six", [("six",)]),
        ("%%bash\nimport six", []),
        ("%%html\n<script>import x from 'y'</script>", []),
        ("%pylab", [("matplotlib",), ("numpy",)]),
        ("!pip list\nimport six", [("six",)]),
        ("# import six\n'import six'", []),
        ("this isn't python\nimport six", []),
    ],
)  # fmt: skip
def test_what_one_cell_imports(source: str, expected: list[tuple[str, ...]]) -> None:
    assert found(source) == expected


@pytest.mark.parametrize(
    ("source", "optional"),
    [
        ("name = 'six'\nimport_module(name)", True),
        ("import_module('six')", False),
        ("exec('import six')", True),
        ("try:\n    import six\nexcept ImportError:\n    pass", True),
        ("try:\n    import six\nexcept (ValueError, ModuleNotFoundError):\n    pass", True),
        ("try:\n    import six\nexcept Exception as e:\n    pass", True),
        ("try:\n    import six\nexcept:\n    pass", True),
        ("try:\n    1\nexcept ImportError:\n    import six", True),
        ("try:\n    if x:\n        def f():\n            import six\nexcept ImportError:\n    pass", True),
        ("import contextlib\nwith contextlib.suppress(ImportError):\n    import six", True),
        ("if IN_COLAB:\n    import six", True),
        ("if x:\n    pass\nelse:\n    import six", True),
        ("if False:\n    import six", True),
        ("%matplotlib inline", True),
        ("try:\n    import six\nexcept ValueError:\n    pass", False),
        ("try:\n    1\nexcept ImportError:\n    pass\nelse:\n    import six", False),
        ("try:\n    1\nexcept ImportError:\n    pass\nfinally:\n    import six", False),
        ("try:\n    import six\nfinally:\n    pass", False),
        ("if __name__ == '__main__':\n    import six", False),
        ("if True:\n    import six", False),
        ("with open('x') as f:\n    import six", False),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\nelse:\n    import six", False),
    ],
)
def test_what_the_code_can_do_without(source: str, optional: bool) -> None:
    assert [each.optional for each in find_imports(script(source)) if each.module in {"six", "matplotlib"}] == [
        optional
    ]


@pytest.mark.parametrize("test", ["TYPE_CHECKING", "typing.TYPE_CHECKING"])
def test_what_is_for_type_checkers_is_left_out(test: str) -> None:
    assert found(f"if {test}:\n    import six") == []


def test_each_import_has_its_cell_line_and_text() -> None:
    first, second, third = find_imports(
        script("import os\n\nimport pandas as pd  # frames", "", "%%time\n# slow\nfrom sklearn import svm")
    )[0:3]
    assert (first.position, first.text) == (CellPosition(cell=1, line=1), "import os")
    assert (second.position, second.why) == (CellPosition(cell=1, line=3), "cell 1: import pandas as pd  # frames")
    assert (third.position, third.location) == (CellPosition(cell=3, line=3), "cell 3, line 3")
    assert third.text == "from sklearn import svm"


def test_run_names_a_file() -> None:
    sources = [
        "%run helper.py --x 1",
        "%run -i helper",
        "%run 'my notebook.ipynb'",
        "%run $name",
        "%run {name}",
        "%run",
    ]
    found = find_imports(script(*sources))
    assert [each.path for each in found if each.path] == ["helper.py", "helper.py", "my notebook.ipynb"]
    assert [(each.module, each.optional, each.cell) for each in found if not each.path] == [("nbformat", True, 3)]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("%%writefile mod.py\nimport six", "import mod", [("six",)]),
        ("%%writefile -a mod.py\nimport six", "from mod import f", [("six",)]),
        ("%%file pkg/__init__.py\nfrom . import a", "import pkg.sub", []),
        ("%%writefile pkg/sub.py\n", "import pkg\nfrom pkg import sub", []),
        ("%%writefile src/mod.py\n", "import mod", []),
        ("%%writefile mod.py\nx = 1", "%run mod.py", []),
        ("%%writefile data.txt\nimport six", "import data", [("data",)]),
        ("%%writefile mod.py\nx = 1", "import module", [("module",)]),
        ("import mod", "%%writefile mod.py\nx = 1", []),
    ],
)
def test_what_the_notebook_writes_is_its_own(first: str, second: str, expected: list[tuple[str, ...]]) -> None:
    assert found(first, second) == expected


def test_the_body_of_a_written_file_has_the_cells_lines() -> None:
    (each,) = find_imports(script("%%writefile mod.py\n\nimport six"))
    assert (str(each.position), each.text) == ("cell 1, line 3", "import six")


def test_relative_imports_of_a_file_are_kept_with_their_level() -> None:
    scan = scan_source("from ..a import b\nfrom . import c", where="p.py")
    assert scan is not None
    assert scan.imports == (
        Import(module="a", members=("b",), level=2, line=1, where="p.py", text="from ..a import b"),
        Import(module="", members=("c",), level=1, line=2, where="p.py", text="from . import c"),
    )


def test_a_file_that_does_not_parse_is_none() -> None:
    assert scan_source("def", where="x.py") is None
    assert scan_source("x = '\0'", where="x.py") is None


def test_deeply_nested_code_is_read() -> None:
    source = "import six\nx = " + "+".join(["1"] * 500) + "\n" + "".join(f"{' ' * n}if x:\n" for n in range(90))
    assert found(source + " " * 90 + "import attr") == [("six",), ("attr",)]


def test_warnings_about_the_users_strings_are_not_ours_to_give() -> None:
    assert found(r"import six; x = '\d'") == [("six",)]


NAMES = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
WORDS = st.sampled_from(
    ["import ", "from ", "try:\n", "except ImportError:\n", "if x:\n", "    ", "\n", "%run ", "%%time\n", "!", "(", "'",
     "%load_ext ", "%%writefile a.py\n", "-m ", "import_module(", ".", ",", "as ", "await ", "$", "{", "\\", "#",
     "é", "\r"]
)  # fmt: skip


@given(st.lists(st.one_of(WORDS, NAMES, st.text(max_size=4)), max_size=25).map("".join))
def test_no_cell_crashes_the_finder(source: str) -> None:
    cell = Cell(number=1, index=0, first_line=1, source=source, code=source)
    magic = Cell(
        number=2, index=1, first_line=1, source=source, code=f"get_ipython().run_line_magic('run', {source!r})"
    )
    for each in find_imports(Script(name="x.py", text="", source=None, cells=(cell, magic))):
        assert each.level == 0
        assert each.module or each.path


@given(st.lists(NAMES, min_size=1, max_size=3).map(".".join), NAMES)
def test_every_import_statement_is_found(module: str, member: str) -> None:
    try:
        ast.parse(f"import {module}\nfrom {module} import {member}")
    except SyntaxError:
        return  # a keyword
    assert found(f"import {module}\nfrom {module} import {member}") == [(module,), (f"{module}.{member}",)]


@given(st.text(alphabet="%!? \t\nabc=,.'"))
def test_reading_without_magics_keeps_the_lines(source: str) -> None:
    assert without_magics(source).count("\n") == source.count("\n")
