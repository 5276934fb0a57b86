"""The house: rooms as docs/architecture.md lists them, each entered by its face, none in a circle with another."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

import jupyter_docker

PACKAGE = Path(jupyter_docker.__file__).parent
NAME = PACKAGE.name
FACES = {"__init__", "__main__", "cli", "magics", "api", "nbconvert"}
MAX_ROOMS, MAX_FILES = 22, 20
# Folders that are no code of the package: what is built, and what Python leaves.
NO_ROOMS = {"labextension", "__pycache__"}
# Run in the target interpreter or in the image, or each in a process of its own, without the package.
STANDALONE = (
    "engine/containers/watch.py", "exchange/wire", "freeze/environment/probe.py", "freeze/environment/kernel_query.py",
    "kernel/container/supervise.py", "task_runner/run_cells.py", "task_runner/run_task.py",
)  # fmt: skip
ONLY_IN = {
    "argparse": {"commands"},
    "docker": {"engine", "kernel"},  # its types, in kernel
    "requests": {"engine", "image"},
    "IPython": {"cells", "magics", "display", "notebook", "__init__"},
    "nbformat": {"compare", "kernel", "nbconvert"},
    "nbconvert": {"compare", "kernel", "nbconvert"},
    "jupytext": {"notebook"},
    "rich": {"display"},
    "jupyter_server": {"server"},
    "tornado": {"kernel", "server"},
}


def modules() -> list[Path]:
    alone = [PACKAGE / path for path in STANDALONE]
    assert all(path.exists() for path in alone)
    return sorted(path for path in PACKAGE.rglob("*.py") if not any(map(path.is_relative_to, alone)))


MODULES = modules()
each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())


def room_of(path: Path) -> str:
    """Return the room of a module, or the name of one that is in none."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Yield the modules that a module imports; of ``from jupyter_docker import x``, x."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [f"{NAME}.{alias.name}" for alias in node.names]
            yield from names if node.module == NAME else [str(node.module)]


def own_imports(path: Path) -> Iterator[str]:
    """Yield the imports from the package, without its name: "engine", "engine.images.store"."""
    yield from (name.removeprefix(f"{NAME}.") for name in imported(path) if name.startswith(f"{NAME}."))


def rooms() -> set[str]:
    return {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name not in NO_ROOMS}


def listed_rooms() -> set[str]:
    """Return the rooms of the table in docs/architecture.md."""
    text = (PACKAGE.parent / "docs/architecture.md").read_text(encoding="utf-8")
    table = text.partition("| room |")[2].partition("\n\n")[0]
    return set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))


def test_the_rooms_are_those_that_the_architecture_page_lists() -> None:
    assert rooms() == listed_rooms()
    assert len(rooms()) <= MAX_ROOMS


def test_nothing_is_loose_but_the_faces() -> None:
    assert {path.stem for path in PACKAGE.glob("*.py")} <= FACES


def test_no_folder_is_crowded() -> None:
    folders = defaultdict[Path, int](int)
    for path in PACKAGE.rglob("*.py"):
        folders[path.parent] += 1
    assert {folder.relative_to(PACKAGE): count for folder, count in folders.items() if count > MAX_FILES} == {}


@each_module
def test_a_module_opens_with_a_noun_phrase(path: Path) -> None:
    """The field's noun for its subject: "Undeclared dependencies: …", and no clause such as "What libraries import"."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert text
    assert re.match(r"(?:How|What|When|Where|Whether|Which|Who|Why)\b", text) is None


@each_module
def test_a_room_is_entered_by_its_face(path: Path) -> None:
    past = [name for name in own_imports(path) if "." in name and name.split(".")[0] != room_of(path)]
    assert past == []


def test_no_room_is_in_a_circle_with_another() -> None:
    graph: dict[str, set[str]] = {}
    for path in MODULES:
        if room_of(path) != "__init__":
            below = {name.split(".")[0] for name in own_imports(path)} - {room_of(path), "__version__"}
            graph.setdefault(room_of(path), set()).update(below)
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError
    assert order.index("values") < order.index("engine") < order.index("server")


def module_name(path: Path) -> str:
    """Return "engine.images.store"; of a folder's face, the folder's."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def modules_below(path: Path) -> set[str]:
    """Return the modules that a module imports, also those that it imports for types alone or in a function."""
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    froms = [
        (str(node.module), alias.name) for node in tree if isinstance(node, ast.ImportFrom) for alias in node.names
    ]
    names = {name.removeprefix(f"{NAME}.") for module, member in froms for name in (module, f"{module}.{member}")}
    return (names & set(map(module_name, MODULES))) - {module_name(path)}


def test_no_module_is_in_a_circle_with_another() -> None:
    list(TopologicalSorter({module_name(path): modules_below(path) for path in MODULES}).static_order())


@each_module
def test_heavy_libraries_stay_where_they_belong(path: Path) -> None:
    for name in imported(path):
        allowed = ONLY_IN.get(name.split(".")[0])
        assert allowed is None or room_of(path) in allowed, f"{path.name} imports {name}"


@each_module
def test_the_client_of_the_engine_is_used_in_its_room_alone(path: Path) -> None:
    """What it gives to others are this package's values."""
    if room_of(path) == "engine":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _is_client(node)]
    assert used == []


def _is_client(node: ast.Attribute) -> bool:
    """Whether it is ``engine.client``, by whatever way the engine is reached."""
    holder = node.value
    name = holder.attr if isinstance(holder, ast.Attribute) else getattr(holder, "id", "")
    return node.attr == "client" and name.endswith("engine")


@pytest.mark.parametrize("room", sorted(rooms()))
def test_a_face_has_what_it_names(room: str) -> None:
    face = import_module(f"{NAME}.{room}")
    assert face.__doc__
    for name in getattr(face, "__all__", ()):
        assert getattr(face, name) is not None


HEAVY = ("argcomplete", "docker", "nbformat", "nbconvert", "jupyter_server", "requests", "rich")


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
