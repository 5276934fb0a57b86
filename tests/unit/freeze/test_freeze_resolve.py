"""Imports become roots by what is installed; what nothing provides stops with every name, its cell and its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_docker.freeze.distributions.resolve import Resolution, Root, resolve_roots
from jupyter_docker.freeze.scan.imports import Import, Scan
from jupyter_docker.values.environment import Distribution, PythonEnvironment
from jupyter_docker.values.errors import CellPosition, LockError, UnresolvedImportError
from jupyter_docker.values.events import Event, Warned
from jupyter_docker.values.script import Declared


def environment(*distributions: Distribution, path: tuple[Path, ...] = ()) -> PythonEnvironment:
    return PythonEnvironment(
        python_version="3.11.7", implementation="cpython", platform="linux-x86_64", executable=Path("/python"),
        distributions=distributions, stdlib=frozenset({"os", "random"}), path=path,
    )  # fmt: skip


INSTALLED = environment(
    Distribution(name="google-api-core", version="2.0", modules=("google.api_core",)),
    Distribution(name="google-cloud-storage", version="3.0", modules=("google.cloud.storage",)),
    Distribution(name="opencv-python", version="4.0", modules=("cv2",)),
    Distribution(name="opencv-contrib-python", version="4.1", modules=("cv2", "cv2.contrib")),
    Distribution(name="scikit-learn", version="1.5", modules=("sklearn",)),
    Distribution(name="Pillow", version="11.0", modules=("PIL",)),
)


def cell(module: str, *members: str, number: int = 1, optional: bool = False) -> Import:
    text = f"from {module} import {', '.join(members)}" if members else f"import {module}"
    return Import(module=module, members=members, cell=number, text=text, optional=optional)


def resolve(
    folder: Path, *imports: Import, declared: tuple[str, ...] = (), installed: PythonEnvironment = INSTALLED
) -> tuple[Resolution, list[Event]]:
    events: list[Event] = []
    lines = [Declared(requirement=each, why=f"cell 9: %pip install {each}") for each in declared]
    return resolve_roots(Scan(imports=imports), installed, folder, lines, emit=events.append), events


def names(resolution: Resolution) -> list[str]:
    return [root.name for root in resolution.roots]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (cell("PIL.Image"), ["pillow"]),
        (cell("sklearn.svm", "SVC"), ["scikit-learn"]),
        (cell("os.path"), []),
        (cell("google.cloud", "storage"), ["google-cloud-storage"]),
        (cell("google.cloud.storage.blob"), ["google-cloud-storage"]),
        (cell("google", "api_core", "cloud"), ["google-api-core", "google-cloud-storage"]),
        (cell("google"), ["google-api-core", "google-cloud-storage"]),
        (cell("cv2"), ["opencv-contrib-python", "opencv-python"]),
        (cell("cv2", "contrib"), ["opencv-contrib-python"]),
    ],
)
def test_the_distribution_that_provides_a_name(tmp_path: Path, found: Import, expected: list[str]) -> None:
    resolution, events = resolve(tmp_path, found)
    assert (names(resolution), events) == (expected, [])


def test_a_root_has_the_installed_version_and_every_reason_once(tmp_path: Path) -> None:
    resolution, _ = resolve(tmp_path, cell("PIL"), cell("PIL"), cell("PIL", "Image", number=4))
    assert resolution.roots == (
        Root(name="pillow", version="11.0", cells=(1, 4), why=("cell 1: import PIL", "cell 4: from PIL import Image")),
    )
    assert resolution.roots[0].requirement == "pillow==11.0"


def test_missing_names_are_all_said_with_cell_line_and_text(tmp_path: Path) -> None:
    with pytest.raises(UnresolvedImportError) as raised:
        resolve(tmp_path, cell("nothing.sub"), cell("google.cloud", "bigquery", number=2), cell("nothing", number=3))
    assert raised.value.message == (
        "Nothing in this environment provides 'nothing.sub', 'google.cloud.bigquery', 'nothing':\n"
        "  cell 1, line 1: import nothing.sub\n"
        "  cell 2, line 1: from google.cloud import bigquery\n"
        "  cell 3, line 1: import nothing"
    )
    assert raised.value.position == CellPosition(cell=1, line=1)
    assert "%pip install" in raised.value.hint


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("skleran", "Is 'skleran' the right name? 'scikit-learn' is installed and provides 'sklearn'."),
        ("scikit_learn", "Is 'scikit_learn' the right name? 'scikit-learn' is installed and provides 'sklearn'."),
        ("pillow", "Is 'pillow' the right name? 'Pillow' is installed and provides 'PIL'."),
    ],
)
def test_a_similar_name_is_suggested(tmp_path: Path, name: str, hint: str) -> None:
    with pytest.raises(UnresolvedImportError) as raised:
        resolve(tmp_path, cell(name))
    assert raised.value.hint == hint


def test_a_file_elsewhere_on_the_path_is_pointed_at(tmp_path: Path) -> None:
    (tmp_path / "site-packages").mkdir()
    (tmp_path / "site-packages/mine.py").write_text("")
    with pytest.raises(UnresolvedImportError) as raised:
        resolve(tmp_path, cell("mine"), installed=environment(path=(tmp_path / "site-packages",)))
    assert raised.value.hint == (
        f"'mine' is a file that no distribution installed: copy '{tmp_path}/site-packages/mine.py' beside the notebook."
    )


def test_what_an_optional_package_imports_in_turn_is_optional_too(tmp_path: Path) -> None:
    package = tmp_path / "pkg"
    package.mkdir()
    (package / "__init__.py").write_text("from . import core")
    (package / "core.py").write_text("import cupy")
    resolution, _ = resolve(tmp_path, cell("pkg", optional=True))
    assert [each.name for each in resolution.unresolved] == ["cupy"]


def test_a_name_of_condas_comes_from_the_index_only_where_the_code_imports_it(tmp_path: Path) -> None:
    events: list[Event] = []
    lines = [
        Declared(requirement=name, why=f"cell 1: !conda install {name}", conda=True)
        for name in ("ffmpeg", "emoji", "pillow")
    ]
    resolution = resolve_roots(Scan(imports=(cell("emoji"),)), INSTALLED, tmp_path, lines, emit=events.append)
    assert [root.requirement for root in resolution.roots] == ["emoji", "pillow==11.0"]
    assert [event.message for event in events if isinstance(event, Warned)] == [
        (
            "'ffmpeg' (cell 1: !conda install ffmpeg) is not installed here, and is left out: "
            "the package index may have another one."
        ),
        "Nothing here provides 'emoji' (cell 1, line 1); it may come with emoji.",
    ]


def test_what_only_a_function_imports_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("def load():\n    import second\n    return second")
    (tmp_path / "second.py").write_text("import cupy")
    resolution, events = resolve(tmp_path, cell("helper"))
    assert [each.where for each in resolution.unresolved] == ["second.py: import cupy"]
    assert [event.message for event in events if isinstance(event, Warned)] == [
        "Nothing here provides 'cupy' (second.py, line 1); only a function that is called imports it."
    ]


def test_what_the_code_can_do_without_is_a_warning(tmp_path: Path) -> None:
    resolution, events = resolve(tmp_path, cell("cupy", number=3, optional=True), cell("PIL", optional=True))
    assert names(resolution) == ["pillow"]
    assert [(each.name, each.position, each.where) for each in resolution.unresolved] == [
        ("cupy", CellPosition(cell=3, line=1), "cell 3: import cupy")
    ]
    assert [event.message for event in events if isinstance(event, Warned)] == [
        "Nothing here provides 'cupy' (cell 3, line 1); the code seems to do without."
    ]


def test_the_missing_import_of_a_local_module_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text("\nimport nothing")
    with pytest.raises(UnresolvedImportError, match=r"helpers\.py, line 2: import nothing"):
        resolve(tmp_path, cell("helpers"))


def test_a_local_modules_imports_are_roots_for_its_sake(tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text("from PIL import Image")
    resolution, _ = resolve(tmp_path, cell("helpers"))
    assert [(root.name, root.why) for root in resolution.roots] == [("pillow", ("helpers.py: from PIL import Image",))]
    assert [str(file.target) for file in resolution.local] == ["helpers.py"]


def test_a_declared_requirement_has_the_installed_version_and_its_extras(tmp_path: Path) -> None:
    resolution, events = resolve(tmp_path, cell("PIL"), declared=("pillow[xmp,fpx]>=10",))
    assert resolution.roots == (
        Root(
            name="pillow", version="11.0", extras=("fpx", "xmp"), cells=(1,),
            why=("cell 9: %pip install pillow[xmp,fpx]>=10", "cell 1: import PIL"),
        ),
    )  # fmt: skip
    assert resolution.roots[0].requirement == "pillow[fpx,xmp]==11.0"
    assert events == []


def test_a_declared_version_that_conflicts_is_said(tmp_path: Path) -> None:
    resolution, events = resolve(tmp_path, declared=("Pillow<10",))
    assert [root.requirement for root in resolution.roots] == ["pillow==11.0"]
    assert [event.message for event in events if isinstance(event, Warned)] == [
        "'Pillow<10' is declared (cell 9: %pip install Pillow<10), but 11.0 is installed and is what is pinned."
    ]


def test_what_is_declared_but_not_installed_is_locked_as_declared_and_may_bring_a_name(tmp_path: Path) -> None:
    resolution, events = resolve(tmp_path, cell("skimage"), declared=("scikit-image>=0.20",))
    assert [root.requirement for root in resolution.roots] == ["scikit-image>=0.20"]
    assert [event.message for event in events if isinstance(event, Warned)] == [
        "Nothing here provides 'skimage' (cell 1, line 1); it may come with scikit-image."
    ]


@pytest.mark.parametrize(
    "line", ["-e .", "./wheels/x.whl", "git+https://me:t0ken@host/r", "x @ https://me:t0ken@host/r"]
)
def test_what_is_on_no_index_is_left_out_with_a_warning(tmp_path: Path, line: str) -> None:
    resolution, events = resolve(tmp_path, declared=(line,))
    assert resolution.roots == ()
    (message,) = [event.message for event in events if isinstance(event, Warned)]
    assert message.endswith("is not on a package index, so that line is left out.")
    assert "t0ken" not in message


@pytest.mark.parametrize("line", ["==1.0", "one two", "x==", "x;y"])
def test_a_declared_line_that_is_nothing_is_an_error(tmp_path: Path, line: str) -> None:
    with pytest.raises(LockError, match="is not a requirement"):
        resolve(tmp_path, declared=(line,))


def test_an_installed_version_that_no_standard_allows_is_pinned_all_the_same(tmp_path: Path) -> None:
    odd = environment(Distribution(name="odd", version="1.0-final-x", modules=("odd",)))
    resolution, events = resolve(tmp_path, declared=("odd",), installed=odd)
    assert ([root.version for root in resolution.roots], events) == (["1.0-final-x"], [])


def test_a_module_s_name_in_place_of_the_distribution_s_means_what_is_installed(tmp_path: Path) -> None:
    resolution, events = resolve(tmp_path, cell("sklearn"), declared=("sklearn==0.0", "PIL"))
    assert [root.requirement for root in resolution.roots] == ["pillow==11.0", "scikit-learn==1.5"]
    assert events == []


@pytest.mark.parametrize("line", ["google", "cv2"])
def test_a_module_of_several_stays_as_it_is_declared(tmp_path: Path, line: str) -> None:
    assert [root.requirement for root in resolve(tmp_path, declared=(line,))[0].roots] == [line]
