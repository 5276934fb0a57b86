"""``jupyter containerize kernel``, as a person uses it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import KernelManager

from jupyter_docker.engine.connection.engine import Engine
from tests.engine.command import containerize
from tests.engine.kernel.kernels import Registered, python, running

pytestmark = pytest.mark.engine


@pytest.fixture
def notebook(registered: Registered) -> Path:
    """A notebook whose image is there already."""
    return registered.notebook


def test_register_list_and_remove(notebook: Path, tmp_path: Path) -> None:
    env = {"JUPYTER_DATA_DIR": str(tmp_path)}
    made = containerize(
        "kernel", str(notebook), "--name", "My analysis", "--memory", "1g", "--network", "none", env=env
    )
    assert made.status == 0, made.stderr
    assert "'My analysis (container)' is a kernel now." in made.stderr
    file = tmp_path / "kernels" / "my-analysis-container" / "kernel.json"
    written = json.loads(file.read_text())
    config = written["metadata"]["kernel_provisioner"]["config"]
    assert (config["folder"], config["memory"], config["network"]) == (str(notebook.parent), str(2**30), "none")
    assert file.stat().st_mode & 0o777 == 0o600
    listed = json.loads(containerize("kernel", "--list", "--json", env=env).stdout)
    assert (listed["name"], listed["title"]) == ("my-analysis-container", "My analysis (container)")
    assert listed["notebook"] == str(notebook)
    seen = json.loads(python("jupyter", "kernelspec", "list", "--json").stdout)["kernelspecs"]
    assert "small-container" in seen
    removed = containerize("kernel", "--remove", "My analysis", env=env)
    assert removed.status == 0
    assert "The kernel 'My analysis (container)' is removed." in removed.stderr
    assert not file.exists()
    assert containerize("kernel", "--list", "--json", env=env).stdout.strip() == ""


def test_removing_what_is_no_container(tmp_path: Path) -> None:
    done = containerize("kernel", "--remove", "python3", env={"JUPYTER_DATA_DIR": str(tmp_path)})
    assert done.status == 89
    assert "There is no kernel 'python3' that is a container." in done.stderr


def test_below_a_prefix(notebook: Path, tmp_path: Path) -> None:
    assert containerize("kernel", str(notebook), "--prefix", str(tmp_path)).status == 0
    assert (tmp_path / "share" / "jupyter" / "kernels" / "small-container" / "kernel.json").is_file()


def test_a_notebook_with_that_kernel_is_frozen_from_where_the_kernel_was(notebook: Path, tmp_path: Path) -> None:
    env = {"JUPYTER_DATA_DIR": str(tmp_path)}
    assert containerize("kernel", str(notebook), env=env).status == 0
    before = containerize("freeze", str(notebook), env=env)
    after = containerize("freeze", str(notebook), "--kernel", "small-container", env=env)
    assert after.stdout == before.stdout != ""


def test_what_the_notebook_uses_beyond_its_folder_comes_too(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("data", "lib", "books"):
        (tmp_path / folder).mkdir()
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'study'\nversion = '1'\n")
    (tmp_path / "data/birds.csv").write_text("robin")
    (tmp_path / "lib/helpers.py").write_text("SHOUT = str.upper\n")
    code = "import sys\nsys.path.append('../lib')\nimport helpers\nhelpers.SHOUT(open('../data/birds.csv').read())"
    notebook = tmp_path / "books/kernel-beyond.ipynb"
    cells = [nbformat.v4.new_code_cell(code)]  # type: ignore[no-untyped-call]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebook)  # type: ignore[no-untyped-call]
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    made = containerize("kernel", str(notebook))
    assert re.search(r"mounted besides +/app/data.* \(read-only\)", made.stderr), made.stderr
    assert re.search(r"frozen as it is now +helpers\.py", made.stderr)
    with running(KernelManager(kernel_name="kernel-beyond-container")) as kernel:
        assert kernel.run(code).result == "'ROBIN'"
    for image in engine.client.images.list("kernel-beyond-kernel"):
        engine.client.images.remove(str(image.id), force=True)
