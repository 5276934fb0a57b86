"""What no package index has comes as a wheel: of the very files that are installed, or built from its source."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from uv import find_uv_bin

from jupyter_docker.freeze.distributions.declared import read_declared
from jupyter_docker.freeze.environment.inspection import inspect_environment
from jupyter_docker.freeze.reasons import requirements_text
from jupyter_docker.freeze.requirements import resolve_requirements
from jupyter_docker.notebook.script import export_cell
from jupyter_docker.values.environment import Distribution, PythonEnvironment
from jupyter_docker.values.errors import LockError
from jupyter_docker.values.events import Event, Warned
from jupyter_docker.values.requirements import Requirements
from jupyter_docker.values.script import Declared
from tests.unit.freeze.package_index import add_sdist, serve

VenvFactory = Callable[[Sequence[str]], Path]

PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "my-tool"
version = "1.2"
dependencies = ["six"]
[project.scripts]
my-tool = "my_tool:main"
[tool.hatch.build.targets.wheel.shared-data]
"notes.txt" = "share/my-tool/notes.txt"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "my project"
    (folder / "my_tool").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "my_tool/__init__.py").write_text("import six\n\ndef main():\n    print('it runs')\n")
    (folder / "my_tool/data.txt").write_text("data")
    (folder / "notes.txt").write_text("notes")
    return folder


def frozen(
    source: str, environment: PythonEnvironment, *, platform: str = "linux/amd64"
) -> tuple[Requirements, list[str]]:
    events: list[Event] = []
    script = export_cell(source, emit=events.append)
    requirements = resolve_requirements(script, environment, platform=platform, emit=events.append)
    return requirements, [event.message for event in events if isinstance(event, Warned)]


def sized(file: Path, size: int) -> None:
    """Make a file that takes no room on the disk."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as opened:
        opened.truncate(size)


def installed_from(requirements: Requirements, folder: Path, venv: Path) -> None:
    """Install as the image does: the wheels in a folder, hashes required."""
    text = requirements_text(requirements)
    for pin in requirements.pins:
        if pin.wheel:
            text = text.replace(f"file:///wheels/{pin.wheel.name}", pin.wheel.as_uri())
    (folder / "requirements.txt").write_text(text)
    command = [find_uv_bin(), "pip", "install", "-q", "--no-deps", "--require-hashes", "--python", str(venv)]
    subprocess.run([*command, "-r", str(folder / "requirements.txt")], check=True)


@pytest.mark.parametrize("editable", [True, False])
def test_a_project_of_ones_own_is_installed_and_runs(
    project: Path, tmp_path: Path, cold_cache: Path, make_venv: VenvFactory, *, editable: bool
) -> None:
    host = make_venv(["-e", str(project)] if editable else [str(project)])
    before = sorted(path.name for path in project.rglob("*"))
    requirements, warnings = frozen("import my_tool", inspect_environment(python=host))
    assert [(pin.name, pin.version) for pin in requirements.pins] == [("my-tool", "1.2"), ("six", "1.17.0")]
    assert requirements.pins[0].why == ("cell 1: import my_tool", "from my project")
    assert warnings == []
    assert sorted(path.name for path in project.rglob("*")) == before, "the project's folder stays as it is"
    assert str(tmp_path) not in requirements_text(requirements)
    target = make_venv([])
    installed_from(requirements, tmp_path, target)
    done = subprocess.run([target / "bin/my-tool"], capture_output=True, text=True, check=True)
    assert done.stdout == "it runs\n"
    assert (target / "share/my-tool/notes.txt").read_text() == "notes"


def test_packing_twice_is_the_same_to_the_byte(project: Path, cold_cache: Path, make_venv: VenvFactory) -> None:
    for words in (["-e", str(project)], [str(project)]):
        environment = inspect_environment(python=make_venv(words))
        first = frozen("import my_tool", environment)[0].pins[0].wheel
        assert first is not None
        content = first.read_bytes()
        first.unlink()
        assert frozen("import my_tool", environment)[0].pins[0].wheel == first
        assert first.read_bytes() == content


def test_an_edit_of_the_source_makes_another_wheel(project: Path, cold_cache: Path, make_venv: VenvFactory) -> None:
    environment = inspect_environment(python=make_venv(["-e", str(project)]))
    first = frozen("import my_tool", environment)[0].pins[0].wheel
    (project / "my_tool/__init__.py").write_text("def main():\n    print('edited')\n")
    second = frozen("import my_tool", environment)[0].pins[0].wheel
    assert first != second
    assert second is not None
    with zipfile.ZipFile(second) as archive:
        assert b"edited" in archive.read("my_tool/__init__.py")


def test_a_repository_s_commit_is_named_without_its_password(
    project: Path, cold_cache: Path, make_venv: VenvFactory
) -> None:
    host = make_venv([str(project)])
    (info,) = host.glob("lib/python*/site-packages/my_tool-1.2.dist-info")
    vcs = {"url": "https://me:t0ken@host/mine", "vcs_info": {"vcs": "git", "commit_id": "abc"}}
    (info / "direct_url.json").write_text(json.dumps(vcs))
    (pin, _) = frozen("import my_tool", inspect_environment(python=host))[0].pins
    assert pin.why == ("cell 1: import my_tool", "from git+https://****@host/mine@abc")


def test_what_the_index_does_not_have_is_packed_and_said(
    environment: PythonEnvironment, tmp_path: Path, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "simple").mkdir()
    with serve(tmp_path) as url:
        monkeypatch.setenv("UV_DEFAULT_INDEX", url)
        requirements, (warning,) = frozen("import six", environment)
    (pin,) = requirements.pins
    assert (pin.version, pin.why) == ("1.16.0", ("cell 1: import six", "from what is installed"))
    assert (
        warning == "The package index does not have 'six' 1.16.0, so it is packed from what is installed here (0.0 MB)."
    )


def test_a_large_package_is_said_with_its_size(project: Path, cold_cache: Path, make_venv: VenvFactory) -> None:
    host = make_venv([str(project)])
    (data,) = host.glob("lib/python*/site-packages/my_tool/data.txt")
    data.unlink()  # uv's cache has the same file
    sized(data, 101_000_000)
    _, warnings = frozen("import my_tool", inspect_environment(python=host))
    assert warnings == ["'my-tool' 1.2 is packed from what is installed here: 101 MB."]


def test_compiled_code_is_for_its_own_platform(environment: PythonEnvironment, cold_cache: Path) -> None:
    distributions = [
        replace(each, origin="https://host/x.whl") if each.name == "zope.interface" else each
        for each in environment.distributions
    ]
    changed = replace(environment, distributions=tuple(distributions))
    pins, _ = frozen("import zope.interface", changed)
    assert pins.pins[-1].wheel is not None
    with pytest.raises(LockError, match=r"'zope-interface' 7\.2 is on no package index.*not for linux/arm64"):
        frozen("import zope.interface", changed, platform="linux/arm64")


SETUPTOOLS = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "my-tool"
version = "1.2"
dependencies = ["six"]
[project.scripts]
my-tool = "my_tool:main"
[tool.setuptools]
packages = ["my_tool"]
"""


@pytest.mark.parametrize("layout", ["finder", "folder"])
def test_a_link_of_setuptools_is_packed_as_it_is_imported(
    project: Path, tmp_path: Path, cold_cache: Path, make_venv: VenvFactory, layout: str
) -> None:
    where = 'package-dir = {"" = "src"}\n' if layout == "folder" else ""
    (project / "pyproject.toml").write_text(SETUPTOOLS + where)
    if layout == "folder":
        (project / "src").mkdir()
        (project / "my_tool").rename(project / "src/my_tool")
    requirements, _ = frozen("import my_tool", inspect_environment(python=make_venv(["-e", str(project)])))
    target = make_venv([])
    installed_from(requirements, tmp_path, target)
    done = subprocess.run([target / "bin/my-tool"], capture_output=True, text=True, check=True)
    assert done.stdout == "it runs\n"
    assert not [path for path in target.rglob("*") if "__editable__" in path.name]
    assert [path.read_text() for path in target.rglob("my_tool/data.txt")] == ["data"]


def test_no_build_backend_runs_for_a_link(
    project: Path, tmp_path: Path, cold_cache: Path, make_venv: VenvFactory
) -> None:
    environment = inspect_environment(python=make_venv(["-e", str(project)]))
    (project / "backend.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    (project / "setup.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    assert [pin.name for pin in frozen("import my_tool", environment)[0].pins] == ["my-tool", "six"]
    assert not (tmp_path / "ran").exists()


def test_a_link_in_a_package_to_elsewhere_is_not_packed(
    project: Path, tmp_path: Path, cold_cache: Path, make_venv: VenvFactory
) -> None:
    environment = inspect_environment(python=make_venv(["-e", str(project)]))
    (tmp_path / "id_rsa").write_text("planted")
    (project / "my_tool/key.txt").symlink_to(tmp_path / "id_rsa")
    (project / "my_tool/own.txt").symlink_to(project / "notes.txt")
    wheel = frozen("import my_tool", environment)[0].pins[0].wheel
    assert wheel is not None
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "my_tool/own.txt" in names
    assert "my_tool/key.txt" not in names


def test_compiled_modules_of_a_link_are_for_this_python(
    project: Path, cold_cache: Path, make_venv: VenvFactory
) -> None:
    environment = inspect_environment(python=make_venv(["-e", str(project)]))
    (project / "my_tool/fast.so").write_bytes(b"")
    wheel = frozen("import my_tool", environment)[0].pins[0].wheel
    assert wheel is not None
    assert wheel.name == "my_tool-1.2-cp311-cp311-linux_x86_64.whl"
    with pytest.raises(LockError, match=r"not for linux/arm64"):
        frozen("import my_tool", environment, platform="linux/arm64")


def test_a_link_that_only_its_backend_understands_is_said(
    project: Path, cold_cache: Path, make_venv: VenvFactory
) -> None:
    host = make_venv(["-e", str(project)])
    (link,) = host.glob("lib/python*/site-packages/_*my_tool*.pth")
    link.write_text("import _my_tool_loader\n")
    environment = inspect_environment(python=host)
    changed = [replace(each, modules=("my_tool",)) if each.editable else each for each in environment.distributions]
    with pytest.raises(LockError, match=r"only its own build backend understands") as raised:
        frozen("import my_tool", replace(environment, distributions=tuple(changed)))
    assert raised.value.hint.endswith(f"%pip install {project}")


def test_what_the_index_has_only_as_source_is_packed_from_what_is_installed(
    environment: PythonEnvironment, tmp_path: Path, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_sdist(tmp_path, "six", "1.16.0", runs=f"open({str(tmp_path / 'ran')!r}, 'w')")
    with serve(tmp_path) as url:
        monkeypatch.setenv("UV_DEFAULT_INDEX", url)
        requirements, (warning,) = frozen("import six", environment)
    assert requirements.pins[0].wheel is not None
    assert warning.startswith("The package index does not have 'six' 1.16.0 as a wheel, so it is packed")
    assert not (tmp_path / "ran").exists()


def test_a_checkout_s_data_is_left_out_of_its_wheel_and_said(
    project: Path, cold_cache: Path, make_venv: VenvFactory
) -> None:
    environment = inspect_environment(python=make_venv(["-e", str(project)]))
    for path, size in {
        "my_tool/model.bin": 2_500_000_000,
        ".git/objects/pack": 10**10,
        "node_modules/x/y.js": 1000,
        "venv/pyvenv.cfg": 1,
        "venv/lib/python3/site-packages/large.so": 10**9,
    }.items():
        sized(project / path, size)
    requirements, warnings = frozen("import my_tool", environment)
    assert warnings == [
        "'my-tool' is installed from its source folder, and its wheel is made without 'my_tool/model.bin' (2,500 MB)."
    ]
    wheel = requirements.pins[0].wheel
    assert wheel is not None
    with zipfile.ZipFile(wheel) as archive:
        assert [name for name in archive.namelist() if "dist-info" not in name and "data/" not in name] == [
            "my_tool/__init__.py", "my_tool/data.txt",
        ]  # fmt: skip


def test_a_checkout_with_much_data_is_refused_before_it_is_copied(
    project: Path, cold_cache: Path, make_venv: VenvFactory
) -> None:
    environment = inspect_environment(python=make_venv(["-e", str(project)]))
    for number in range(60):
        sized(project / f"my_tool/images/{number}.bin", 10_000_000)
    with pytest.raises(LockError, match=r"which has 600 MB: too much .*'my_tool' has 600 MB of it") as refused:
        frozen("import my_tool", environment)
    assert refused.value.hint.startswith(f"Move its data out of '{project}'")
    assert not list(cold_cache.glob("wheels/*"))


@pytest.mark.parametrize(
    ("line", "origin", "same"),
    [
        ("git+https://host/a/mine.git@main", "git+https://****@host/a/mine@abc", True),
        ("mine @ git+https://host/a/mine#egg=mine", "git+https://host/a/mine.git@abc", True),
        ("git+https://host/a/other", "git+https://host/a/mine@abc", False),
        ("-e ..", "file:///home", True),
        ("-e ../.[extra]", "file:///home", True),
        ("./mine", "file:///home/notes/mine", True),
        ("./mine", "git+https://host/a/mine@abc", False),
        ("file:///home/with%20space", "file:///home/with%20space", True),
        ("https://host/mine-1.0-py3-none-any.whl", "https://host/mine-1.0-py3-none-any.whl", True),
    ],
)
def test_an_install_line_names_what_is_installed_from_there(line: str, origin: str, same: bool) -> None:
    distribution = Distribution(name="mine", version="1.0", origin=origin)
    events: list[Event] = []
    lines = [Declared(requirement=line, why="cell 1")]
    found = read_declared(lines, [distribution], Path("/home/notes"), events.append)
    assert [each.name for each in found] == (["mine"] if same else [])
    assert len(events) == (0 if same else 1)


@pytest.mark.parametrize("line", ["./planted/secret", "secret @ https://host/planted.whl", "a\nb"])
def test_a_line_of_a_file_is_in_no_message(line: str) -> None:
    events: list[Event] = []
    try:
        read_declared([Declared(requirement=line, why="-r x, line 1", in_file=True)], [], Path("/x"), events.append)
    except LockError as error:
        said = error.message
    else:
        (warned,) = [each for each in events if isinstance(each, Warned)]
        said = warned.message
    assert said.startswith("-r x, line 1 is not ")
    assert "planted" not in said


def test_a_requirement_is_one_line_of_what_uv_is_given() -> None:
    line = 'six; python_version > "3\n--index-url https://host/simple\n"'
    with pytest.raises(LockError, match="is not a"):
        read_declared([Declared(requirement=line.replace("/", ""), why="metadata")], [], Path("/x"), lambda _: None)


def test_what_only_conda_knows_is_said(environment: PythonEnvironment) -> None:
    cow = Distribution(name="cowpy", version="1.1", modules=("cow",), origin="conda:cowpy")
    changed = replace(environment, distributions=(*environment.distributions, cow))
    with pytest.raises(LockError, match=r"^'cowpy' 1\.1 is only known to conda") as raised:
        frozen("import cow", changed)
    assert raised.value.hint.endswith("%pip install cowpy")
