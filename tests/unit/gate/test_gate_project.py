"""No path that a notebook names leads out of its project: never mounted, never copied, whoever proposes it and how."""

from __future__ import annotations

import ast
import os
import socket
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import jupyter_docker
from jupyter_docker.freeze.data.hints import DataHints
from jupyter_docker.freeze.data.paths import find_data
from jupyter_docker.freeze.local.modules import find_local
from jupyter_docker.freeze.scan.imports import scan_script
from jupyter_docker.gate.admission import admit_data, admit_file
from jupyter_docker.gate.project import Project
from jupyter_docker.notebook.script import export_cell
from jupyter_docker.pipeline.container import with_data
from jupyter_docker.values.container_spec import Mount, RunSpec
from jupyter_docker.values.events import Event, Warned
from jupyter_docker.values.image import Recipe
from jupyter_docker.values.image_reference import ImageReference
from jupyter_docker.values.mount_arguments import MountArguments
from jupyter_docker.values.requirements import DataPath, LocalFile, Requirements

ACCESSES = (
    "open({path!r})",
    "open({path!r}, 'w')",
    "open({path!r}, 'a')",
    "pd.read_csv({path!r})",
    "df.to_csv({path!r})",
    "show({path!r})",
    "show(name={path!r})",
    "load(data_dir={folder!r})",
    "Path({path!r}).read_text()",
    "(Path({folder!r}) / {name!r}).read_bytes()",
    "open(os.path.join({folder!r}, {name!r}))",
    "open(f'{{x}}' + {path!r})\nopen({folder!r} + '/' + y)",
    "sorted(Path({folder!r}).glob('*'))",
    "os.listdir({folder!r})",
    "os.chdir({folder!r})\nopen({name!r})",
    "%cd {folder}\nopen({name!r})",
    "%cd {folder}\nshow({name!r})",
    "ROOT = Path({folder!r}).resolve()\nshow(ROOT / {name!r})",
    "sqlite3.connect({path!r})",
    "create_engine('sqlite:///{path}')",
    "%sql sqlite:///{path}",
    "shutil.copy({path!r}, 'data/x')",
    "shutil.copy('data/a.csv', {path!r})",
    "os.makedirs({path!r}, exist_ok=True)",
    "os.makedirs({folder!r} + '/new', exist_ok=True)\nopen({folder!r} + '/new/x', 'w')",
    "os.path.exists('x')\nos.chdir({folder!r})\nurlretrieve('https://example.org/{name}')",
    "%%writefile {path}\nx",
    "%run {path}",
    "exec(open({path!r}).read())",
    "runpy.run_path({path!r})",
    "import sys\nsys.path.append({folder!r})\nimport {module}",
    "import sys\nsys.path.insert(0, {folder!r})\nfrom {module} import *",
    "import os\nos.chdir({folder!r})\nimport {module}",
    "%cd {folder}\n%run {name}",
    "import {module}",
    "import {package}.{module}",
)
# Each as the notebook, which lies in project/nb, names it; {top} is the folder above the project.
PATHS = (
    "../../outside/key.py",
    "../nb/../../outside/key.py",
    "data/../../../outside/key.py",
    "{top}/outside/key.py",
    "linked.py",
    "linked/key.py",
    "linked/../outside/key.py",
    "data/deep.py",
    ".hidden/key.py",
    "../.hidden/key.py",
    "data/.key.py",
    "to_hidden.py",
    "../../home/.ssh/key.py",
    "../../home/key.py",
    "{top}/home/.ssh/key.py",
    "../engine.sock",
    "engine.sock",
    "../engine_link.py",
    "/var/run/docker.sock",
    "/etc/passwd",
    "/proc/self/environ",
    "~/.ssh/key.py",
)


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with decoys around it, in it hidden, and behind links."""
    top = tmp_path_factory.mktemp("world").resolve()
    for name in (
        "outside/key.py", "home/.ssh/key.py", "home/key.py", "project/.git/config", "project/.hidden/key.py",
        "project/nb/.hidden/key.py", "project/nb/data/a.csv", "project/nb/data/.key.py", "project/nb/real.py",
    ):  # fmt: skip
        file = top / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x = 1\n")
    notebook = top / "project/nb"
    (notebook / "linked.py").symlink_to(top / "outside/key.py")
    (notebook / "linked").symlink_to(top / "outside")
    (notebook / "data/deep.py").symlink_to("../linked/key.py")
    (notebook / "to_hidden.py").symlink_to(".hidden/key.py")
    for place in ("project/engine.sock", "project/nb/engine.sock"):
        here = Path.cwd()
        os.chdir((top / place).parent)  # the whole path is too long for a socket
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind("engine.sock")
        os.chdir(here)
    (top / "project/engine_link.py").symlink_to("engine.sock")
    return top


def taken(source: str, folder: Path) -> tuple[list[Mount], list[LocalFile], list[Warned]]:
    """Return what of ``source`` would be mounted and copied, and what was said."""
    events: list[Event] = []
    scan = scan_script(export_cell(source, emit=events.append))
    code = find_local(
        scan, folder, stdlib=frozenset({"os", "sys"}), is_installed=lambda _: False, start=folder, emit=events.append
    )
    hints = DataHints(MountArguments(folder=folder, start=folder), events.append)
    data = find_data([scan, *code.scans], folder, copied=code.files, hints=hints)
    script = export_cell(source, emit=events.append)
    requirements = Requirements(python="3.11", data=data, local=code.files)
    recipe = Recipe(base=ImageReference.parse("python"), script=script, requirements=requirements)
    spec = with_data(RunSpec(image="x"), recipe, folder)
    return list(spec.mounts), list(code.files), [event for event in events if isinstance(event, Warned)]


def assert_inside(paths: list[Path], project: Path) -> None:
    for path in paths:
        real = path.resolve()
        assert real.is_relative_to(project), f"{path} leads out"
        assert not any(part.startswith(".") for part in real.relative_to(project).parts), f"{path} is hidden"
        assert not real.exists() or real.is_file() or real.is_dir()
        assert not (project / "nb").is_relative_to(real), f"{path} holds the notebook"


@given(access=st.lists(st.sampled_from(ACCESSES), min_size=1, max_size=2), named=st.sampled_from(PATHS))
@settings(max_examples=200, deadline=None)
def test_nothing_leads_out(access: list[str], named: str, top: Path) -> None:
    path = named.format(top=top)
    folder, name = os.path.split(path)
    words = {"path": path, "folder": folder or ".", "name": name, "module": name.partition(".")[0] or "key"}
    package = PurePosixPath(folder).name.strip(".") or "linked"
    source = "\n".join(each.format(**words, package=package) for each in access)
    mounts, files, _ = taken(source, top / "project/nb")
    assert_inside([Path(mount.source) for mount in mounts], top / "project")
    assert_inside([file.source for file in files], top / "project")


parts = st.lists(
    st.sampled_from(["..", "linked", "data", ".hidden", "nb", "outside", "key.py", "x", "~", ""]), max_size=6
)


@given(parts=parts, absolute=st.booleans(), access=st.sampled_from(["read", "write"]))
@settings(max_examples=200, deadline=None)
def test_the_last_check_holds_by_itself(parts: list[str], absolute: bool, access: str, top: Path) -> None:
    project = Project.of(top / "project/nb")
    path = ("/" if absolute else "") + "/".join(parts)
    data = DataPath(path=PurePosixPath(path), access="write" if access == "write" else "read", why="")
    assert_inside([Path(mount.source) for mount in admit_data([data], project)], top / "project")
    file = admit_file(project.folder / path, project, target=PurePosixPath("x"), why="")
    if file is not None:
        assert file.source.resolve().is_relative_to(top / "project")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("show('../../outside/key.py')", "-v ../../outside/key.py:/outside/key.py:ro"),
        ("open('linked.py')", "-v ./linked.py:linked.py:ro"),
        ("import sys\nsys.path.append('../../outside')\nimport key", "--project ../.."),
        ("%run ../../outside/key.py", "--project ../.."),
    ],
)
def test_what_is_left_out_is_said_with_the_words_that_allow_it(source: str, said: str, top: Path) -> None:
    mounts, files, warned = taken(source, top / "project/nb")
    assert (mounts, files) == ([], [])
    assert any(said in each.hint for each in warned), warned


def test_the_person_may_name_the_project(top: Path) -> None:
    folder = top / "project/nb"
    assert Project.of(folder).refusal("../../outside/key.py")
    named = Project.of(folder, named=top)
    assert not named.refusal("../../outside/key.py")
    assert named.refusal("../../home/.ssh/key.py") == "is hidden"


@pytest.mark.parametrize("place", ["home", "home/../", "/etc", "/", "/run/user"])
def test_home_and_the_systems_folders_are_no_project(place: str, top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(top / "home"))
    project = Project.of(top / place)
    assert project.closed
    assert project.refusal("data/x.csv")


def test_in_the_home_folder_the_files_beside_the_notebook_are_its_own(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(top / "home"))
    (top / "home/papers").mkdir(exist_ok=True)
    (top / "home/.git").mkdir(exist_ok=True)
    (top / "home/papers/tax.csv").touch()
    project = Project.of(top / "home")
    assert not project.refusal("key.py")
    assert all(map(project.refusal, ("papers", "papers/tax.csv", ".ssh/key.py", "../outside/key.py")))


# Who may make a mount: the gate, the person's words, and what is of this program's own (sockets, the exchange folder,
# a sweep's rows).
MAKERS = {
    "LocalFile": {"gate/admission.py"},
    "Mount": {
        "gate/admission.py", "values/container_spec.py", "pipeline/container.py", "kernel/configured.py",
        "kernel/container/sockets.py", "clusters/sweep.py",
        "cells/opening.py", "commands/verbs/kernels.py",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", MAKERS)
def test_only_the_gate_makes_something_of_what_a_notebook_names(name: str) -> None:
    package = Path(jupyter_docker.__file__).parent
    makers = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    }
    assert makers <= MAKERS[name]
