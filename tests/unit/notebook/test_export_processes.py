"""Processes that are started anew import the script again, so that a notebook that starts some is run by IPython."""

from pathlib import Path

import pytest

from tests.unit.notebook.export_case import export, run

CLIENT = "from dask.distributed import Client, LocalCluster"
SPAWN = """
import multiprocessing as mp
from concurrent.futures import ProcessPoolExecutor
with ProcessPoolExecutor(1, mp.get_context("spawn")) as pool:
    print(*pool.map(abs, [-1]))
"""


@pytest.mark.parametrize(
    ("cells", "interpreter"),
    [
        ((CLIENT, "client = Client(n_workers=4)"), "ipython"),
        (("import distributed", "distributed.LocalCluster()"), "ipython"),
        ((CLIENT, "client = Client(processes=False)"), "python"),
        ((CLIENT, "client = Client('tcp://10.0.0.1:8786')"), "python"),
        (("# distributed\nfrom minio import Client", "client = Client()"), "python"),
        (("import multiprocessing", "multiprocessing.set_start_method(method='forkserver')"), "ipython"),
        (("import multiprocessing", "multiprocessing.get_context('fork').Pool()"), "python"),
        (("total.compute(scheduler='processes')",), "ipython"),
        (("total.compute(scheduler='threads')",), "python"),
        (("import dask.bag as db",), "ipython"),
        (("from dask import bag",), "ipython"),
        (("bag = [1]",), "python"),
    ],
)
def test_who_runs_what_starts_processes(cells: tuple[str, ...], interpreter: str) -> None:
    assert export(*cells).script.interpreter == interpreter


def test_a_process_that_is_started_anew_runs_nothing_of_the_notebook(tmp_path: Path) -> None:
    done = run(export("print('once')", SPAWN).script, tmp_path)
    assert (done.stdout, done.status) == ("once\n1\n", 0), done.stderr
