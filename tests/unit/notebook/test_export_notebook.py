import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_docker.notebook.nodes import read_notebook
from jupyter_docker.notebook.script import export_script
from jupyter_docker.values.errors import CellSyntaxError, NotebookError, NotebookLanguageError
from tests.unit.notebook.export_case import code, notebook, text


def write(folder: Path, data: object) -> Path:
    path = folder / "x.ipynb"
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return path


def sources(path: Path) -> list[tuple[str, str]]:
    return [(cell["cell_type"], cell["source"]) for cell in read_notebook(path).cells]


def test_format_4(tmp_path: Path) -> None:
    path = write(tmp_path, notebook(text("# T"), "a = 1\nb = 2"))
    assert sources(path) == [("markdown", "# T"), ("code", "a = 1\nb = 2")]


def test_lines_are_joined(tmp_path: Path) -> None:
    path = write(tmp_path, notebook({**code(""), "source": ["a = 1\n", "b = 2"]}))
    assert sources(path) == [("code", "a = 1\nb = 2")]


def test_what_the_export_does_not_need_may_be_missing_or_wrong(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": "a = 1"}, {"cell_type": "code", "metadata": None}, {"source": "x"}]
    path = write(tmp_path, {"nbformat": 4, "metadata": [], "cells": cells, "extra": 1})
    read = read_notebook(path)
    assert read.metadata == {}
    assert [cell["source"] for cell in read.cells] == ["a = 1", "", "x"]


def test_format_3(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "heading", "level": 2, "source": ["Head"]},
        {"cell_type": "code", "language": "python", "input": ["a = 1\n", "a"], "collapsed": False},
        {"cell_type": "code", "language": "python"},
        {"cell_type": "markdown", "source": "text"},
    ]
    path = write(tmp_path, {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]})
    assert sources(path) == [("markdown", "## Head"), ("code", "a = 1\na"), ("code", ""), ("markdown", "text")]


def test_byte_order_mark_and_crlf(tmp_path: Path) -> None:
    data = json.dumps(notebook("a = 1\r\nb = 2\rc = 3"), indent=1).replace("\n", "\r\n")
    path = write(tmp_path, b"\xef\xbb\xbf" + data.encode())
    script = export_script(read_notebook(path), source=path, name="x", emit=lambda _: None)
    assert [cell.source for cell in script.cells] == ["a = 1\nb = 2\nc = 3"]
    assert "\r" not in script.text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file '{path}' is empty."),
        (b"hello", "The file '{path}' is not a notebook: it does not hold JSON (line 1: Expecting value)."),
        (b"\xff\xfe\xff", "The file '{path}' is not a notebook: it does not hold JSON."),
        (b"<<<<<<< HEAD\n{}", "The notebook '{path}' has merge conflicts in it."),
        (b"[" * 100_000, "The file '{path}' is not a notebook: it does not hold JSON."),
        ([], "The file '{path}' is not a notebook: it has no 'nbformat'."),
        ({"cells": []}, "The file '{path}' is not a notebook: it has no 'nbformat'."),
        ({"nbformat": 4}, "The file '{path}' is not a notebook: it has no list of cells."),
        ({"nbformat": 3}, "The file '{path}' is not a notebook: it has no list of cells."),
        ({"nbformat": 2}, "The file '{path}' is in notebook format 2; only formats 3 and 4 can be read."),
        ({"nbformat": 5}, "The file '{path}' is in notebook format 5; only formats 3 and 4 can be read."),
        ({"nbformat": 4, "cells": [1]}, "The file '{path}': cell 1 is not a cell: it has no source text."),
        ({"nbformat": 4, "cells": [{"source": 1}]}, "The file '{path}': cell 1 is not a cell: it has no source text."),
    ],
)
def test_not_a_notebook(tmp_path: Path, data: object, message: str) -> None:
    path = write(tmp_path, data)
    with pytest.raises(NotebookError) as caught:
        read_notebook(path)
    assert caught.value.message == message.format(path=path)
    assert type(caught.value) is NotebookError
    assert caught.value.hint


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match=r"^There is no notebook '.*no\.ipynb'\.$"):
        read_notebook(tmp_path / "no.ipynb")
    with pytest.raises(NotebookError, match=r"' is a folder\.$"):
        read_notebook(tmp_path)
    with pytest.raises(NotebookError, match=r"can't be read: "):
        read_notebook(tmp_path / ("x" * 300))


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({"kernelspec": {"name": "ir", "language": "R"}}, "R"),
        ({"language_info": {"name": "julia"}}, "julia"),
        ({"kernelspec": {"name": "julia-1.10"}}, "julia"),
    ],
)
def test_another_language(tmp_path: Path, metadata: dict[str, Any], language: str) -> None:
    path = write(tmp_path, {**notebook("x <- 1"), "metadata": metadata})
    with pytest.raises(NotebookLanguageError) as caught:
        read_notebook(path)
    assert caught.value.message == f"The notebook '{path}' is written for '{language}', not Python."


def test_another_language_in_format_3(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "language": "ruby", "input": "puts 1"}
    path = write(tmp_path, {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [cell]}]})
    with pytest.raises(NotebookLanguageError, match="'ruby'"):
        read_notebook(path)


@pytest.mark.parametrize(
    ("metadata", "kernel"),
    [
        ({"kernelspec": {"name": "python3", "language": "python"}, "language_info": {"name": "python"}}, "python3"),
        ({"language_info": {"name": "ipython"}}, ""),
        ({"kernelspec": {"name": "irkutsk-env"}}, "irkutsk-env"),
        ({"kernelspec": "?", "language_info": 3}, ""),
        ({"kernelspec": {"name": 5}}, ""),
    ],
)
def test_python(tmp_path: Path, metadata: dict[str, Any], kernel: str) -> None:
    read = read_notebook(write(tmp_path, {**notebook("x = 1"), "metadata": metadata}))
    assert (read.metadata, read.kernel) == (metadata, kernel)


KEYS = ["cells", "worksheets", "metadata", "source", "input", "cell_type", "level", "tags", "language"]
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers(0, 9) | st.text(max_size=5) | st.just("code"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=12,
)
NOTEBOOK = st.fixed_dictionaries({"nbformat": st.sampled_from([3, 4]), "cells": JSON, "worksheets": JSON})


@given(data=JSON | NOTEBOOK | st.binary())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_json_is_a_notebook_or_an_error_in_words(tmp_path: Path, data: object) -> None:
    path = write(tmp_path, data)
    try:
        read = read_notebook(path)
    except NotebookError as error:
        message = error.message
    else:
        message = f"The notebook '{path}'"
        assert all(isinstance(cell["source"], str) and isinstance(cell["metadata"], dict) for cell in read.cells)
        with contextlib.suppress(CellSyntaxError):
            export_script(read, source=path, name="x", emit=lambda _: None)
    assert message.startswith((f"The file '{path}'", f"The notebook '{path}'"))
    assert "Traceback" not in message
