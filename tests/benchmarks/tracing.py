"""A cell that imports modules and reads files, in a kernel that has the magics: what knowing of it costs.

The baseline is the same cell in a plain ipykernel. Nothing is asked of either: what a kernel has loaded is read from it
when the notebook is frozen. The cell is short, so that on a busy machine, too, some of its runs are not interrupted.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.edited_notebook import write_notebook
from tests.benchmarks.measurement import Measurement, best_in_turns
from tests.benchmarks.warm_kernel import WarmKernel

ROUNDS = 300
FILES = 200
# Of the standard library alone, and none that a kernel needs: they are imported anew each time.
CELL = """
import importlib, pathlib, sys
names = ["csv", "doctest", "ftplib", "imaplib", "mailbox", "pdb", "poplib", "smtplib", "tarfile", "wsgiref", "xml",
         "xmlrpc", "zipapp"]
below = [*names, "unittest.mock", "wsgiref.simple_server", "xml.dom.minidom", "xml.sax", "xmlrpc.server"]
for name in [name for name in sys.modules if name.partition(".")[0] in names or name == "unittest.mock"]:
    del sys.modules[name]
for name in below:
    importlib.import_module(name)
print("read", sum(len(file.read_text()) for file in pathlib.Path("data").iterdir()))
"""


def measure() -> Iterator[Measurement]:
    """Yield the one measurement."""
    with tempfile.TemporaryDirectory() as folder:
        notebook = Path(folder, "traced.ipynb")
        write_notebook(notebook, [CELL])
        (notebook.parent / "data").mkdir()
        for number in range(FILES):
            (notebook.parent / f"data/{number}.txt").write_text("as many words as a file has\n" * 20)
        with WarmKernel(notebook) as traced, WarmKernel(notebook, magics=False) as plain:
            seconds, seconds_plain = best_in_turns(
                ROUNDS, lambda: traced.seconds_to(CELL, "read"), lambda: plain.seconds_to(CELL, "read")
            )
    yield Measurement(what="a cell, with the magics loaded", ours=seconds, baseline=seconds_plain, bound=1.05)
