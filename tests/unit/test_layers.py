"""A module imports only from layers below its own, and each heavy library only where it belongs."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import jupyter_docker

PACKAGE = Path(jupyter_docker.__file__).parent
LAYERS = [
    {"", "fixes"},
    {"errors"},
    {"events", "reference", "task_runner"},
    {"folder_copy", "models", "process", "scratch"},
    {"mount_words"},
    {"choices", "config", "runspec"},
    {"private"},
    {"gate"},
    {"export"},
    {"advice"},
    {"freeze", "recipe"},
    {"build_secrets", "context", "wheelhouse", "engine", "exchange"},
    {"kernel"},
    {"options", "pipeline", "repairs", "ship", "stored_choices"},
    {"plan", "verify"},
    {"commands", "display"},
    {"cells", "ran_cells", "views"},
    {"cli", "magics", "nbconvert", "server"},
    {"__main__"},
]
LEVELS = {name: level for level, names in enumerate(LAYERS) for name in names}
# Run in the target interpreter or in the image, each on its own; so does the folder exchange/wire.
STANDALONE = {
    "freeze/environment/probe.py",
    "freeze/environment/question.py",
    "kernel/container/supervise.py",
    "engine/containers/watch.py",
    "task_runner/run_cells.py",
    "task_runner/run_task.py",
}
ONLY_IN = {
    "argparse": {"commands", "options"},
    "docker": {"engine", "kernel"},
    "requests": {"engine", "wheelhouse"},
    "IPython": {"cells", "magics", "display", "export", "__init__"},
    "nbformat": {"kernel", "nbconvert"},
    "nbconvert": {"nbconvert"},
    "jupytext": {"export"},
    "rich": {"display"},
    "jupyter_server": {"server"},
    "tornado": {"kernel", "server"},
}


def modules() -> list[Path]:
    paths = {path.relative_to(PACKAGE).as_posix(): path for path in PACKAGE.rglob("*.py")}
    kept = sorted(name for name in paths if name not in STANDALONE and not name.startswith("exchange/wire/"))
    return [paths[name] for name in kept]


def layer_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            inside = node.module == "jupyter_docker"
            yield from (name if inside and layer_of(name) in LEVELS else str(node.module) for name in names)


def own_layer(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_only_from_layers_below(path: Path) -> None:
    own = own_layer(path)
    if own == "__init__":
        return
    for name in imported(path):
        if name.split(".")[0] == "jupyter_docker":
            other = layer_of(name)
            assert other == own or LEVELS[other] < LEVELS[own], f"{own} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_heavy_libraries_stay_where_they_belong(path: Path) -> None:
    for name in imported(path):
        allowed = ONLY_IN.get(name.split(".")[0])
        assert allowed is None or own_layer(path) in allowed, f"{path.name} imports {name}"


HEAVY = ("docker", "nbformat", "nbconvert", "jupyter_server", "requests", "rich")


@pytest.mark.parametrize(
    ("statement", "kept_out"),
    [
        ("from jupyter_docker.cli import main; main(['--help'])", (*HEAVY, "IPython")),
        ("from jupyter_docker.magics import register", HEAVY),
        (
            "import jupyter_docker.commands.verbs.notebooks, jupyter_docker.commands.views",
            ("docker", "jupyter_client", "zmq"),
        ),
    ],
)
def test_starting_imports_almost_nothing(statement: str, kept_out: tuple[str, ...]) -> None:
    code = f"{statement}\nimport sys; print('LOADED', *[name for name in {kept_out} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "LOADED"
