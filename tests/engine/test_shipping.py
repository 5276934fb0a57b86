"""Images without their notebooks: run, pulled and shipped, on a real engine and a real registry."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from jupyter_docker.engine.connection.engine import Engine
from tests.engine.command import containerize
from tests.engine.local_registry import PASSWORD, Registry, local_registry
from tests.unit.notebook.export_case import code, notebook

pytestmark = pytest.mark.engine

CELLS = [
    code("year = 2023", "parameters"),
    code("text = open('data/in.txt').read().strip()\nopen('output/out.txt', 'w').write(f'{text} {year}')\nprint(text)"),
    code("import os\nprint(os.environ.get('TOKEN'), os.environ.get('GREETING'))\n1 / (year - 2030)"),
]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with local_registry(tmp_path_factory.mktemp("registry")) as found:
        yield found


@pytest.fixture(scope="module")
def config(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("docker")
    registry.credentials(folder, password=PASSWORD)
    plugins = Path("~/.docker/cli-plugins").expanduser()
    if plugins.is_dir():
        (folder / "cli-plugins").symlink_to(plugins)
    return {"DOCKER_CONFIG": str(folder)}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "shipped.ipynb").write_text(json.dumps(notebook(*CELLS)))
    for name in ("data", "output"):
        (folder / name).mkdir()
    (folder / "data/in.txt").write_text("penguins\n")
    return folder


@pytest.fixture(scope="module")
def pushed(engine: Engine, registry: Registry, config: dict[str, str], project: Path) -> str:
    """The image by its digest, in a registry; the engine has it no more under that name."""
    name = f"{registry.address}/team/shipped:v1"
    outcome = containerize("push", "shipped.ipynb", "-t", name, "--json", cwd=project, env=config)
    assert outcome.status == 0, outcome.stderr
    digest = outcome.events[-1]["facts"]["run it"].partition("@")[2]
    engine.client.api.remove_image(name)
    return f"{registry.address}/team/shipped@{digest}"


def test_an_image_runs_by_its_digest(pushed: str, config: dict[str, str], project: Path) -> None:
    mounts = ("-v", "./data:data:ro", "-v", "./output:output")
    outcome = containerize("run", pushed, *mounts, "-P", "year=2001", cwd=project, env=config)
    assert outcome.status == 0, outcome.stderr
    assert outcome.stdout.splitlines()[0] == "penguins"
    assert (project / "output/out.txt").read_text() == "penguins 2001"


def test_an_images_failure_is_placed_in_its_notebook(pushed: str, config: dict[str, str], project: Path) -> None:
    mounts = ("-v", "./data:data:ro", "-v", "./output:output")
    outcome = containerize("run", pushed, *mounts, "-P", "year=2030", cwd=project, env=config)
    assert outcome.status == 1
    assert "ZeroDivisionError: division by zero (cell 3, line 3)" in outcome.stderr


def test_an_images_parameters_are_known(pushed: str, config: dict[str, str], project: Path) -> None:
    outcome = containerize("run", pushed, "-P", "yaer=1", cwd=project, env=config)
    assert (outcome.status, outcome.stdout) == (2, "")
    assert "Do you mean year?" in outcome.stderr


def test_pull_fetches_an_image(pushed: str, config: dict[str, str], tmp_path: Path) -> None:
    outcome = containerize("pull", pushed, cwd=tmp_path, env=config)
    assert outcome.status == 0, outcome.stderr
    gone = containerize("pull", pushed.partition("@")[0] + ":gone", cwd=tmp_path, env=config)
    assert gone.status != 0
    assert "Could not pull" in gone.stderr


def test_a_name_of_nothing_is_no_reason_to_pull(tmp_path: Path) -> None:
    outcome = containerize("run", "analysis", cwd=tmp_path)
    assert outcome.status != 0
    assert "There is no notebook 'analysis.ipynb' here, and the engine has no image 'analysis'." in outcome.stderr


def test_a_notebook_is_found_without_its_ending(project: Path) -> None:
    assert containerize("run", "shipped", cwd=project).status == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="another user needs root")
def test_compose_runs_what_is_shipped_as_an_ordinary_user(project: Path, tmp_path: Path, engine: Engine) -> None:
    shipped = tmp_path / "shipped"
    words = ("-o", str(shipped), "-e", "TOKEN", "-e", "GREETING=it's $HOME")
    outcome = containerize("ship", "shipped.ipynb", "--as", "compose", *words, cwd=project)
    assert outcome.status == 0, outcome.stderr
    text = (shipped / "compose.yaml").read_text()
    assert str(project) not in text
    service = yaml.safe_load(text)["services"]["shipped"]
    assert [volume["source"] for volume in service["volumes"]] == ["./data", "./output"]
    for name in ("data", "output"):
        (shipped / name).mkdir()
    (shipped / "data/in.txt").write_text("compose\n")
    for path in (shipped, *shipped.rglob("*")):
        os.chown(path, 4242, 4242)
    for path in (shipped, *shipped.parents):
        if path.stat().st_uid == os.geteuid() and path != Path("/"):
            path.chmod(path.stat().st_mode | 0o111)
    ran = subprocess.run(
        ["docker", "compose", "up", "--abort-on-container-exit"],
        cwd=shipped, env={**os.environ, "RUN_AS": "4242:4242", "TOKEN": "hunter2"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    subprocess.run(["docker", "compose", "down"], cwd=shipped, env={**os.environ, "TOKEN": "x"}, check=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "hunter2 it's $HOME" in ran.stdout
    assert (shipped / "output/out.txt").read_text() == "compose 2023"
    assert (shipped / "output/out.txt").stat().st_uid == 4242


def test_what_is_shipped_after_a_push_names_the_digest(
    registry: Registry, config: dict[str, str], project: Path, tmp_path: Path
) -> None:
    name = f"{registry.address}/team/shipped:v2"
    words = ("--as", "kubernetes", "-t", name, "-o", str(tmp_path / "k"))
    outcome = containerize("ship", "shipped.ipynb", *words, cwd=project, env=config)
    assert outcome.status == 0, outcome.stderr
    job = yaml.safe_load((tmp_path / "k/job.yaml").read_text())
    image = job["spec"]["template"]["spec"]["containers"][0]["image"]
    assert image.startswith(f"{registry.address}/team/shipped@sha256:")


def test_a_folder_that_is_taken_is_refused_before_anything_is_built(project: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    outcome = containerize("ship", "shipped.ipynb", "--as", "compose", "-o", str(tmp_path), cwd=project)
    assert outcome.status == 2
    assert "Building" not in outcome.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
