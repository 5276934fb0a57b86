"""The verbs for containers, through the command, on one that runs in the background."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.command import containerize
from tests.engine.test_faults import write_notebook

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]
NAME = "verbs-counter"


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A container that prints three lines and waits."""
    print_all = "print('one')\nprint('two', file=sys.stderr)\ntime.sleep(0.5)\nprint('three')"
    source = f"import sys, time\n{print_all}\ntime.sleep(600)"
    notebook = write_notebook(Path(tmp_path_factory.mktemp("verbs")) / "counter.ipynb", source)
    started = containerize("run", str(notebook), "-d", "--name", NAME)
    assert started.status == 0, started.stderr
    yield NAME
    assert containerize("rm", "-f", NAME).status == 0
    assert NAME not in containerize("ps", "-a").stdout


def test_ps_lists_it(counter: str) -> None:
    [row] = [line for line in containerize("ps").stdout.split("\n") if counter in line]
    assert "Up " in row
    [listed] = [one for one in containerize("ps", "--json").events if one["name"] == counter]
    assert listed["state"] == "running"


def test_logs_are_what_it_printed(counter: str) -> None:
    while "three" not in (outcome := containerize("logs", counter)).stdout:
        assert outcome.status == 0
    assert outcome.stdout == "one\nthree\n"
    assert "two\n" in outcome.stderr
    assert containerize("logs", "--tail", "1", counter).stdout == "three\n"


def test_exec_returns_the_commands_output_and_status(counter: str) -> None:
    outcome = containerize("exec", counter, "python", "-c", "print(6 * 7); raise SystemExit(3)")
    assert (outcome.status, outcome.stdout) == (3, "42\n")
    assert containerize("exec", "-i", counter, "sh", "-c", "echo $HOME").stdout == "/home/app\n"


def test_what_is_not_there_is_said(counter: str) -> None:
    for words in (["logs", "nobody"], ["stop", "nobody"], ["rm", "nobody"], ["exec", "nobody", "ls"]):
        outcome = containerize(*words)
        assert outcome.status == 89
        assert "'nobody'" in outcome.stderr
        assert "hint: " in outcome.stderr


def test_a_running_container_is_not_removed_without_force(counter: str) -> None:
    outcome = containerize("rm", counter)
    assert outcome.status != 0
    assert "-f" in outcome.stderr


def test_images_lists_what_was_built(counter: str) -> None:
    assert "counter:" in containerize("images").stdout
    [image] = [one for one in containerize("images", "--json").events if one["reference"]["repository"] == "counter"][
        :1
    ]
    assert image["labels"]["jupyter-containerize.notebook"] == "counter.ipynb"


def test_doctor_says_that_all_is_well() -> None:
    outcome = containerize("doctor", "--json")
    checks = {one["name"]: one["level"] for one in map(json.loads, outcome.stdout.strip().split("\n"))}
    assert outcome.status == 0
    assert checks["engine"] == checks["builder"] == checks["base image"] == "ok"


def test_doctor_fails_where_there_is_no_engine(tmp_path: Path) -> None:
    outcome = containerize("doctor", env={"DOCKER_HOST": f"unix://{tmp_path}/nobody.sock"})
    assert "problem" in outcome.stdout
    assert "nobody.sock" in outcome.stdout
    assert outcome.status == 1
