"""From a script to all that its image needs; what is written installs as it is, and the code runs there."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import Literal

import pytest
from uv import find_uv_bin

from jupyter_docker.freeze.reasons import requirements_text
from jupyter_docker.freeze.requirements import resolve_requirements
from jupyter_docker.values.environment import PythonEnvironment
from jupyter_docker.values.errors import UnresolvedImportError
from jupyter_docker.values.events import Event
from jupyter_docker.values.requirements import Requirements, SystemPackage
from jupyter_docker.values.script import Cell, Declared, Script
from tests.unit.freeze.package_index import add_wheel, serve


def script(
    folder: Path, *sources: str, interpreter: Literal["python", "ipython"] = "python", declared: Sequence[Declared] = ()
) -> Script:
    cells = [
        Cell(number=number, index=number, first_line=1, source=source, code=source.replace("!ls", "get_ipython()"))
        for number, source in enumerate(sources, 1)
    ]
    return Script(
        name="x.py", text="", source=folder / "x.ipynb", cells=tuple(cells),
        interpreter=interpreter, declared=tuple(declared),
    )  # fmt: skip


def frozen(found: Script, environment: PythonEnvironment, python_version: str = "") -> tuple[Requirements, list[Event]]:
    events: list[Event] = []
    return resolve_requirements(found, environment, python_version=python_version, emit=events.append), events


def test_a_script_and_its_helpers(environment: PythonEnvironment, tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text("import ruamel.yaml\n")
    sources = ("import os, helpers", "from dateutil import parser\nfrom zope.interface import Interface")
    requirements, events = frozen(script(tmp_path, *sources), environment)
    assert [(pin.name, pin.version, pin.why) for pin in requirements.pins] == [
        ("python-dateutil", "2.9.0.post0", ("cell 2: from dateutil import parser",)),
        ("ruamel-yaml", "0.18.10", ("helpers.py: import ruamel.yaml",)),
        ("ruamel-yaml-clib", requirements.pins[2].version, ("needed by ruamel-yaml",)),
        ("setuptools", "80.9.0", ("needed by zope-interface",)),
        ("six", "1.16.0", ("needed by python-dateutil",)),
        ("zope-interface", "7.2", ("cell 2: from zope.interface import Interface",)),
    ]
    assert [(pin.name, pin.cells) for pin in requirements.pins if pin.direct] == [
        ("python-dateutil", (2,)), ("ruamel-yaml", ()), ("zope-interface", (2,)),
    ]  # fmt: skip
    assert [file.target for file in requirements.local] == [PurePosixPath("helpers.py")]
    assert (requirements.unresolved, events) == ((), [])


def test_what_is_written_installs_as_it_is_and_the_code_runs(
    environment: PythonEnvironment, tmp_path: Path, make_venv: Callable[[Sequence[str]], Path]
) -> None:
    source = "import attr, backports.tarfile, dateutil.parser, pytz, ruamel.yaml, six, zope.event, zope.interface"
    requirements, _ = frozen(script(tmp_path, source), environment)
    file = tmp_path / "requirements.txt"
    file.write_text(requirements_text(requirements))
    folder = make_venv([])
    command = [find_uv_bin(), "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", str(file)]
    subprocess.run([*command, "--python", str(folder)], check=True)
    subprocess.run([folder / "bin/python", "-I", "-c", source], check=True)


def test_freezing_twice_is_the_same_to_the_byte(
    environment: PythonEnvironment, tmp_path: Path, cold_cache: Path
) -> None:
    found = script(tmp_path, "import dateutil, zope.interface")
    first = requirements_text(frozen(found, environment)[0])
    assert requirements_text(frozen(found, environment)[0]) == first
    for file in (cold_cache / "locks").iterdir():
        file.unlink()
    assert requirements_text(frozen(found, environment)[0]) == first


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]", b'[{"name": "six"}]', b"\xff"])
def test_a_damaged_lock_is_made_again(
    environment: PythonEnvironment, tmp_path: Path, cold_cache: Path, damage: bytes
) -> None:
    found = script(tmp_path, "import dateutil")
    first = frozen(found, environment)
    (file,) = (cold_cache / "locks").iterdir()
    file.write_bytes(damage)
    assert frozen(found, environment) == first


def test_a_script_without_imports_needs_nothing(environment: PythonEnvironment, tmp_path: Path) -> None:
    requirements, _ = frozen(script(tmp_path, "import os\nprint(1)"), environment)
    assert requirements == Requirements(python=environment.minor)


def test_the_users_own_requirements_and_system_packages(environment: PythonEnvironment, tmp_path: Path) -> None:
    found = script(tmp_path, "x = 1", declared=[Declared(requirement="six", why="cell 1: %pip install six")])
    packages = [SystemPackage(name="libz", why="--apt"), SystemPackage(name="liba", why="--apt")]
    lines = [Declared(requirement="attrs", why="-r requirements.txt")]
    requirements = resolve_requirements(found, environment, declared=lines, system=packages, emit=lambda _: None)
    assert [(pin.name, pin.why) for pin in requirements.pins] == [
        ("attrs", ("-r requirements.txt",)),
        ("six", ("cell 1: %pip install six",)),
    ]
    assert [package.name for package in requirements.system] == ["liba", "libz"]


def test_ipython_is_needed_where_the_script_runs_through_it(
    environment: PythonEnvironment, tmp_path: Path, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_wheel(tmp_path / "index", "ipython", "9.0")
    with serve(tmp_path / "index") as url:
        monkeypatch.setenv("UV_DEFAULT_INDEX", url)
        requirements, _ = frozen(script(tmp_path, "x = 1", "!ls", interpreter="ipython"), environment)
    assert [(pin.name, pin.version, pin.why) for pin in requirements.pins] == [
        ("ipython", "9.0", ("cell 2 uses IPython syntax",))
    ]


def test_the_python_is_the_images(environment: PythonEnvironment, tmp_path: Path) -> None:
    requirements, _ = frozen(script(tmp_path, "import six"), environment, python_version="3.12.4")
    assert requirements.python == "3.12"


def test_what_nothing_provides_stops_before_any_lock(
    environment: PythonEnvironment, tmp_path: Path, cold_cache: Path
) -> None:
    with pytest.raises(UnresolvedImportError, match="cell 2, line 2: import nothing"):
        frozen(script(tmp_path, "import six", "\nimport nothing"), environment)
    assert not (cold_cache / "locks").exists()
