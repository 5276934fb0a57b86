"""The image of a kernel: what it shares with the script's, and when its tag changes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import nbformat
import pytest

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.images.prune import plan_prune
from jupyter_docker.image.context import staged
from jupyter_docker.pipeline.images import build_image, build_kernel_image
from jupyter_docker.values.choices import BuildChoices
from jupyter_docker.values.config import Defaults
from jupyter_docker.values.image import Image, Recipe
from tests.engine.kernel.kernels import Registered

pytestmark = pytest.mark.engine


def write(notebook: Path, *sources: str) -> Path:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]  # type: ignore[no-untyped-call]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebook)  # type: ignore[no-untyped-call]
    return notebook


def built(engine: Engine, notebook: Path) -> tuple[Recipe, Image]:
    return build_kernel_image(BuildChoices(notebook=notebook), engine, Defaults(), lambda _: None)


def layers(image: Image) -> list[str]:
    words = ["docker", "image", "inspect", "--format", '{{join .RootFS.Layers " "}}', image.id]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()


def test_its_packages_are_the_scripts_own_layer(engine: Engine, tmp_path: Path) -> None:
    notebook = write(tmp_path / "shared.ipynb", "import packaging", "print(1)")
    _, script = build_image(BuildChoices(notebook=notebook), engine, Defaults(), lambda _: None)
    recipe, kernel = built(engine, notebook)
    shared = [one for one, other in zip(layers(script), layers(kernel), strict=False) if one == other]
    # The base's, the folders', and the packages': the script's image has three more, of its folder, runner and code.
    assert shared == layers(script)[:-3]
    assert "ipykernel" in {pin.name for pin in recipe.kernel}
    assert {pin.name for pin in recipe.kernel}.isdisjoint({pin.name for pin in recipe.requirements.pins})


def test_its_tag_stays_when_a_cell_changes_and_its_imports_do_not(engine: Engine, tmp_path: Path) -> None:
    notebook = write(tmp_path / "stable.ipynb", "import beside, packaging")
    (tmp_path / "beside.py").write_text("ANSWER = 42\n")
    _, first = built(engine, notebook)
    write(notebook, "x = 1", "print(x)", "import packaging", "import beside; beside.ANSWER")
    _, edited = built(engine, notebook)
    assert edited.reference == first.reference
    (tmp_path / "beside.py").write_text("ANSWER = 43\n")
    _, other_module = built(engine, notebook)
    assert other_module.reference != first.reference
    write(notebook, "import packaging, beside, traitlets")  # which ipykernel needs as well
    _, same_packages = built(engine, notebook)
    assert same_packages.reference == other_module.reference
    write(notebook, "import packaging, beside, attr")
    _, other_imports = built(engine, notebook)
    assert other_imports.reference not in {first.reference, other_module.reference}


def test_it_is_not_pruned_while_a_kernel_is_registered_for_it(registered: Registered, engine: Engine) -> None:
    image = registered.kernel.image
    assert image in {tag for one in plan_prune(engine).images for tag in one.tags}
    assert image not in {tag for one in plan_prune(engine, keep={image}).images for tag in one.tags}


def test_it_has_the_modules_and_not_the_script(engine: Engine, tmp_path: Path) -> None:
    notebook = write(tmp_path / "inside.ipynb", "import beside")
    (tmp_path / "beside.py").write_text("ANSWER = 42\n")
    recipe, image = built(engine, notebook)
    with staged(recipe) as context:
        assert [str(path) for path in context.files] == [
            ".dockerignore", "Dockerfile", "app/beside.py", "requirements-kernel.txt", "requirements.txt"
        ]  # fmt: skip
    words = ["docker", "run", "--rm", "--network", "none", str(image.reference), "ls", "/app"]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == "beside.py\n"
