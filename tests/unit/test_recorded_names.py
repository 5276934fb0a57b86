"""Names that are written down on users' disks, which lead to the same things in every version."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from importlib.metadata import EntryPoint

import pytest

from jupyter_docker import _jupyter_server_extension_points


def test_the_provisioner_is_where_installed_distributions_say() -> None:
    entry = EntryPoint(
        name="containerize",
        value="jupyter_docker.kernel.provisioner:ContainerProvisioner",
        group="jupyter_client.kernel_provisioners",
    )
    assert entry.load().__name__ == "ContainerProvisioner"


def test_the_server_extension_is_where_configurations_say() -> None:
    [point] = _jupyter_server_extension_points()
    assert point["module"] == "jupyter_docker.server"
    assert import_module(point["module"]).ContainerizeServer is point["app"]


@pytest.mark.parametrize("module", ["jupyter_docker", "jupyter_docker.cli"])
def test_a_recorded_program_starts(module: str) -> None:
    code = f"import runpy, sys; sys.argv = ['x', '--version']; runpy.run_module({module!r}, run_name='__main__')"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
