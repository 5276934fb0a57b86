"""Modules above the notebook and on PYTHONPATH are found as the code finds them, and get a place in the image."""

from __future__ import annotations

import ast
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.freeze.local.modules import LocalCode, find_local
from jupyter_docker.freeze.scan.imports import scan_script
from jupyter_docker.freeze.scan.path_values import path_value
from jupyter_docker.notebook.script import export_cell
from jupyter_docker.values.events import Event

MODULES = "/opt/containerize/modules"


def paths(source: str) -> list[str]:
    return list(scan_script(export_cell(source, emit=lambda _: None)).paths)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("sys.path.append('../lib')", ["../lib"]),
        ("sys.path.insert(0, '..')", [".."]),
        ("sys.path.insert(0, os.path.abspath('../src'))", ["../src"]),
        ("sys.path.insert(0, os.path.join(os.getcwd(), '..', 'src'))", ["../src"]),
        ("sys.path.insert(0, os.path.dirname(os.getcwd()))", [".."]),
        ("root = Path.cwd().parent\nsys.path.append(str(root / 'src'))", ["../src"]),
        ("sys.path.append(str(Path('a/b').resolve().parents[1]))", ["."]),
        ("sys.path.append(Path('..', 'src').as_posix())", ["../src"]),
        ("sys.path.extend(['a', '/b'])", ["a", "/b"]),
        ("sys.path += ['../x']", ["../x"]),
        ("sys.path = ['../x'] + sys.path", ["../x"]),
        ("import site\nsite.addsitedir('../x')", ["../x"]),
        ("os.chdir('..')\nsys.path.append('lib')", ["..", "../lib"]),
        ("%cd ../src\n%cd -\n%cd {x}", ["../src", "."]),
        ("sys.path.append(find())", []),
        ("sys.path.append(a)\na = b\nb = a", []),
        ("other.path.append('../x')", []),
    ],
)
def test_folders_that_the_code_imports_from(source: str, expected: list[str]) -> None:
    assert paths(source) == expected


@pytest.mark.parametrize(
    ("source", "last"),
    [
        ("sys.path.append('../a')\nsys.path.insert(0, '../b')", {"../a"}),
        ("sys.path += ['../a']\nsys.path = ['../b'] + sys.path", {"../a"}),
        ("sys.path = sys.path + ['../a']\n%cd ../b", {"../a"}),
    ],
)
def test_what_comes_behind_what_is_installed(source: str, last: set[str]) -> None:
    assert scan_script(export_cell(source, emit=lambda _: None)).last_paths == last


@given(st.lists(st.sampled_from(["a", "b", "..", "."]), min_size=1, max_size=5))
def test_both_ways_to_join_are_one(parts: list[str]) -> None:
    joined = ast.parse(f"os.path.join({', '.join(map(repr, parts))})", mode="eval").body
    divided = ast.parse(f"Path() / {' / '.join(map(repr, parts))}", mode="eval").body
    assert path_value(joined, {}) == path_value(divided, {}) != ""


def look(notebooks: Path, source: str, *, path: tuple[Path, ...] = (), installed: str = "") -> LocalCode:
    scan = scan_script(export_cell(source, emit=lambda _: None))
    events: list[Event] = []
    code = find_local(
        scan, notebooks, stdlib=frozenset({"sys", "os"}), path=path,
        is_installed=lambda each: each.top == installed, emit=events.append,
    )  # fmt: skip
    assert events == []
    return code


def put(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def targets(code: LocalCode) -> list[str]:
    return [str(file.target) for file in code.files]


def test_a_module_above_and_what_it_imports(tmp_path: Path) -> None:
    put(tmp_path / ".git")
    put(tmp_path / "lib", helper="import second\nimport six", second="")
    notebooks = put(tmp_path / "notebooks")
    code = look(notebooks, "import sys\nsys.path.append('../lib')\nimport helper")
    assert targets(code) == ["/app/lib/helper.py", "/app/lib/second.py"]
    assert code.paths == (PurePosixPath("/app/lib"),)
    assert [each.why for each in code.imports] == ["helper.py: import six"]


def test_an_installed_module_goes_before_one_in_a_folder_at_the_end_of_the_path(tmp_path: Path) -> None:
    put(tmp_path / ".git")
    put(tmp_path / "src", six="", helper="")
    notebooks = put(tmp_path / "notebooks")
    code = look(notebooks, "import sys\nsys.path.append('../src')\nimport six, helper", installed="six")
    assert targets(code) == ["/app/src/helper.py"]
    assert [each.module for each in code.imports] == ["six"]


def test_a_package_above_comes_whole(tmp_path: Path) -> None:
    put(tmp_path / ".git")
    put(tmp_path / "src/pkg", __init__="from .core import f", core="", other="")
    notebooks = put(tmp_path / "notebooks")
    code = look(notebooks, "import sys\nsys.path.insert(0, '../src')\nfrom pkg import f")
    assert targets(code) == ["/app/src/pkg/__init__.py", "/app/src/pkg/core.py", "/app/src/pkg/other.py"]


def test_a_folder_inside_keeps_its_place(tmp_path: Path) -> None:
    put(tmp_path / "src", helper="")
    code = look(tmp_path, "import sys\nsys.path.append('src')\nimport helper")
    assert (targets(code), code.paths) == (["src/helper.py"], (PurePosixPath("/app/src"),))


def test_a_local_file_can_add_a_folder(tmp_path: Path) -> None:
    put(tmp_path / "more", second="")
    (tmp_path / "setup_paths.py").write_text("import sys\nsys.path.append('more')")
    assert targets(look(tmp_path, "import setup_paths\nimport second")) == ["more/second.py", "setup_paths.py"]


def test_pythonpath_counts_where_nothing_installed_has_the_name(tmp_path: Path) -> None:
    shared = put(tmp_path / "shared", helper="", six="")
    library = put(tmp_path / "lib/site-packages", loose="")
    code = look(put(tmp_path / "n"), "import helper, six, loose", path=(shared, library), installed="six")
    assert targets(code) == [f"{MODULES}/helper.py"]
    assert [each.module for each in code.imports] == ["six", "loose"]


def test_a_run_script_above_keeps_its_relative_place(tmp_path: Path) -> None:
    put(tmp_path / ".git")
    put(tmp_path / "tools", prepare="import helper", helper="")
    code = look(put(tmp_path / "notebooks"), "%run ../tools/prepare.py")
    assert targets(code) == ["/app/tools/helper.py", "/app/tools/prepare.py"]
