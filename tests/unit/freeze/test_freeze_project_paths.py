"""A project's modules keep their place beside the notebook, so that paths made of their ``__file__`` are right."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from jupyter_docker.freeze.data.hints import DataHints
from jupyter_docker.freeze.data.paths import find_data
from jupyter_docker.freeze.local.modules import LocalCode, find_local
from jupyter_docker.freeze.scan.imports import scan_script
from jupyter_docker.notebook.script import export_cell
from jupyter_docker.values.events import Event
from jupyter_docker.values.image import IMPORT_FOLDER
from jupyter_docker.values.mount_arguments import MountArguments

CONFIG = """
from pathlib import Path
ROOT: Path = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
RAW = DATA / "raw"
FIGURES = ROOT / "reports" / "figures"
def root():
    return Path(__file__).parent.parent
class Settings:
    MODELS = ROOT / "models"
"""
READ = {"../data/raw": "read"}


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    for folder in ("data/raw", "reports/figures", "models", "notebooks", "pkg"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("pyproject.toml", "data/raw/a.csv", "pkg/__init__.py", "models/m.bin"):
        (tmp_path / name).touch()
    (tmp_path / "pkg/config.py").write_text(CONFIG)
    return tmp_path / "notebooks"


def local(folder: Path, source: str) -> LocalCode:
    scan = scan_script(export_cell(f"import sys\nsys.path.append('..')\n{source}", emit=print))
    return find_local(scan, folder, stdlib=frozenset({"sys", "pathlib"}), is_installed=lambda _: False, emit=print)


def data(folder: Path, source: str) -> dict[str, str]:
    code, events = local(folder, source), list[Event]()
    scan = scan_script(export_cell(source, emit=print), code.path_names)
    hints = DataHints(MountArguments(folder=folder, start=folder), events.append)
    found = find_data([scan, *code.scans], folder, copied=code.files, hints=hints)
    assert events == []
    return {str(each.path): each.access for each in found}


def places(folder: Path, source: str) -> tuple[list[str], tuple[PurePosixPath, ...]]:
    code = local(folder, source)
    return [str(file.target) for file in code.files], code.paths


def test_a_module_of_the_project_keeps_its_place(notebooks: Path) -> None:
    assert places(notebooks, "import pkg.config") == (
        ["/app/pkg/__init__.py", "/app/pkg/config.py"],
        (PurePosixPath("/app"),),
    )


def test_only_paths_are_shared(notebooks: Path) -> None:
    (notebooks.parent / "pkg/words.py").write_text("TITLE = 'of/nothing'\ndef word():\n    return 'text'\n")
    shared = local(notebooks, "import pkg.config, pkg.words").path_names
    assert (shared["RAW"], shared["root()"], shared["FIGURES"]) == ("../data/raw", "..", "../reports/figures")
    assert not {"TITLE", "word()"} & shared.keys()


def test_what_is_no_project_s_goes_elsewhere(notebooks: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("shared")
    (other / "lib.py").touch()
    scan = scan_script(export_cell("import lib", emit=print))
    code = find_local(scan, notebooks, stdlib=frozenset(), path=[other], is_installed=lambda _: False, emit=print)
    assert [file.target for file in code.files] == [IMPORT_FOLDER / "lib.py"]
    assert code.paths == (IMPORT_FOLDER,)


def test_two_files_of_one_name_at_two_heights_keep_their_places(notebooks: Path) -> None:
    deep = notebooks / "deep"
    deep.mkdir()
    (notebooks / "one.py").touch()
    (notebooks.parent / "one.py").touch()
    (notebooks.parent / "two.py").write_text("import one")
    found, _ = places(deep, "sys.path.append('../..')\nimport one, two")
    assert found == ["/app/notebooks/one.py", "/app/one.py", "/app/two.py"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from pkg.config import RAW\npd.read_csv(RAW / 'a.csv')", READ),
        ("from pkg.config import *\npd.read_csv(RAW / 'a.csv')", READ),
        ("from pkg.config import RAW as R\npd.read_csv(f'{R}/a.csv')", READ),
        ("from pkg import config\npd.read_csv(config.RAW / name)", READ),
        ("import pkg.config as c\nopen(c.DATA / 'raw' / 'a.csv')", READ),
        ("import pkg.config\nopen(pkg.config.DATA / 'raw' / 'a.csv')", READ),
        ("from pkg.config import root\nopen(root() / 'data' / 'raw' / 'a.csv')", READ),
        ("from pkg import config as c\nopen(c.root() / 'data/raw/a.csv')", READ),
        ("from pkg.config import FIGURES\nplt.savefig(FIGURES / 'x.png')", {"../reports/figures": "write"}),
        ("from pkg.config import Settings\nopen(Settings.MODELS / 'm.bin')", {"../models": "read"}),
        ("from pkg import config\nRAW = 'nowhere'", {}),
        ("open('../pkg/config.py')\nimport pkg.config", {}),
    ],
)
def test_paths_that_a_module_defines(source: str, expected: dict[str, str], notebooks: Path) -> None:
    assert data(notebooks, source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "from .config import RAW\ndef load(name):\n    return pd.read_csv(RAW / name)",
        "from pkg.config import DATA\nSUB = DATA / 'raw'\nopen(SUB / 'a.csv')",
        "class A:\n def __init__(self):\n  self.r = Path(__file__).parents[1]\n  open(self.r / 'data/raw/a.csv')",
    ],
)
def test_what_a_module_reads(source: str, notebooks: Path) -> None:
    (notebooks.parent / "pkg/loading.py").write_text(source)
    assert data(notebooks, "import pkg.loading") == READ


def test_a_module_s_function_that_may_never_run_is_no_warning(notebooks: Path) -> None:
    (notebooks.parent / "pkg/making.py").write_text("def make():\n    return open(RAW / 'missing.csv')")
    (notebooks.parent / "pkg/more.py").write_text("from .config import RAW\ndef f():\n    open(RAW / 'missing.csv')")
    assert data(notebooks, "import pkg.making, pkg.more") == {}


def test_modules_that_do_not_agree_say_nothing(notebooks: Path) -> None:
    (notebooks.parent / "pkg/other.py").write_text("RAW = 'elsewhere'")
    assert data(notebooks, "import pkg.other\nfrom pkg.config import RAW\nopen(RAW / 'a.csv')") == {}


def linked(folder: Path) -> LocalCode:
    scan = scan_script(export_cell("import pkg.config", emit=print))
    known = frozenset({"pathlib"})
    return find_local(scan, folder, stdlib=known, is_installed=lambda _: True, links=[folder.parent], emit=print)


def test_a_package_that_is_installed_as_a_link_is_copied_too_if_it_looks_from_its_place(notebooks: Path) -> None:
    code = linked(notebooks)
    assert [str(file.target) for file in code.files] == ["/app/pkg/__init__.py", "/app/pkg/config.py"]
    assert [each.module for each in code.imports] == ["pkg.config"]
    (notebooks.parent / "pkg/fast.pyx").touch()
    assert linked(notebooks).files == ()
    (notebooks.parent / "pkg/fast.pyx").unlink()
    (notebooks.parent / "pkg/config.py").write_text("x = 1")
    assert linked(notebooks).files == ()
