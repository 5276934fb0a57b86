"""Environments are read from what is installed: names from RECORD files, and from the cache only while they hold."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from uv import find_uv_bin

from jupyter_docker.freeze.environment import inspection as environment_module
from jupyter_docker.freeze.environment import probe
from jupyter_docker.freeze.environment.inspection import find_interpreter, inspect_environment
from jupyter_docker.values.environment import PythonEnvironment
from jupyter_docker.values.errors import EnvironmentUnavailableError


def modules(environment: PythonEnvironment) -> dict[str, tuple[str, ...]]:
    return {each.name: each.modules for each in environment.distributions}


def test_names_come_from_records_and_shared_namespaces_are_told_apart(environment: PythonEnvironment) -> None:
    assert modules(environment) == {
        "attrs": ("attr", "attrs"),
        "backports.tarfile": ("backports.tarfile",),
        "python-dateutil": ("dateutil",),
        "pytz": ("pytz",),
        "ruamel.yaml": ("ruamel.yaml",),
        "ruamel.yaml.clib": ("_ruamel_yaml",),
        "setuptools": ("_distutils_hack", "pkg_resources", "setuptools"),
        "six": ("six",),
        "zope.event": ("zope.event",),
        "zope.interface": ("zope.interface",),
    }


def test_versions_requirements_and_the_interpreter_are_described(environment: PythonEnvironment, venv: Path) -> None:
    found = {each.name: each for each in environment.distributions}
    assert found["six"].version == "1.16.0"
    assert found["python-dateutil"].requires == ("six >=1.5",)
    assert environment.executable == venv / "bin/python"
    assert environment.python_version == ".".join(map(str, sys.version_info[:3]))
    assert environment.implementation == "cpython"
    assert {"os", "sys", "math", "xml"} <= environment.stdlib


def test_a_venv_an_interpreter_and_a_relative_path_are_the_same(
    environment: PythonEnvironment, venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(venv.parent)
    assert inspect_environment(python=venv / "bin/python") == environment
    assert inspect_environment(python=Path("venv")) == environment


def test_pythonpath_counts_as_it_does_for_a_kernel(
    venv: Path, environment: PythonEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_distribution(tmp_path, "six", "9.9", ["six.py"])
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = {each.name: each.version for each in inspect_environment(python=venv).distributions}
    assert found["six"] == "9.9", "the first on the path is what is imported"
    assert len(found) == len(environment.distributions)


def test_neither_the_current_folder_nor_the_freezes_own_counts(
    venv: Path, environment: PythonEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cold_cache: Path
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('imported')")
    monkeypatch.chdir(tmp_path)
    assert inspect_environment(python=venv).path == environment.path
    assert Path(probe.__file__).parent not in environment.path


def test_an_editable_install_has_its_folder_and_names(
    make_venv: Callable[[Sequence[str]], Path], tmp_path: Path
) -> None:
    (tmp_path / "src/mine").mkdir(parents=True)
    (tmp_path / "src/mine/__init__.py").write_text("")
    (tmp_path / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "mine"\nversion = "1.0"\n'
    )
    folder = make_venv(["-e", str(tmp_path)])
    (mine,) = inspect_environment(python=folder).distributions
    assert (mine.name, mine.modules, mine.editable) == ("mine", ("mine",), tmp_path)
    assert mine.origin == tmp_path.as_uri()


def test_an_editable_install_by_a_finder_has_its_names(tmp_path: Path) -> None:
    write_distribution(tmp_path, "mine", "1.0", ["__editable___mine_1_0_finder.py"])
    finder = tmp_path / "__editable___mine_1_0_finder.py"
    finder.write_text("MAPPING: dict[str, str] = {'mine': '/src/mine', 'other': '/src/other'}\nNAMESPACES = {}\n")
    assert names_in(tmp_path) == {"mine": ["mine", "other"]}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["pkg/__init__.py", "pkg/sub/__init__.py", "pkg/sub/deep.py"], ["pkg"]),
        (["one.py", "_two.cpython-311-x86_64-linux-gnu.so", "three.pyd"], ["_two", "one", "three"]),
        (["space/a/__init__.py", "space/b.py"], ["space.a", "space.b"]),
        (["../../bin/tool", "/abs/x.py", "data/readme.txt", "not-a-name.py", "pkg-stubs/__init__.py"], []),
        (["__pycache__/one.cpython-311.pyc", "pkg/__pycache__/x.py", "pkg/__init__.py"], ["pkg"]),
        (["été.py"], ["été"]),
    ],
)
def test_names_of_recorded_files(tmp_path: Path, files: list[str], expected: list[str]) -> None:
    write_distribution(tmp_path, "thing", "1", files)
    assert names_in(tmp_path) == {"thing": expected}


def test_a_package_that_two_distributions_fill_keeps_its_name_and_its_parts(tmp_path: Path) -> None:
    write_distribution(tmp_path, "base", "1", ["both/__init__.py", "both/core.py"])
    write_distribution(tmp_path, "plugin", "1", ["both/__init__.py", "both/plugin.py"])
    (tmp_path / "both").mkdir()
    (tmp_path / "both/__init__.py").write_text("VERSION = 1\n")
    assert names_in(tmp_path) == {"base": ["both", "both.core"], "plugin": ["both", "both.plugin"]}


@pytest.mark.parametrize("init", ["", "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"])
def test_a_shared_empty_package_only_has_parts(tmp_path: Path, init: str) -> None:
    write_distribution(tmp_path, "a", "1", ["shared/__init__.py", "shared/a/__init__.py"])
    write_distribution(tmp_path, "b", "1", ["shared/__init__.py", "shared/b/__init__.py"])
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/__init__.py").write_text(init)
    assert names_in(tmp_path) == {"a": ["shared.a"], "b": ["shared.b"]}


def test_names_without_a_record_come_from_what_setup_py_wrote(tmp_path: Path) -> None:
    for name, file, text in [
        ("old", "installed-files.txt", "../old_module.py\n../old_package/__init__.py\nPKG-INFO\n"),
        ("older", "top_level.txt", "older_package\ntypes-stubs\n"),
    ]:
        folder = tmp_path / f"{name}-1.egg-info"
        folder.mkdir()
        (folder / "PKG-INFO").write_text(f"Metadata-Version: 1.0\nName: {name}\nVersion: 1\n\nlong text\n")
        (folder / file).write_text(text)
    assert names_in(tmp_path) == {"old": ["old_module", "old_package"], "older": ["older_package"]}


@pytest.mark.parametrize(
    ("direct", "installer", "origin"),
    [
        ({"url": "https://host/x.whl", "archive_info": {}}, "pip", "https://host/x.whl"),
        ({"url": "https://host/r", "vcs_info": {"vcs": "git", "commit_id": "abc"}}, "uv", "git+https://host/r@abc"),
        ({"url": "file:///croot/x", "dir_info": {}}, "conda", ""),
    ],
)
def test_direct_urls(tmp_path: Path, direct: dict[str, object], installer: str, origin: str) -> None:
    info = write_distribution(tmp_path, "x", "1", ["x.py"])
    (info / "direct_url.json").write_text(json.dumps(direct))
    (info / "INSTALLER").write_text(f"{installer}\n")
    (described,) = probe.describe([str(tmp_path)])["distributions"]
    assert (described["origin"], described["editable"]) == (origin, "")


def test_without_arguments_it_is_this_process_with_its_live_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_distribution(tmp_path, "appended-later", "1", ["appended.py"])
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    found = modules(inspect_environment())
    assert found["appended-later"] == ("appended",)
    assert found["pytest"] == ("_pytest", "py", "pytest")


def test_a_kernelspecs_interpreter_and_variables_are_used(
    environment: PythonEnvironment, venv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_distribution(tmp_path / "extra", "from-the-spec", "1", ["from_spec.py"])
    write_kernel(
        tmp_path, monkeypatch, "small",
        argv=[str(venv / "bin/python"), "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        env={"PYTHONPATH": str(tmp_path / "extra")},
    )  # fmt: skip
    found = inspect_environment(kernel="small")
    assert modules(found) == {**modules(environment), "from-the-spec": ("from_spec",)}


def test_a_missing_kernel_is_an_error_that_names_those_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_kernel(tmp_path, monkeypatch, "small", argv=[sys.executable])
    with pytest.raises(EnvironmentUnavailableError, match=r"no kernel 'large' here\. The kernels are: .*\bsmall\b"):
        inspect_environment(kernel="large")


def test_a_kernel_of_another_language_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_kernel(tmp_path, monkeypatch, "ir", argv=["R"], language="R")
    with pytest.raises(EnvironmentUnavailableError, match="The kernel 'ir' runs R, not Python"):
        inspect_environment(kernel="ir")


@pytest.mark.parametrize("name", ["nothing", "text.txt"])
def test_what_is_no_interpreter_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.txt").write_text("no program")
    with pytest.raises(EnvironmentUnavailableError, match="neither a Python interpreter nor a virtual environment"):
        inspect_environment(python=tmp_path / name)


@pytest.mark.parametrize(
    ("script", "reason"),
    [("exit 3", "exit status 3"), ("echo broken >&2; exit 1", "broken"), ("echo hello", "does not behave like Python")],
)
def test_an_interpreter_that_fails_is_an_error_with_its_reason(tmp_path: Path, script: str, reason: str) -> None:
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    with pytest.raises(EnvironmentUnavailableError, match=reason):
        inspect_environment(python=program)


def test_an_unchanged_environment_is_not_asked_again(
    venv: Path, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = inspect_environment(python=venv)
    monkeypatch.setattr(environment_module, "_probe", lambda *_: pytest.fail("asked again"))
    assert inspect_environment(python=venv) == first


def test_what_is_installed_or_removed_is_seen_at_once(
    make_venv: Callable[[Sequence[str]], Path], cold_cache: Path
) -> None:
    folder = make_venv([])
    assert inspect_environment(python=folder).distributions == ()
    for command, expected in [
        (["install", "-q", "six==1.16.0"], ["1.16.0"]),
        (["install", "-q", "six==1.17.0"], ["1.17.0"]),
        (["uninstall", "-q", "six"], []),
    ]:
        subprocess.run([find_uv_bin(), "pip", *command, "--python", str(folder)], check=True)
        assert [each.version for each in inspect_environment(python=folder).distributions] == expected


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"state": 1}', b"\xff\xfe", b'"text"', b"null"])
def test_a_damaged_cache_is_harmless(
    venv: Path, environment: PythonEnvironment, cold_cache: Path, damage: bytes
) -> None:
    inspect_environment(python=venv)
    (file,) = (cold_cache / "environments").iterdir()
    file.write_bytes(damage)
    assert inspect_environment(python=venv) == environment


def test_without_a_cache_folder_it_works(venv: Path, environment: PythonEnvironment, cold_cache: Path) -> None:
    cold_cache.parent.mkdir()
    cold_cache.write_text("a file where the folder would be")
    assert inspect_environment(python=venv) == environment


def test_the_probe_is_written_for_old_pythons() -> None:
    ast.parse(Path(probe.__file__).read_text(encoding="utf-8"), feature_version=(3, 8))


def test_without_a_list_of_the_standard_library_its_folders_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sys, "stdlib_module_names")
    read = set(probe.describe([])["stdlib"])
    assert {"os", "sys", "math", "xml", "builtins"} <= read
    assert read.isdisjoint({"pytest", "uv", "pip"})


def names_in(folder: Path) -> dict[str, list[str]]:
    return {each["name"]: each["modules"] for each in probe.describe([str(folder)])["distributions"]}


def write_distribution(folder: Path, name: str, version: str, files: Sequence[str]) -> Path:
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nName: not this\n")
    (info / "RECORD").write_text("".join(f"{file},sha256=x,1\n" for file in files), encoding="utf-8")
    return info


def write_kernel(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    *,
    argv: list[str],
    language: str = "python",
    **spec: object,
) -> None:
    kernel = folder / "jupyter/kernels" / name
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": name, "language": language, **spec}))
    monkeypatch.setenv("JUPYTER_PATH", str(folder / "jupyter"))


def test_what_conda_alone_knows_has_its_name_and_version(make_venv: Callable[[Sequence[str]], Path]) -> None:
    folder = make_venv(["six==1.16.0"])
    (folder / "conda-meta").mkdir()
    library = "lib/python3.11/site-packages"
    records = {
        "cowpy-1.1-py_0": {
            "name": "cowpy",
            "version": "1.1",
            "files": [f"{library}/cow/__init__.py", f"{library}/m.py"],
        },
        "six-1.16.0-py_0": {"name": "six", "version": "1.16.0", "files": [f"{library}/six.py"]},
        "zlib-1.3-h_1": {"name": "zlib", "version": "1.3", "files": ["lib/libz.so"]},
        "other-six-1.0-py_0": {"name": "other-six", "version": "1.0", "files": [f"{library}/six.py"]},
    }
    for name, record in records.items():
        (folder / f"conda-meta/{name}.json").write_text(json.dumps(record))
    found = inspect_environment(python=folder).distributions
    assert [(each.name, each.version, each.modules, each.origin) for each in found] == [
        ("six", "1.16.0", ("six",), ""),
        ("cowpy", "1.1", ("cow", "m"), "conda:cowpy"),
    ]


def test_nothing_beside_a_notebook_runs_or_counts_as_installed(
    venv: Path, tmp_path: Path, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sitecustomize", "usercustomize", "json", "csv", "ast", "python3", "email"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    (tmp_path / "evil.dist-info").mkdir()
    (tmp_path / "evil.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1\n")
    (tmp_path / "python").write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    (tmp_path / "python").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", ":.")  # an empty entry is the working folder
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    inspect_environment(python=venv)
    monkeypatch.syspath_prepend("")
    found = inspect_environment()
    assert "evil" not in {each.name for each in found.distributions}
    assert find_interpreter(Path("python")) != tmp_path / "python"
    assert not (tmp_path / "ran").exists()
