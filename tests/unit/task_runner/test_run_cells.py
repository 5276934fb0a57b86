import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_docker.task_runner.script_parameters import Part, read_parts
from tests.unit.notebook.export_case import RUNNER, code, export, run


@pytest.mark.parametrize(
    ("source", "status", "stderr"),
    [
        ("import sys; sys.exit(3)", 3, ""),
        ("import sys; sys.exit()", 0, ""),
        ("import sys; sys.exit('bye')", 1, "bye\n"),
        ("raise SystemExit(4)", 4, ""),
        ("exit", 0, ""),
        ("exit()", 0, ""),
        ("quit(5)", 5, ""),
        ("%run ends.py", 0, ""),
    ],
)
def test_the_status_is_the_notebooks(source: str, status: int, stderr: str, tmp_path: Path) -> None:
    (tmp_path / "ends.py").write_text("x = 1")
    done = run(export("!true", source, "print('after')").script, tmp_path)
    after = "after\n" if source == "%run ends.py" else ""
    assert (done.stdout, done.stderr, done.status) == (after, stderr, status)


def test_the_first_failing_cell_ends_it(tmp_path: Path) -> None:
    done = run(export("print(1)\n!true", "def f():\n    1/0\nf()", "print(3)").script, tmp_path)
    assert (done.stdout, done.status) == ("1\n", 1)
    assert "Cell In[2], line 3\n" in done.stderr
    assert done.stderr.endswith("ZeroDivisionError: division by zero\n")
    assert "\x1b" not in done.stderr
    assert "interactiveshell.py" not in done.stderr


@pytest.mark.parametrize("source", ["%nope", "%%nope\nx", "%load_ext nope", "%run nope.py", "%%bash\nexit 3"])
def test_a_failing_magic_ends_it(source: str, tmp_path: Path) -> None:
    done = run(export(source, "print('after')").script, tmp_path)
    assert (done.stdout, done.status) == ("", 1)
    assert done.stderr != ""


def test_a_failing_timed_cell_ends_it(tmp_path: Path) -> None:
    done = run(export("%%time\n1/0", "print('after')").script, tmp_path)
    assert ("after" in done.stdout, done.status) == (False, 1)


def test_a_failing_shell_line_does_not(tmp_path: Path) -> None:
    done = run(export("!exit 3", "_exit_code").script, tmp_path)
    assert (done.stdout, done.stderr, done.status) == ("3\n", "", 0)


def test_a_cell_that_may_raise_does_not(tmp_path: Path) -> None:
    done = run(export(code("1/0", "raises-exception"), "print('on')").script, tmp_path)
    assert (done.stdout, done.status) == ("on\n", 0)
    assert "ZeroDivisionError: division by zero" in done.stderr


def test_streams_are_told_apart(tmp_path: Path) -> None:
    done = run(export("!echo out; echo err >&2").script, tmp_path)
    assert (done.stdout, done.stderr) == ("out\n", "err\n")


def test_the_order_of_what_is_printed_is_kept(tmp_path: Path) -> None:
    script = export(
        "import sys, os", "print(1)\n!echo 2\nsys.stderr.write('3\\n')\nos.system('echo 4')", "5", "1/0"
    ).script
    (tmp_path / script.name).write_text(script.text)
    done = subprocess.run(
        [sys.executable, RUNNER, tmp_path / script.name],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("1\n2\n3\n4\n0\n5\n---")


def test_nothing_is_written_to_a_home_that_can_not_be_written(tmp_path: Path) -> None:
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    done = run(export("%cd .\n!true").script, work, env={"HOME": str(home)})
    assert (done.stderr, done.status) == ("", 0)
    assert list(home.iterdir()) == []
    assert [path.name for path in work.iterdir()] == ["my-notebook.ipy"]


def test_it_looks_like_a_notebook_to_the_code(tmp_path: Path) -> None:
    done = run(
        export(
            "!true",
            "import sys, pickle\nclass A: pass\npickle.loads(pickle.dumps(A())).__class__ is A",
            "__name__, '__file__' in globals(), sys.path[0], sys.argv, In[0], Out[2]",
        ).script,
        tmp_path,
    )
    assert done.stdout == "True\n('__main__', False, '', ['my-notebook.ipy'], '', True)\n"


def test_help_is_printed_without_a_pager(tmp_path: Path) -> None:
    done = run(export("%pinfo len").script, tmp_path)
    assert "Return the number of items in a container." in done.stdout


def test_an_interrupt_ends_a_cell_that_does_not_await(tmp_path: Path) -> None:
    script = export("!true", "import time\nprint('ready')\nwhile True: time.sleep(0.05)", "print('after')").script
    (tmp_path / script.name).write_text(script.text)
    with subprocess.Popen(
        [sys.executable, RUNNER, tmp_path / script.name],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.kill(process.pid, signal.SIGINT)
        out, error = process.communicate()
    assert (out, process.returncode) == ("", 130)
    assert "KeyboardInterrupt" in error


def test_reading() -> None:
    text = "# Exported\n\n# %% [markdown]\n# words\n\n# %% [cell 1]\nx\n\n\n# %% [cell 3] raises-exception\ny"
    assert list(read_parts(text)) == [
        Part("markdown", (), 4, "# words"),
        Part("cell 1", (), 7, "x\n"),
        Part("cell 3", ("raises-exception",), 11, "y"),
    ]
    assert list(read_parts("# nothing\n")) == []
