"""``%%containerize`` in a real kernel: a cell in a container shows what it would show here."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.containers.listing import list_containers
from jupyter_docker.notebook.nodes import read_notebook
from jupyter_docker.values.image import LABEL_PREFIX
from tests.engine.command import containerize
from tests.engine.outer import OuterKernel, comparable, outer_kernel, write_notebook

pytestmark = pytest.mark.engine

IMPORTS = "import matplotlib.pyplot as plt, numpy, pandas, tqdm"

# Each is run in the same order by a plain kernel and in a container; what both show must be the same.
SHOWN = {
    "nothing": "x = 1",
    "text": "print('a', 'ü', end='\\r')\nprint('b')",
    "both streams": "import sys\nprint('out', flush=True)\nprint('err', file=sys.stderr, flush=True)\nprint('out')",
    "value": "{'a': [1, 2]}",
    "no value": "1;",
    "value and display": "display(1)\n2",
    "frame": "import pandas\npandas.DataFrame({'a': [1, 2], 'b': ['x', '<y>']})",
    "plot": "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nprint('drawn')",
    "plot as svg": "%config InlineBackend.figure_formats = ['svg']\nplt.rcParams['svg.hashsalt'] = 'x'\n"
    "fig, ax = plt.subplots()\nax.set_title('t')\nimport io\n"
    "fig.savefig(io.BytesIO(), format='svg', metadata={'Date': None})\n"
    "from IPython.display import SVG\nplt.close(fig)\ndisplay(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>'))",
    "rich": "from IPython.display import HTML, JSON, Latex, Markdown\ndisplay(HTML('<b>x</b>'), metadata={'text/html': "
    "{'isolated': False}})\ndisplay(Markdown('*x*'))\ndisplay(Latex('$x$'))\nJSON({'a': 1})",
    "display id": "handle = display('first', display_id=True)\nhandle.update('second')",
    "display id again": "handle.update('third')\ndisplay('more', display_id='mine')",
    "clear": "from IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')\n"
    "clear_output(wait=True)\nprint('c')",
    "progress": "import sys, tqdm\nfor _ in tqdm.tqdm(range(3), bar_format='{n}/{total}', mininterval=0): pass",
    "error": "def half(n):\n    return n / 0\n\nprint('before')\nhalf(3)",
    "error from before": "half(4)",
    "syntax error": "x = (\n",
    "nested error": "try:\n    {}['a']\nexcept KeyError as error:\n    raise ValueError('é') from error",
    "own error": "class Odd(Exception): pass\nraise Odd('a', 1)",
    "shown error": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    get_ipython().showtraceback()\nprint('after')",
    "warning": "import warnings\nwarnings.warn('careful')",
    "shell line": "!echo from the shell; false\n_exit_code",
    "cell magic": "%%capture kept\nprint('kept')",
    "captured": "kept.stdout",
    "writefile": f"%%writefile /tmp/{secrets.token_hex(4)}.txt\ntext",
    "await": "import asyncio\nawait asyncio.sleep(0)\n'slept'",
    "pager": "len?",
    "bundle": "class Both:\n    def _repr_mimebundle_(self, **_):\n"
    "        return {'text/plain': 'p', 'text/html': '<i>h</i>'}, {'text/html': {'m': 1}}\nBoth()",
    "previous value": "_",
}  # fmt: skip
NO_LINE = {"cell magic", "writefile"}  # they must be the first thing in the cell


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_notebook(own(tmp_path_factory.mktemp("cells"), "cells"), IMPORTS)


@pytest.fixture(scope="module")
def outer(engine: Engine, notebook: Path) -> Iterator[OuterKernel]:
    """A kernel with an open session, In[2]; no container is left when it has ended."""
    with outer_kernel(notebook.parent, notebook) as kernel:
        opened = kernel.cell("pass")
        assert opened.status == "ok", opened.cards
        yield kernel
    assert containers_of(engine, notebook) == []


def own(folder: Path, name: str) -> Path:
    """A notebook's path whose name is of this run of the tests: several may share an engine."""
    return folder / f"{name}-{os.getpid()}.ipynb"


def containers_of(engine: Engine, notebook: Path) -> list[str]:
    """The containers of the notebook's sessions; they go when their kernel's process has, at the latest."""
    until = time.monotonic() + 20
    while True:
        every = list_containers(engine, all=True, scope="made")
        found = [one.name for one in every if one.labels.get(f"{LABEL_PREFIX}notebook") == notebook.name]
        if not found or time.monotonic() > until:
            return found
        time.sleep(0.2)


def test_a_session_that_opens_leaves_one_line(engine: Engine, notebook: Path) -> None:
    with outer_kernel(notebook.parent, notebook) as kernel:
        opened = kernel.cell("print('first')")
        (line,) = opened.cards
        assert line.startswith("✓ The session 'default' is ready. ")
        assert [kind for kind, _ in opened.outputs if kind != "update_display_data"] == ["display_data", "stream"]
        assert kernel.cell("print('second')").outputs == [("stream", {"name": "stdout", "text": "second\n"})]


def test_every_output_is_what_a_plain_kernel_gives(outer: OuterKernel, tmp_path: Path) -> None:
    with outer_kernel(tmp_path, extension=False) as plain:
        assert plain.run("pass").status == "ok"
        number = plain.run("get_ipython().execution_count").values
        assert outer.cell("get_ipython().execution_count").values == number
        for name, body in SHOWN.items():
            here = plain.run(body if name in NO_LINE else f"# %%containerize\n{body}")
            there = outer.cell(body)
            assert comparable(there) == comparable(here), name
            for field in ("status", "ename", "evalue", "traceback", "payload"):
                assert there.reply.get(field) == here.reply.get(field), f"{name}: {field}"


def test_an_error_names_the_cell_and_its_line_and_stops_the_run(outer: OuterKernel) -> None:
    failed = outer.cell("\n1 / 0")
    assert (failed.reply["ename"], failed.reply["evalue"]) == ("ZeroDivisionError", "division by zero")
    assert f"Cell In[{failed.reply['execution_count']}], line 3" in failed.traceback
    assert "----> 3 1 / 0" in failed.traceback
    assert "\x1b[" in "".join(failed.reply["traceback"])


def test_the_user_is_asked(outer: OuterKernel) -> None:
    asked = outer.cell("import getpass\nprint(input('name '), getpass.getpass('word '))", answers=["Ann", "secret"])
    assert asked.questions == [{"prompt": "name ", "password": False}, {"prompt": "word ", "password": True}]
    assert asked.stdout == "Ann secret\n"
    nobody = outer.cell("input('name ')")
    assert nobody.reply["ename"] == "StdinNotImplementedError"


def test_the_value_stays_with_the_notebook(outer: OuterKernel) -> None:
    outer.cell("40 + 2")
    assert outer.run("_").values == ["42"]


@pytest.mark.parametrize(
    "body",
    [
        "import time\nprint('go', flush=True)\ntime.sleep(60)",
        "import numpy\nprint('go', flush=True)\nwhile True: numpy.ones((300, 300)) @ numpy.ones((300, 300))",
        "print('go', flush=True)\ninput()",
        "import subprocess\nprint('go', flush=True)\nsubprocess.run(['sleep', '60'])",
        "print('go', flush=True)\nfor _ in range(10**12): pass",
        "import asyncio\nprint('go', flush=True)\nawait asyncio.sleep(60)",
    ],
)
def test_an_interrupt_is_raised_inside_and_the_session_stays(body: str, outer: OuterKernel) -> None:
    outer.cell("kept = 'still here'")
    stopped = outer.cell(body, interrupt_at="go", answers=[])
    assert stopped.reply["ename"] in {"KeyboardInterrupt", "CancelledError"}
    assert "Cell In[" in stopped.traceback
    assert stopped.stopped_after < 2
    assert outer.cell("kept").values == ["'still here'"]


STUBBORN = """\
import time
print('go', flush=True)
while True:
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        pass
"""


def test_a_second_interrupt_ends_the_session(outer: OuterKernel) -> None:
    outer.cell("kept = 1", "--session stubborn")
    stopped = outer.cell(STUBBORN, "--session stubborn", interrupt_at="go", times=2)
    assert stopped.reply["ename"] == "InterruptedRunError"
    assert "Interrupted twice: the session 'stubborn' is over" in stopped.reply["evalue"]
    assert "stubborn" not in outer.run("%containerize sessions").values[0]
    assert outer.cell("'kept' in globals()", "--session stubborn").values == ["False"]
    assert outer.run("%containerize stop stubborn").status == "ok"


def test_an_interrupt_stops_the_build(engine: Engine, tmp_path: Path) -> None:
    path = write_notebook(own(tmp_path, "building"), "import six")
    slow = "-e SLOW=1 --apt nonexistent-package-to-look-for"
    with outer_kernel(tmp_path, path) as kernel:
        stopped = kernel.cell("1", slow, interrupt_at="Building ", pause=0.2)
        assert stopped.reply["ename"] == "InterruptedRunError"
        assert stopped.stopped_after < 2
        assert kernel.run("%containerize sessions").values == [
            "No session is open. A cell that begins with %%containerize opens one."
        ]
    assert containers_of(engine, path) == []


def test_sessions_have_variables_of_their_own(outer: OuterKernel) -> None:
    outer.cell("who = 'default'")
    outer.cell("who = 'other'", "--session other")
    assert outer.cell("who").values == ["'default'"]
    assert outer.cell("who", "--session other").values == ["'other'"]
    listed = outer.run("%containerize sessions").values[0].splitlines()
    assert [line.split()[0] for line in listed] == ["SESSION", "default", "other"]
    assert outer.cell("'who' in globals()", "--session other --fresh").values == ["False"]
    assert outer.cell("who").values == ["'default'"]
    assert outer.cell("'who' in globals()", "--once").values == ["False"]
    assert outer.run("%containerize stop other").status == "ok"
    assert len(outer.run("%containerize sessions").values[0].splitlines()) == 2


def test_two_kernels_do_not_see_each_other(outer: OuterKernel, notebook: Path) -> None:
    outer.cell("mine = 1")
    with outer_kernel(notebook.parent, notebook) as second:
        assert second.cell("'mine' in globals()").values == ["False"]
        assert second.run("%containerize stop").status == "ok"
    assert outer.cell("mine").values == ["1"]


def test_options_that_a_running_session_can_not_have_are_refused(outer: OuterKernel) -> None:
    refused = outer.cell("1", "--memory 1g")
    assert refused.reply["evalue"] == "The session 'default' runs with other options."
    assert outer.cell("1").values == ["1"]


def test_a_container_has_the_options_of_the_cell_that_opens_it(outer: OuterKernel, notebook: Path, caller: int) -> None:
    (notebook.parent / "data").mkdir()
    (notebook.parent / "data" / "in.txt").write_text("read")
    options = "--session limited --memory 512m --network none -v ./data:data:ro -e GREETING=hello"
    body = "import os\nprint(open('data/in.txt').read(), os.environ['GREETING'], os.getuid())"
    assert outer.cell(body, options).stdout == f"read hello {caller}\n"
    assert outer.cell("open('data/out.txt', 'w')", options).reply["ename"] == "OSError"
    died = outer.cell("kept = [bytearray(2**20 * 100) for _ in range(20)]", "--session limited")
    assert died.reply["ename"] == "KernelDiedError"
    assert "memory" in died.reply["evalue"]
    assert outer.cell("'kept' in globals()", "--session limited").values == ["False"]
    assert outer.run("%containerize stop limited").status == "ok"


def test_the_notebooks_data_is_there(engine: Engine, tmp_path: Path) -> None:
    path = write_notebook(own(tmp_path, "data"), "open('in/a.txt')\nopen('out/b.txt', 'w')")
    for name in ("in", "out", "late"):
        (tmp_path / name).mkdir()
    (tmp_path / "in" / "a.txt").write_text("read")
    with outer_kernel(tmp_path, path) as kernel:
        ran = kernel.cell("text = open('in/a.txt').read()\nopen('out/b.txt', 'w').write(text)\nprint(text)")
        assert ran.stdout == "read\n"
        assert (tmp_path / "out" / "b.txt").read_text() == "read"
        missing = kernel.cell("open('late/c.txt')")
        assert missing.reply["ename"] == "FileNotFoundError"
        hint = "'late' is beside the notebook but not in the container: mount it with -v ./late:late:ro\n"
        assert missing.stderr == hint
    assert containers_of(engine, path) == []


def test_an_import_that_the_image_lacks_makes_another(engine: Engine, tmp_path: Path) -> None:
    path = write_notebook(own(tmp_path, "growing"), "import six")
    with outer_kernel(tmp_path, path) as kernel:
        assert kernel.cell("import six\nx = 1").status == "ok"
        assert kernel.cell("import json\nx").values == ["1"]
        grown = kernel.cell("import idna\n'x' in globals()")
        assert grown.values == ["False"]
        assert "The session's image had no 'idna'" in grown.cards[0]
        unknown = kernel.cell("import nothing_provides_this")
        assert unknown.reply["ename"] == "UnresolvedImportError"
        assert kernel.cell("idna.__name__").values == ["'idna'"]
    assert containers_of(engine, path) == []


def test_another_cell_that_can_not_be_frozen_does_not_matter(tmp_path: Path, engine: Engine) -> None:
    path = write_notebook(own(tmp_path, "partly"), "import nothing_provides_this", "import six", "x = (")
    with outer_kernel(tmp_path, path) as kernel:
        ran = kernel.cell("import six\nsix.__name__")
        assert ran.values == ["'six'"]
        assert "Another cell can't be frozen" in ran.cards[0]
        assert "Cell 3, line 1 is not valid Python: '(' was never closed. The image is made" in ran.cards[0]
    assert containers_of(engine, path) == []


def test_variables_go_in_and_come_back(outer: OuterKernel) -> None:
    outer.run(
        "import numpy, pandas as pd, threading\nframe = pd.DataFrame({'a': [1, 2]})\nfactor, lock = 3, threading.Lock()"
    )
    ran = outer.cell("total = int((frame.a * factor).sum())\narray = numpy.arange(3)\ntotal", "-i auto -o total,array")
    assert ran.values == ["9"]
    assert outer.run("total, array.tolist()").values == ["(9, [0, 1, 2])"]
    for options, name in (("-i missing", "MissingNameError"), ("-i factor,lock", "NotSendableError")):
        refused = outer.cell("print('ran')", options)
        assert (refused.reply["ename"], refused.stdout) == (name, "")


def test_a_value_that_can_not_come_back_loses_no_output(outer: OuterKernel) -> None:
    ran = outer.cell("print('printed')\nclass Own: pass\nown, good = Own(), 5", "-o own,good")
    assert ran.stdout == "printed\n"
    assert ran.reply["ename"] == "NotReceivableError"
    assert "'own'" in ran.reply["evalue"]
    assert outer.run("good, 'own' in globals()").values == ["(5, False)"]
    failed = outer.cell("good = 6\n1 / 0", "-o good")
    assert failed.reply["ename"] == "ZeroDivisionError"
    assert outer.run("good").values == ["5"]


def test_what_a_container_shows_can_not_run_in_the_page(outer: OuterKernel) -> None:
    body = "from IPython.display import *\ndisplay(HTML('<script>x()</script>'))\ndisplay(Javascript('x()'))"
    apart = outer.cell(body)
    shown = [content["data"] for kind, content in apart.outputs if kind == "display_data"]
    assert [sorted(data) for data in shown] == [["text/html", "text/plain"], ["text/plain"]]
    assert shown[0]["text/html"].startswith("<iframe sandbox=")
    assert "`--trust`" in apart.stderr
    assert outer.cell(body).stderr == ""
    trusted = outer.cell(body, "--trust")
    assert trusted.outputs[0][1]["data"]["text/html"] == "<script>x()</script>"
    assert trusted.outputs[1][1]["data"]["application/javascript"] == "x()"


def test_help_is_there(outer: OuterKernel) -> None:
    help_text = json.dumps(outer.run("%%containerize?").reply["payload"])
    assert "%%containerize -i data,n -o model" in help_text
    assert "--session NAME" in outer.cell("1", "--help").stdout
    assert outer.cell("1", "--no-such-option").reply["ename"] == "UsageError"


def test_a_kernel_that_is_killed_leaves_no_container(engine: Engine, tmp_path: Path) -> None:
    path = write_notebook(own(tmp_path, "killed"), "import six")
    with outer_kernel(tmp_path, path) as kernel:
        process = psutil.Process(int(kernel.run("import os\nos.getpid()").values[0]))
        assert kernel.cell("1").status == "ok"
        process.kill()
        assert containers_of(engine, path) == []


def test_a_forked_copy_of_the_kernel_ends_no_session(outer: OuterKernel) -> None:
    outer.cell("kept = 1")
    magics = "get_ipython().magics_manager.registry['ContainerizeMagics']"
    forked = (
        f"import os\nchild = os.fork()\nif not child:\n    try: {magics}.sessions.close()\n    finally: os._exit(0)"
    )
    assert outer.run(f"{forked}\nos.waitpid(child, 0)[1]").values == ["0"]
    assert outer.cell("kept").values == ["1"]


def test_a_terminals_ipython_runs_cells_too(engine: Engine, tmp_path: Path) -> None:
    script, path = tmp_path / "session.py", write_notebook(own(tmp_path, "terminal"), "1")
    script.write_text(
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance()\n"
        "shell.run_line_magic('load_ext', 'jupyter_docker')\n"
        "shell.run_cell('%%containerize\\nprint(6 * 7)\\n8 * 9', store_history=True)\n"
        "shell.run_cell('%%containerize\\n1 / 0', store_history=True)\n"
    )
    env = {**os.environ, "IPYTHONDIR": str(tmp_path / "ipython"), "JPY_SESSION_NAME": str(path)}
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=True,
    )
    assert "42\n" in done.stdout
    assert "72" in done.stdout
    assert "ZeroDivisionError" in done.stdout
    assert containers_of(engine, path) == []


def test_the_demo_notebook_runs_here_and_in_a_container(engine: Engine, tmp_path: Path) -> None:
    demo = Path(__file__).parents[2] / "demo_notebooks" / "cells"
    folder = shutil.copytree(demo, tmp_path / "cells", ignore=shutil.ignore_patterns("*.png"))
    path = (folder / "cells.ipynb").rename(own(folder, "walks"))
    answer = "after 400 steps the mean square distance is 0.97 times the number of steps\n"
    with outer_kernel(folder, path) as kernel:
        cells = [cell for cell in read_notebook(path).cells if cell["cell_type"] == "code"]
        ran = [kernel.run(cell["source"]) for cell in cells]
    assert [each.status for each in ran] == ["ok"] * 6
    assert ran[-1].stdout == answer
    assert containers_of(engine, path) == []
    (folder / "output" / "walks.png").unlink()
    whole = containerize("run", str(path))
    assert whole.stdout.endswith(answer)
    assert (folder / "output" / "walks.png").exists()
