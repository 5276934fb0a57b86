"""``jupyter containerize kernel``, as a person uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.engine.command import containerize
from tests.engine.kernel.kernels import Registered, python

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
