"""Code that climbs to a root: where it finds its data, and the signs that the image has for it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from jupyter_docker.freeze.data.hints import DataHints
from jupyter_docker.freeze.data.paths import find_data, find_signs
from jupyter_docker.freeze.scan.imports import Scan, scan_script
from jupyter_docker.gate.admission import admit_data
from jupyter_docker.gate.project import Project
from jupyter_docker.notebook.script import export_cell
from jupyter_docker.values.mount_arguments import MountArguments
from jupyter_docker.values.requirements import DataPath

READ = "open(root / 'data' / 'x.csv')"
CLIMBS = (
    f"root = Path.cwd()\nwhile not (root / '.git').exists():\n    root = root.parent\n{READ}",
    f"root = Path.cwd()\nwhile True:\n    if (root / '.git').exists():\n        break\n    root = root.parent\n{READ}",
    f"for root in Path.cwd().parents:\n    if (root / '.git').is_dir():\n        break\n{READ}",
    f"here = Path.cwd()\nroot=next(up for up in [here, *here.parents] if (up / '.git').exists())\n{READ}",
    f"def f():\n  for up in Path.cwd().parents:\n    if (up / '.git').exists():\n      return up\nroot = f()\n{READ}",
    "while not os.path.exists('.git'):\n    os.chdir('..')\nopen('data/x.csv')",
    "r = os.getcwd()\nwhile '.git' not in os.listdir(r):\n r = os.path.dirname(r)\nopen(os.path.join(r, 'data/x.csv'))",
    "from pyprojroot import here\npd.read_csv(here('data/x.csv'))",
)


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    for folder in (".git", "data", "work/notebooks"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("pyproject.toml", "data/x.csv"):
        (tmp_path / name).touch()
    return tmp_path / "work/notebooks"


def scanned(source: str) -> Scan:
    return scan_script(export_cell(source, emit=print))


def data(source: str, folder: Path) -> list[str]:
    hints = DataHints(MountArguments(folder=folder), lambda _: None)
    return [str(each.path) for each in find_data([scanned(source)], folder, hints=hints)]


@pytest.mark.parametrize("source", CLIMBS)
def test_what_it_reads_from_there_is_found_above_the_notebook(source: str, notebooks: Path) -> None:
    assert data(source, notebooks) == ["../../data"]
    targets = {(str(each.target), each.is_folder) for each in find_signs([scanned(source)], Project.of(notebooks))}
    assert ("/app/.git", True) in targets


@pytest.mark.parametrize(
    "source", ["open('data/x.csv')", "root = Path.cwd()\nroot = root.parent\nopen(root / 'data/x.csv')"]
)
def test_without_a_climb_nothing_above_is_meant(source: str, notebooks: Path) -> None:
    assert data(source, notebooks) == []
    assert find_signs([scanned(source)], Project.of(notebooks)) == ()


@pytest.mark.parametrize("name", ["..", "../..", "/etc/passwd", "a/../../..", "", "\n", "no such"])
def test_a_sign_is_a_name_in_the_project(name: str, notebooks: Path) -> None:
    source = f"root = Path.cwd()\nwhile not (root / {name!r}).exists():\n    root = root.parent"
    assert find_signs([scanned(source)], Project.of(notebooks)) == ()


def test_what_links_lead_to_is_mounted_where_they_lead(
    notebooks: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project, outside = Project.of(notebooks), tmp_path_factory.mktemp("outside")
    for folder in ("store/deep", ".hidden", "work/data"):
        (project.root / folder).mkdir(parents=True)
    for file in ("store/a", "store/deep/b", ".hidden/c"):
        (project.root / file).touch()
    (outside / "d").touch()
    links: dict[str, str | Path] = {
        "near": "../../store/a", "far": project.root / "store/deep", "hidden": "../../.hidden/c", "out": outside / "d",
        "up": "..", "around": "around", "gone": "nowhere",
    }  # fmt: skip
    for name, to in links.items():
        (project.root / "work/data" / name).symlink_to(to)
    mounts = admit_data([DataPath(path=PurePosixPath("../data"), access="read", why="")], project)
    assert {str(mount) for mount in mounts} == {
        f"{project.root}/work/data:/app/work/data:ro",
        f"{project.root}/store:/app/store:ro",
        f"{project.root}/store/deep:{project.root}/store/deep:ro",
    }
