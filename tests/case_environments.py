"""The environments of the case folders: real ones, made once by uv from exact pins and kept in the user's cache."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Literal

import platformdirs
from uv import find_uv_bin

RECIPES = Path(__file__).parent / "cases/environments"
Project = Literal["editable", "folder", "repository", "wheel", "found"]


def shared_environment(name: str) -> Path:
    """Return the virtual environment of the recipe ``name``; to be read only. Its pins are all there is in it."""
    recipe = RECIPES / f"{name}.txt"
    key = hashlib.sha256(recipe.read_bytes() + sys.version.encode()).hexdigest()[:16]
    place = platformdirs.user_cache_path("jupyter-containerize-cases", appauthor=False) / f"{name}-{key}"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as temporary:
            fresh = Path(temporary, "environment")
            make_environment(fresh, recipe)
            with suppress(OSError):  # another process was first
                fresh.rename(place)
    return place


def site_packages(environment: Path) -> Path:
    """Return where the environment's packages are."""
    (folder,) = environment.glob("lib/python*/site-packages")
    return folder


def make_environment(folder: Path, recipe: Path) -> None:
    """Make a virtual environment of the recipe's pins, without what they need besides."""
    _uv("venv", "--python", sys.executable, "--relocatable", str(folder))
    _uv("pip", "install", "--python", str(folder), "--no-deps", "-r", str(recipe))


def environment_with_project(folder: Path, recipe: str, project: Path, how: Project) -> Path:
    """Return a new environment in ``folder`` that has the recipe and ``project``, installed in one of the ways."""
    make_environment(folder / "environment", RECIPES / f"{recipe}.txt")
    install = ("pip", "install", "--python", str(folder / "environment"), "--no-deps")
    if how == "editable":
        _uv(*install, "-e", str(project))
    elif how == "folder":
        _uv(*install, str(project))
    elif how == "repository":
        _uv(*install, f"my-tool @ git+{_repository(folder, project).as_uri()}")
    else:
        _uv("build", "--wheel", "--out-dir", str(folder / "wheels"), str(project))
        (wheel,) = (folder / "wheels").glob("*.whl")
        found = ("--no-index", "--find-links", str(wheel.parent), "my-tool")
        _uv(*install, *(found if how == "found" else (str(wheel),)))
    return folder / "environment"


def _repository(folder: Path, project: Path) -> Path:
    copy = folder / "me" / project.name
    shutil.copytree(project, copy)
    identity = ("-c", "user.name=me", "-c", "user.email=me@example.org")
    for words in (("init", "-q"), ("add", "."), (*identity, "commit", "-q", "-m", "first")):
        subprocess.run(["git", "-C", str(copy), *words], check=True)
    return copy


def _uv(*words: str) -> None:
    done = subprocess.run([find_uv_bin(), *words, "--quiet"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"uv {' '.join(words)}\n{done.stderr}")
