"""What a library imports come what may is needed, whether its metadata says so or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_docker.freeze.distributions.providers import Providers
from jupyter_docker.freeze.distributions.resolve import Root
from jupyter_docker.freeze.distributions.undeclared import undeclared_roots
from jupyter_docker.freeze.requirements import kept_undeclared
from jupyter_docker.freeze.scan.imports import Import
from jupyter_docker.values.environment import Distribution, PythonEnvironment

WHY = "lib/core.py imports it, undeclared"


def needed(folder: Path, found: Import, **files: str) -> list[tuple[str, ...]]:
    """Return the names and reasons of what the package ``lib``, made of ``files``, needs besides."""
    package = folder / "site-packages/lib"
    package.mkdir(parents=True)
    for name, text in files.items():
        (package / f"{name}.py").write_text(text)
    environment = PythonEnvironment(
        python_version="3.11.7", implementation="cpython", platform="linux-x86_64", executable=Path("/python"),
        stdlib=frozenset({"os"}), path=(folder / "site-packages",),
        distributions=tuple(Distribution(name=each, version="1", modules=(each,)) for each in ("lib", "tqdm", "cupy")),
    )  # fmt: skip
    roots = undeclared_roots([found], {"lib"}, Providers(environment), environment, set())
    return [(root.name, *root.why) for root in roots]


@pytest.mark.parametrize("text", ["import tqdm", "import os, tqdm as t", "from tqdm.auto import (\n    trange,\n)"])
def test_what_the_imported_module_imports(tmp_path: Path, text: str) -> None:
    assert needed(tmp_path, Import(module="lib.core"), __init__="", core=text) == [("tqdm", WHY)]


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    import tqdm\nexcept ImportError:\n    pass",
        "def f():\n    import tqdm",
        '"""Use it so:\n\nimport tqdm\n"""',
        "import lib, os, not_installed",
        "import tqdm (",
    ],
)
def test_what_it_can_do_without(tmp_path: Path, text: str) -> None:
    assert needed(tmp_path, Import(module="lib.core"), __init__="", core=text) == []


@pytest.mark.parametrize(
    "init",
    ["from . import core", "from .core import f", "import lib.core", "from lib import core", "from .core import *"],
)
def test_modules_are_followed_in_their_own_package(tmp_path: Path, init: str) -> None:
    assert needed(tmp_path, Import(module="lib"), __init__=init, core="import tqdm") == [("tqdm", WHY)]


def test_a_name_that_the_package_has_itself_is_no_module(tmp_path: Path) -> None:
    found = Import(module="lib", members=("core",))
    assert needed(tmp_path, found, __init__="def core(): ...", core="import tqdm") == []


@pytest.mark.parametrize(
    "found", [Import(module="lib.core", optional=True), Import(module="cupy"), Import(module="os"), Import(module="")]
)
def test_what_is_not_sure_to_be_imported_is_not_read(tmp_path: Path, found: Import) -> None:
    assert needed(tmp_path, found, __init__="", core="import tqdm") == []


def test_it_is_looked_for_again_only_where_a_file_has_changed(
    tmp_path: Path, cold_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages/lib"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("import tqdm")
    lib, tqdm = (Distribution(name=each, version="1", modules=(each,)) for each in ("lib", "tqdm"))
    environment = PythonEnvironment(
        python_version="3.11.7", implementation="cpython", platform="linux-x86_64", executable=Path("/python"),
        stdlib=frozenset(), path=(tmp_path / "site-packages",), distributions=(lib, tqdm),
    )  # fmt: skip

    def found() -> list[Root]:
        return kept_undeclared([Import(module="lib")], {"lib": lib}, environment)

    first = found()
    assert [(root.name, root.version, root.why) for root in first] == [
        ("tqdm", "1", ("lib/__init__.py imports it, undeclared",))
    ]
    with monkeypatch.context() as patched:
        patched.setattr("jupyter_docker.freeze.requirements.undeclared_roots", None)
        assert found() == first
    (package / "__init__.py").write_text("import os")
    assert found() == []
