"""Kernels in containers: an image of its own, registered for the time of the tests."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.kernel.kernelspec import register_kernel
from jupyter_docker.pipeline.images import build_kernel_image
from jupyter_docker.values.choices import BuildChoices
from jupyter_docker.values.config import Defaults
from jupyter_docker.values.container_spec import Mount, RunSpec
from jupyter_docker.values.image import Image
from tests.engine.kernel.kernels import TEST_LABEL, Registered, await_nothing_left

DEMO = Path(__file__).parents[3] / "demo_notebooks" / "portfolio"


@pytest.fixture(scope="session")
def label() -> str:
    """What the containers of this session are told apart by."""
    return secrets.token_hex(4)


@pytest.fixture(scope="session")
def small_notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    (folder / "beside.py").write_text("ANSWER = 42\n")
    (folder / "data.txt").write_text("data")
    cells = [nbformat.v4.new_code_cell("import numpy, beside")]  # type: ignore[no-untyped-call]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "small.ipynb")  # type: ignore[no-untyped-call]
    return folder / "small.ipynb"


@pytest.fixture(scope="session")
def kernel_image(engine: Engine, small_notebook: Path) -> Image:
    """An image with ipykernel, numpy and the module ``beside``."""
    _, image = build_kernel_image(BuildChoices(notebook=small_notebook), engine, Defaults(), lambda _: None)
    return image


@pytest.fixture
def spec(engine: Engine, kernel_image: Image, label: str) -> Iterator[RunSpec]:
    """A container of that image; what is left of it after the test is a failure."""
    yield RunSpec(image=str(kernel_image.reference), labels={TEST_LABEL: label})
    await_nothing_left(engine, label, os.getpid())


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of Jupyter's for this session, where kernels are registered."""
    folder = tmp_path_factory.mktemp("jupyter")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_DATA_DIR", str(folder))
        yield folder


@pytest.fixture(scope="session")
def registered(kernel_image: Image, small_notebook: Path, data_folder: Path, label: str) -> Registered:
    """The kernel "small (container)", without a network."""
    spec = RunSpec(image=str(kernel_image.reference), network="none", labels={TEST_LABEL: label})
    kernel = register_kernel("small", spec, notebook=small_notebook, python=Path("python"))
    return Registered(kernel=kernel, notebook=small_notebook, label=label)


@pytest.fixture(scope="session")
def demo(engine: Engine, data_folder: Path, label: str, tmp_path_factory: pytest.TempPathFactory) -> Registered:
    """A copy of a demo notebook, and the kernel made of it."""
    folder = tmp_path_factory.mktemp("demo") / "portfolio"
    shutil.copytree(DEMO, folder)
    shutil.rmtree(folder / "output")
    (folder / "output").mkdir()
    notebook = folder / "portfolio.ipynb"
    _, image = build_kernel_image(BuildChoices(notebook=notebook), engine, Defaults(), lambda _: None)
    output = Mount.parse("./output:output", folder=folder)
    spec = RunSpec(image=str(image.reference), network="none", mounts=(output,), labels={TEST_LABEL: label})
    return Registered(
        kernel=register_kernel("portfolio", spec, notebook=notebook, python=Path("python")),
        notebook=notebook,
        label=label,
    )
