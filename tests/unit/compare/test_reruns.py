"""A notebook that runs again gives no false alarm: real kernels, each with its own hash seed, folder and process."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbclient import NotebookClient

from jupyter_docker.compare import compare_notebooks
from jupyter_docker.kernel import as_document, write_document
from jupyter_docker.notebook import NotebookNode, read_notebook

# Each with the class that another run gives it.
CELLS = {
    "import datetime, os, random, tempfile, time, uuid, warnings\nimport pandas as pd\nimport polars as pl": "same",
    "random.seed(3); random.random(), random.sample(range(100), 5)": "same",
    "df = pd.DataFrame({'a': [1.5, 2, None], 'b': list('xyz'), 't': pd.date_range('2020', periods=3)}); df": "same",
    "print(df); df.info()": "same",
    "df.describe()": "same",
    "df.groupby('b')['a'].agg(['mean', 'count'])": "same",
    "pl.DataFrame({'x': [1, 2, 3], 'y': ['a', 'b', 'c']})": "same",
    "print(pl.DataFrame({'x': [1.5, 2], 'y': ['a', 'b']}))": "same",
    "{'b': 1, 'a': [1, 2, {'c': 3}]}, 3.0, 1 / 3, complex(1, -2), b'bytes'": "same",
    "from IPython.display import HTML, JSON, Markdown, SVG, display\nHTML('<b>bold</b>')": "same",
    "display(JSON({'a': [1, 2]}), Markdown('# title'), SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'))": "same",
    "warnings.warn('careful')": "same",
    "for i in range(200): print(i, i * 0.1)": "same",
    "print('€ ünï ☃ 漢字', '\\x1b[31mred\\x1b[0m')": "same",
    "print(object(), lambda x: x)": "identity",
    "print(uuid.uuid4(), tempfile.mkdtemp(), os.getpid())": "identity",
    "id(df), hash('a')": "identity",
    "os.getcwd()": "identity",
    "print(datetime.datetime.now())": "time",
    "%timeit -n 2 -r 2 sum(range(100))": "time",
    "begun = time.time(); print('took', time.time() - begun)": "time",
    "import random as r; r.seed(); r.random()": "random",
    "import sys; print('to stderr', file=sys.stderr)": "same",
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[NotebookNode]:
    """The notebook as it ran three times."""
    return [run(tmp_path_factory.mktemp("rerun")) for _ in range(3)]


def run(folder: Path) -> NotebookNode:
    cells = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in CELLS]
    notebook = as_document(NotebookNode(nbformat=4, nbformat_minor=5, metadata={}, cells=cells))
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    path = folder / "run.ipynb"
    write_document(notebook, path)
    return read_notebook(path)


def test_no_run_of_the_same_gives_an_alarm(runs: list[NotebookNode]) -> None:
    saved, *new = runs
    report = compare_notebooks(saved, new[0], repeats=new[1:])
    found = {saved["cells"][cell.index]["source"]: cell.kind for cell in report.cells}
    assert {text: kind for text, kind in found.items() if kind != CELLS[text]} == {}


def test_one_run_tells_the_same(runs: list[NotebookNode]) -> None:
    saved, new, _ = runs
    alarms = [cell for cell in compare_notebooks(saved, new).cells if cell.kind in ("environment", "random")]
    assert len(alarms) == 1  # that with a seed from the clock, of which one run can't tell more
