"""System packages: what is linked, opened and started, and what the base image has of it already."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_docker.freeze.environment.inspection import inspect_environment
from jupyter_docker.freeze.environment.loaded_libraries import loaded_libraries
from jupyter_docker.freeze.scan.imports import scan_script
from jupyter_docker.freeze.system.elf import Linkage, read_linkage
from jupyter_docker.freeze.system.library_files import LibraryFile, library_files
from jupyter_docker.freeze.system.packages import default_base, missing_libraries, system_packages
from jupyter_docker.freeze.system.table import system_table
from jupyter_docker.notebook.script import export_cell
from jupyter_docker.values.environment import PythonEnvironment
from jupyter_docker.values.events import Event, Warned
from jupyter_docker.values.image import BaseSystem
from jupyter_docker.values.requirements import Pin, SystemPackage

PACKAGES = ["lightgbm==4.6.0", "python-magic==0.4.27", "pyzbar==0.1.9", "soundfile==0.13.1", "markupsafe==3.0.3"]
BARE = BaseSystem(release="bookworm", libraries=system_table().base_libraries, programs=frozenset({"ls"}))


@pytest.fixture(scope="session")
def linked(make_venv: Callable[[Sequence[str]], Path]) -> PythonEnvironment:
    """An environment of wheels that need libraries, and of some that bring or need none."""
    return inspect_environment(python=make_venv([*PACKAGES, "--no-deps"]))


def needed(
    source: str, environment: PythonEnvironment, *, base: BaseSystem = BARE, **options: Sequence[str]
) -> dict[str, str]:
    scan = scan_script(export_cell(source, emit=print))
    pins = [Pin(name=each.name.lower(), version=each.version) for each in environment.distributions]
    found = system_packages([scan], pins, environment, base=base, emit=print, **options)  # type: ignore[arg-type]
    return {package.name: package.why for package in found}


def test_libraries_that_distributions_are_linked_to_or_open(linked: PythonEnvironment, cold_cache: Path) -> None:
    expected = {
        "libgomp1": "lightgbm needs libgomp.so.1",
        "libmagic1": "python-magic needs libmagic.so.1",
        "libzbar0": "pyzbar needs libzbar.so.0",
    }
    for _ in ("read", "cached"):
        assert needed("import lightgbm", linked) == expected
    (kept,) = (cold_cache / "libraries").iterdir()
    kept.write_text("[")
    assert needed("import lightgbm", linked) == expected


def test_a_distribution_installed_anew_is_read_again(make_venv: Callable[[Sequence[str]], Path]) -> None:
    folder = make_venv(["markupsafe==3.0.2"])
    environment = inspect_environment(python=folder)
    before = library_files(environment, ["markupsafe"])
    (record,) = folder.glob("lib/*/site-packages/MarkupSafe-*.dist-info/RECORD")
    record.write_text("")
    assert [file.path[:11] for file in before["markupsafe"]] == ["markupsafe/"]
    assert library_files(environment, ["markupsafe"]) == {"markupsafe": ()}


def test_what_the_base_has_or_the_user_decides_is_not_added(linked: PythonEnvironment) -> None:
    base = BaseSystem(libraries=frozenset({"libgomp.so.1"}), programs=frozenset({"git"}))
    assert needed("!git status", linked, base=base).keys() == {"libmagic1", "libzbar0"}
    assert needed("", linked, left_out=["libgomp1", "libzbar0"]).keys() == {"libmagic1"}
    packages = system_packages(
        [], [Pin(name="python-magic", version="0.4.27")], linked, base=BARE, emit=print,
        chosen=[SystemPackage(name="libmagic1=1:5.44-3", why="--apt"), SystemPackage(name="git", why="--apt")],
        left_out=["git"],
    )  # fmt: skip
    assert [(package.name, package.why) for package in packages] == [("libmagic1=1:5.44-3", "--apt")]


def test_programs_and_modules(environment: PythonEnvironment) -> None:
    source = (
        "!git clone x && ls | jq .\nimport subprocess\nsubprocess.run(['dot', '-V'])\nimport tkinter\n%load_ext Cython"
    )
    assert needed(source, environment) == {
        "git": "cell 1: !git clone x && ls | jq .",
        "jq": "cell 1: !git clone x && ls | jq .",
        "graphviz": "cell 1: subprocess.run(['dot', '-V'])",
        "libtk8.6": "cell 1: import tkinter",
        "gcc": "cell 1: %load_ext Cython",
        "libc6-dev": "cell 1: %load_ext Cython",
    }
    assert needed("try:\n    import tkinter\nexcept ImportError:\n    pass", environment) == {}


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("a.save('x.mp4')", {"ffmpeg": "cell 1: save starts ffmpeg"}),
        ("a.to_html5_video()", {"ffmpeg": "cell 1: to_html5_video starts ffmpeg"}),
        ("a.save('x.gif')", {}),
        ("a.to_jshtml()", {}),
    ],
)
def test_programs_that_methods_start(environment: PythonEnvironment, call: str, expected: dict[str, str]) -> None:
    assert needed(call, environment) == expected


def test_a_library_that_the_code_opens(environment: PythonEnvironment) -> None:
    source = "import ctypes\nctypes.CDLL('libusb-1.0.so.0')\nctypes.cdll.LoadLibrary('libz.so.1')\nprint('libGL.so.1')"
    assert needed(source, environment) == {"libusb-1.0-0": "cell 1: CDLL libusb-1.0.so.0"}


def test_names_differ_between_releases(environment: PythonEnvironment) -> None:
    wand = [Pin(name="wand", version="0.6.13")]
    names = [
        [each.name for each in system_packages([], wand, environment, base=default_base(tag), emit=print)]
        for tag in ("3.11-slim-bookworm", "3.11-slim")
    ]
    assert names == [["libmagickwand-6.q16-6"], ["libmagickwand-7.q16-10"]]


def test_one_distribution_brings_what_another_opens(environment: PythonEnvironment) -> None:
    pins = [Pin(name="psycopg", version="3.2"), Pin(name="psycopg-binary", version="3.2")]
    found = [system_packages([], some, environment, base=BARE, emit=print) for some in (pins[:1], pins)]
    assert [[each.name for each in some] for some in found] == [["libpq5"], []]


def test_a_program_counts_for_what_the_code_itself_needs(environment: PythonEnvironment) -> None:
    pins = [Pin(name="catboost", version="1"), Pin(name="graphviz", version="1"), Pin(name="pyzbar", version="1")]
    found = [
        system_packages([], pins, environment, base=BARE, direct=direct, emit=print)
        for direct in (["catboost"], ["catboost", "graphviz"])
    ]
    assert [[each.name for each in some] for some in found] == [["libzbar0"], ["graphviz", "libzbar0"]]


def test_what_samples_compiled_models_has_a_compiler(environment: PythonEnvironment) -> None:
    pins = [Pin(name="pymc", version="5"), Pin(name="pytensor", version="2")]
    found = system_packages([], pins, environment, base=BARE, direct=["pymc"], emit=print)
    assert [(each.name, each.why) for each in found] == [("g++", "pymc needs g++")]


def test_an_image_without_apt_is_told(linked: PythonEnvironment) -> None:
    events: list[Event] = []
    base = BaseSystem(has_apt=False)
    pins = [Pin(name="python-magic", version="0.4.27")]
    assert system_packages([], pins, linked, base=base, emit=events.append) == ()
    (event,) = events
    assert isinstance(event, Warned)
    assert event.message.endswith("what is missing there is not installed: python-magic needs libmagic.so.1.")


def library(path: str, *names: str, soname: str = "") -> LibraryFile:
    return LibraryFile(path=path, linkage=Linkage(name=soname, needed=names))


def missing(source: str, **files: tuple[LibraryFile, ...]) -> list[tuple[str, str]]:
    imports = scan_script(export_cell(source, emit=print)).imports
    return [*missing_libraries({name.replace("_", "-"): each for name, each in files.items()}, imports, system_table())]


def test_what_is_reached_through_other_distributions_counts() -> None:
    own = (library("a/_a.so", "libb.so.1"), library("a.libs/libunused.so", "libX11.so.6"))
    other = (library("b/lib/libb.so.1.2", "libgomp.so.1", "libb.so.1", soname="libb.so.1"),)
    assert missing("", a=own, b=other) == [("a", "libgomp.so.1"), ("b", "libgomp.so.1")]
    assert missing("", numba=(library("numba/omppool.so", "libgomp.so.1.0.0"),)) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from PyQt5.QtCore import QObject", ["libglib-2.0.so.0"]),
        ("from PyQt5 import QtMultimedia", ["libpulse.so.0"]),
        ("import PyQt5", ["libGL.so.1", "libglib-2.0.so.0"]),
        ("", ["libGL.so.1", "libglib-2.0.so.0"]),
    ],
)
def test_of_qt_only_the_modules_that_are_imported_count(source: str, expected: list[str]) -> None:
    modules = (
        library("PyQt5/QtCore.abi3.so", "libQt5Core.so.5"),
        library("PyQt5/QtGui.abi3.so", "libQt5Core.so.5", "libGL.so.1"),
        library("PyQt5/QtMultimedia.abi3.so", "libpulse.so.0"),
    )
    qt = (
        library("PyQt5/Qt5/lib/libQt5Core.so.5", "libglib-2.0.so.0", soname="libQt5Core.so.5"),
        library("PyQt5/Qt5/plugins/platforms/libqxcb.so", "libxcb.so.1"),
    )
    assert missing(source, pyqt5=modules, pyqt5_qt5=qt) == [("pyqt5", name) for name in expected]


def test_elf_files_are_read_as_a_full_reader_does(linked: PythonEnvironment) -> None:
    folder = linked.path[-1]
    paths = [path for path in [*folder.rglob("*.so*"), *Path(sys.base_prefix, "lib").glob("*.so*")] if path.is_file()]
    for path in paths:
        with path.open("rb") as file:
            dynamic = ELFFile(file).get_section_by_name(".dynamic")
            assert isinstance(dynamic, DynamicSection)
            name = next((str(vars(tag)["soname"]) for tag in dynamic.iter_tags("DT_SONAME")), "")
            names = tuple(vars(tag)["needed"] for tag in dynamic.iter_tags("DT_NEEDED"))
        assert read_linkage(path) == Linkage(name=name, needed=names), path
    assert len(paths) >= 3


@settings(deadline=None)
@given(content=st.binary(max_size=300), cut=st.integers(0, 300))
def test_a_damaged_file_is_no_library(content: bytes, cut: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.so"
    start = Path(sys.executable).resolve().read_bytes()[:cut]
    for damaged in (content, b"\x7fELF\x02\x01" + content, start, start + content):
        path.write_bytes(damaged)
        assert read_linkage(path) is None


def test_the_libraries_of_a_process(linked: PythonEnvironment, tmp_path: Path) -> None:
    path = tmp_path / "lib_lightgbm.so"
    path.write_bytes(next(linked.path[-1].glob("lightgbm/lib/*.so")).read_bytes())
    libc = next(line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if "libc.so.6" in line)
    maps = tmp_path / "maps"
    lines = [path, libc, linked.path[-1] / "own.so", tmp_path / "gone.so", "[heap]"]
    maps.write_text("".join(f"7f00-7f01 r-xp 0000 fe:00 1      {line}\n" for line in lines))
    assert loaded_libraries(maps) == ("lib_lightgbm.so",)  # which needs libc.so.6 itself
    assert {"libc.so.6"} & set(loaded_libraries()) == set()
    assert loaded_libraries(Path("/nowhere/maps")) == ()


def test_what_the_kernel_has_loaded(environment: PythonEnvironment) -> None:
    loaded = ["libGL.so.1", "libexpat.so.1", "libmine.so.1", "libz.so.1"]
    assert needed("", environment, loaded=loaded) == {"libgl1": "the running kernel has loaded libGL.so.1"}


def test_the_table_is_consistent() -> None:
    table = system_table()
    needs = [*table.distributions.values(), *table.modules.values(), *(each.programs for each in table.started)]
    assert {need for each in needs for need in each} <= {*table.libraries, *table.programs}
    packages = {*table.libraries.values(), *(name for names in table.programs.values() for name in names)}
    assert {name for names in table.renamed.values() for name in names} <= packages
    assert set(table.brought_by) <= {*table.libraries, *table.programs}
