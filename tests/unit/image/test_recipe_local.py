"""What is the user's own gets into the image: modules from elsewhere, wheels, and a lock without hashes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from jupyter_docker.image.context import stage_context
from jupyter_docker.values.image import Recipe
from jupyter_docker.values.image_reference import ImageReference
from jupyter_docker.values.requirements import LocalFile, Pin, Requirements
from jupyter_docker.values.script import Script

SCRIPT = Script(name="a-notebook.py", text="import mine\n", source=Path("a.ipynb"), cells=())


def staged(folder: Path, requirements: Requirements, *, mounts: bool = True, kernel: tuple[Pin, ...] = ()) -> str:
    base = ImageReference.parse("python:3.11-slim")
    recipe = Recipe(base=base, script=SCRIPT, requirements=requirements, kernel=kernel)
    context = stage_context(recipe, folder, mounts=mounts)
    assert str(folder.parent) not in context.dockerfile.read_text()
    return context.dockerfile.read_text()


@pytest.fixture
def wheel(tmp_path: Path) -> Pin:
    path = tmp_path / "mine-1.0+cpu-py3-none-any.whl"
    path.write_bytes(b"a wheel")
    return Pin(name="mine", version="1.0+cpu", hashes=("sha256:ab",), wheel=path)


def test_modules_from_elsewhere_are_on_the_python_path(tmp_path: Path) -> None:
    (tmp_path / "upper.py").write_text("x = 1\n")
    target = PurePosixPath("/opt/containerize/modules/upper.py")
    local = (LocalFile(source=tmp_path / "upper.py", target=target, why="cell 1: import upper"),)
    requirements = Requirements(python="3.11", local=local, paths=(target.parent, PurePosixPath("/app/src")))
    text = staged(tmp_path / "context", requirements)
    assert (tmp_path / "context/files/opt/containerize/modules/upper.py").read_text() == "x = 1\n"
    assert 'PYTHONPATH="/opt/containerize/modules:/app/src"' in text
    assert "\nCOPY files/ /\nCOPY app/ /app/\n" in text
    assert "!files\n" in (tmp_path / "context/.dockerignore").read_text()
    assert "\nCOPY files/ /\nUSER" in staged(tmp_path / "kernel", requirements, kernel=(Pin(name="a", version="1"),))


def test_wheels_are_mounted_and_hashed(tmp_path: Path, wheel: Pin) -> None:
    text = staged(tmp_path / "context", Requirements(python="3.11", pins=(wheel,)))
    assert "    --mount=type=bind,source=wheels,target=/wheels \\\n" in text
    assert "--no-deps --require-hashes -r /requirements.txt" in text
    assert (tmp_path / "context/wheels/mine-1.0+cpu-py3-none-any.whl").read_bytes() == b"a wheel"
    assert (
        "mine @ file:///wheels/mine-1.0%2Bcpu-py3-none-any.whl \\\n    --hash=sha256:ab\n"
        in (tmp_path / "context/requirements.txt").read_text()
    )


def test_a_classic_builder_gets_the_wheels_by_a_copy(tmp_path: Path, wheel: Pin) -> None:
    text = staged(tmp_path / "context", Requirements(python="3.11", pins=(wheel,)), mounts=False)
    assert "COPY wheels/ /wheels/\nCOPY requirements.txt /requirements.txt\n" in text


def test_a_lock_without_hashes_is_installed_without_and_says_so(tmp_path: Path, wheel: Pin) -> None:
    pins = (replace(wheel, hashes=()), Pin(name="six", version="1.16.0"))
    text = staged(tmp_path / "context", Requirements(python="3.11", pins=pins))
    assert "# The packages, at the versions of requirements.txt, which was made offline and so has no hashes\n" in text
    assert "--no-deps -r /requirements.txt" in text
    assert "--require-hashes" not in text
