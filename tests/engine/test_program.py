"""An image as a program: one for all values and places, with plain Docker and with the command."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from jupyter_docker.engine.connection.engine import Engine
from tests.engine.command import containerize
from tests.unit.notebook.export_case import code, notebook

pytestmark = pytest.mark.engine

CELLS = [
    code("year = 2023  # which year\nrate: float = 0.5\nlabel = 'x'", "parameters"),
    code("import getpass, json, os, pwd\nprint(json.dumps([year, rate, label]))"),
    code("print(os.getcwd(), getpass.getuser(), pwd.getpwuid(os.getuid()).pw_name)\n1 / (year - 2030)"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("program")
    cells = [{**cell, "execution_count": None, "id": f"cell-{number}"} for number, cell in enumerate(CELLS)]
    (folder / "one-image.ipynb").write_text(json.dumps(notebook(*cells)))
    (folder / "ipython.ipynb").write_text(json.dumps(notebook(*CELLS, "!whoami")))
    return folder


@pytest.fixture(scope="module", params=["one-image", "ipython"])
def image(request: pytest.FixtureRequest, engine: Engine, folder: Path) -> str:
    outcome = containerize("build", f"{request.param}.ipynb", "--json", cwd=folder)
    assert outcome.status == 0, outcome.stderr
    return str(outcome.events[-1]["facts"]["image"])


def docker(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", "run", "--rm", *words], capture_output=True, text=True, check=False)


def values(stdout: str) -> Any:
    return json.loads(stdout.splitlines()[0])


def images_of(engine: Engine, name: str) -> set[str]:
    return {str(image.id) for image in engine.client.images.list(name=name)}


def test_a_second_value_needs_no_second_image(engine: Engine, folder: Path) -> None:
    found, images = [], []
    for words in (["-P", "year=2024"], ["-P", "year=2025", "-P", "label=2025"], []):
        outcome = containerize("run", "one-image.ipynb", *words, cwd=folder)
        assert outcome.status == 0, outcome.stderr
        found.append(values(outcome.stdout))
        images.append(images_of(engine, "one-image"))
    assert found == [[2024, 0.5, "x"], [2025, 0.5, "2025"], [2023, 0.5, "x"]]
    assert images[0] == images[1] == images[2]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (["-P", "year=1"], [1, 0.5, "x"]), (["-Prate=2", "--parameter=label=a b"], [2023, 2.0, "a b"]),
        (["--parameters-file", "/in/values.json"], [4, 0.5, "x"]),
        (["--table", "/in/sets.csv", "--index=1"], [6, 0.5, "z"]),
    ],
)  # fmt: skip
def test_plain_docker_gives_values(words: Sequence[str], value: list[Any], image: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "values.json").write_text('{"year": 4}')
    (tmp_path / "sets.csv").write_text("year,label\n5,y\n6,z\n")
    done = docker("-v", f"{tmp_path}:/in:ro", image, *words)
    assert done.returncode == 0, done.stderr
    assert values(done.stdout) == value


def test_variables_give_values(image: str, tmp_path: Path) -> None:
    assert values(docker("-e", 'CONTAINERIZE_PARAMETERS={"year": 7}', image).stdout)[0] == 7
    tmp_path.chmod(0o755)
    (tmp_path / "sets.jsonl").write_text('{"year": 8}\n{"year": 9}\n')
    row = ("-v", f"{tmp_path}:/in:ro", "-e", "CONTAINERIZE_TABLE=/in/sets.jsonl", "-e", "JOB_COMPLETION_INDEX=1")
    assert values(docker(*row, image).stdout)[0] == 9


def test_help_lists_what_it_takes(image: str) -> None:
    done = docker(image, "--help")
    assert done.returncode == 0
    assert "  year: int = 2023    which year\n  rate: float = 0.5\n  label: str = 'x'\n" in done.stdout


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("yaer=1", "error: The notebook has no parameter 'yaer'. Do you mean year? It has year, rate, label.\n"),
        ("year=soon", "error: The parameter 'year' is a whole number (its default is 2023), not 'soon'.\n"),
    ],
)
def test_what_it_does_not_take_is_refused(word: str, message: str, image: str) -> None:
    done = docker(image, "-P", word)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)


def test_a_command_runs_in_its_place(image: str) -> None:
    assert docker(image, "python", "-c", "print(6 * 7)").stdout == "42\n"
    assert docker(image, "whoami").stdout == "app\n"
    assert docker(image, "no-such-program").returncode == 127


def test_it_runs_where_others_set_user_and_folder(image: str) -> None:
    done = docker("--read-only", "--tmpfs", "/tmp", "-u", "54321:54321", "-w", "/", image, "-P", "year=1")
    assert done.returncode == 0, done.stderr
    assert "/app user user\n" in done.stdout


def test_a_failure_is_placed_with_values_too(image: str, folder: Path) -> None:
    name = image.partition(":")[0]
    outcome = containerize("run", f"{name}.ipynb", "-P", "year=2030", cwd=folder)
    assert outcome.status == 1
    assert "error: ZeroDivisionError: division by zero (cell 3, line 2)\n" in outcome.stderr


@pytest.mark.parametrize(("verb", "misspelt"), [("run", "yaer"), ("build", "Rate"), ("export", "lable")])
def test_a_misspelt_parameter_is_refused_before_anything_is_done(
    verb: str, misspelt: str, folder: Path, tmp_path: Path
) -> None:
    outcome = containerize(verb, str(folder / "one-image.ipynb"), "-P", f"{misspelt}=1", cwd=tmp_path)
    assert outcome.status == 2
    assert f"error: The notebook has no parameter '{misspelt}'.\nhint: Do you mean " in outcome.stderr
    assert "Building" not in outcome.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_is_built_with_values_runs_with_them(engine: Engine, folder: Path) -> None:
    outcome = containerize("build", "one-image.ipynb", "-P", "year=2001", "--json", cwd=folder)
    baked = outcome.events[-1]["facts"]["image"]
    assert values(docker(baked).stdout)[0] == 2001
    assert values(docker(baked, "-P", "year=2002").stdout)[0] == 2002


def test_a_user_of_any_number_has_a_name(folder: Path) -> None:
    outcome = containerize("run", "ipython.ipynb", "--user", "4242:4242", cwd=folder)
    assert outcome.status == 0, outcome.stderr
    assert outcome.stdout.splitlines()[1:] == ["/app user user", "-0.14285714285714285", "user"]


def test_processes_may_share_half_of_the_memory(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "shared.ipynb").write_text(
        json.dumps(notebook("import os; s = os.statvfs('/dev/shm'); print(s.f_blocks * s.f_frsize)"))
    )
    sizes = [
        int(containerize("run", "shared.ipynb", *words, cwd=tmp_path).stdout)
        for words in ([], ["--memory", "256m"], ["--shm-size", "32m"])
    ]
    assert sizes[0] > 64 * 2**20
    assert sizes[1:] == [128 * 2**20, 32 * 2**20]


def test_times_are_the_callers(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "zone.ipynb").write_text(json.dumps(notebook("import time; print(time.strftime('%Z'))")))
    assert containerize("run", "zone.ipynb", cwd=tmp_path, env={"TZ": "Asia/Tokyo"}).stdout == "JST\n"


def test_nbconvert_makes_the_script_and_the_context(folder: Path, tmp_path: Path) -> None:
    convert = [
        sys.executable,
        "-m",
        "nbconvert",
        "--output-dir",
        str(tmp_path),
        str(folder / "one-image.ipynb"),
        "--to",
    ]
    for exporter in ("containerize", "container"):
        subprocess.run([*convert, exporter], check=True, capture_output=True)
    assert "# %% [cell 1] parameters\nyear = 2023" in (tmp_path / "one-image.py").read_text()
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(tmp_path / "one-image.zip"), str(tmp_path)], check=True)
    context = tmp_path / "one-image-container"
    built = subprocess.run(["docker", "build", "-q", str(context)], check=True, capture_output=True, text=True)
    assert values(docker(built.stdout.strip(), "-P", "year=3").stdout)[0] == 3
