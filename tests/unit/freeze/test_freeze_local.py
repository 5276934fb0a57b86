"""The user's own modules are found as Python finds them, copied with what they need, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jupyter_docker.freeze.local.modules import LocalCode, find_local
from jupyter_docker.freeze.scan.imports import Import, Scan
from jupyter_docker.values.events import Event, Warned

STDLIB = frozenset({"os", "random", "json"})


def put(folder: Path, path: str, text: str = "") -> Path:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def sized(file: Path, size: int) -> None:
    """Make a file that takes no room on the disk."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as opened:
        opened.truncate(size)


def cell(module: str, *members: str, path: str = "") -> Import:
    return Import(module=module, members=members, path=path, cell=1, text=f"import {module or path}")


def look(folder: Path, *imports: Import, installed: str = "") -> tuple[LocalCode, list[str]]:
    events: list[Event] = []
    code = find_local(
        Scan(imports=imports),
        folder,
        stdlib=STDLIB,
        is_installed=lambda each: each.top == installed,
        emit=events.append,
    )
    return code, [event.message for event in events if isinstance(event, Warned)]


def targets(code: LocalCode) -> list[str]:
    return [str(file.target) for file in code.files]


def test_a_module_beside_the_notebook_and_what_it_imports(tmp_path: Path) -> None:
    put(tmp_path, "helpers.py", "import os, pandas\nimport more")
    put(tmp_path, "more.py", "from six import moves")
    put(tmp_path, "unrelated.py", "import never")
    code, warnings = look(tmp_path, cell("helpers"))
    assert targets(code) == ["helpers.py", "more.py"]
    assert [file.why for file in code.files] == ["cell 1: import helpers", "helpers.py: import more"]
    assert [(each.module, each.location) for each in code.imports] == [
        ("pandas", "helpers.py, line 1"),
        ("six", "more.py, line 1"),
    ]
    assert warnings == []


def test_a_package_comes_whole_but_only_what_runs_is_read(tmp_path: Path) -> None:
    put(tmp_path, "pkg/__init__.py", "from .core import run")
    put(tmp_path, "pkg/core.py", "from . import sub\nfrom .sub.deep import x\nfrom ..above import y")
    put(tmp_path, "pkg/sub/__init__.py", "import numpy")
    put(tmp_path, "pkg/sub/deep.py", "from ..data import z\nfrom pkg import other\nimport pkg.last")
    put(tmp_path, "pkg/data.py", "import scipy")
    put(tmp_path, "pkg/other.py", "import attr")
    put(tmp_path, "pkg/last.py", "import six")
    put(tmp_path, "pkg/tests.py", "import pytest")
    put(tmp_path, "pkg/words.txt", "data")
    for left_out in [
        "__pycache__/core.pyc",
        ".git/config",
        ".ipynb_checkpoints/core.py",
        ".env",
        "server.pem",
        "id_rsa",
    ]:
        put(tmp_path, f"pkg/{left_out}", "secret")
    code, warnings = look(tmp_path, cell("pkg"))
    assert targets(code) == [
        "pkg/__init__.py", "pkg/core.py", "pkg/data.py", "pkg/last.py", "pkg/other.py", "pkg/sub/__init__.py",
        "pkg/sub/deep.py", "pkg/tests.py", "pkg/words.txt",
    ]  # fmt: skip
    assert sorted(each.module for each in code.imports) == ["attr", "numpy", "scipy", "six"]
    assert warnings == []


def test_large_data_stays_behind_with_a_warning(tmp_path: Path) -> None:
    put(tmp_path, "pkg/__init__.py")
    sized(tmp_path / "pkg/large.bin", 3_210_000_000)
    sized(tmp_path / "pkg/small.bin", 1_000_000)
    sized(tmp_path / "pkg/fast.abi3.so", 2_000_000)
    code, warnings = look(tmp_path, cell("pkg"), cell("pkg"))
    assert targets(code) == ["pkg/__init__.py", "pkg/fast.abi3.so", "pkg/small.bin"]
    assert warnings == ["'pkg/large.bin' is 3,210 MB of data, so it is not copied."]


def test_much_small_data_stays_behind_as_a_whole_and_is_said_once(tmp_path: Path) -> None:
    notebook = tmp_path / "notebook"
    put(notebook, "unrelated.py")
    put(tmp_path, "pyproject.toml")
    put(tmp_path, "lib/pkg/__init__.py")
    for number in range(51):
        sized(tmp_path / f"lib/pkg/my data/{number}.bin", 1_000_000)
    events: list[Event] = []
    scan = Scan(imports=(cell("pkg"),), paths=("../lib",))
    code = find_local(scan, notebook, stdlib=STDLIB, is_installed=lambda _: False, start=notebook, emit=events.append)
    assert [file.source.name for file in code.files] == ["__init__.py"]
    (warned,) = events
    assert isinstance(warned, Warned)
    assert warned.message == "51 files of data in 'pkg/my data' (51 MB) are not copied."
    assert warned.hint.endswith("-v '../lib/pkg/my data:/app/lib/pkg/my data:ro'")


def test_environments_caches_and_repositories_in_a_package_are_left_out(tmp_path: Path) -> None:
    put(tmp_path, "pkg/__init__.py")
    for left_out in ("venv/pyvenv.cfg", "conda/conda-meta/history", "node_modules/x/y.py", ".venv/lib/z.py"):
        put(tmp_path, f"pkg/{left_out}")
    put(tmp_path, "pkg/venv/lib/site-packages/six.py")
    put(tmp_path, "pkg/conda/lib/six.py")
    code, warnings = look(tmp_path, cell("pkg"))
    assert (targets(code), warnings) == (["pkg/__init__.py"], [])


def test_it_goes_before_what_is_installed_but_not_before_the_standard_library(tmp_path: Path) -> None:
    put(tmp_path, "six.py")
    put(tmp_path, "random.py")
    code, _ = look(tmp_path, cell("six"), cell("random"), cell("os.path"), installed="six")
    assert targets(code) == ["six.py"]
    assert code.imports == ()


def test_a_folder_without_init_counts_only_where_nothing_is_installed(tmp_path: Path) -> None:
    put(tmp_path, "space/mod.py")
    put(tmp_path, "space/huge.csv")
    assert targets(look(tmp_path, cell("space", "mod"))[0]) == ["space/mod.py"]
    code, _ = look(tmp_path, cell("space", "mod"), installed="space")
    assert (targets(code), [each.module for each in code.imports]) == ([], ["space"])


def test_a_data_folder_of_the_same_name_is_no_module(tmp_path: Path) -> None:
    put(tmp_path, "data/x.csv")
    code, _ = look(tmp_path, cell("data"))
    assert (targets(code), [each.module for each in code.imports]) == ([], ["data"])


def test_a_run_script_is_copied_and_imports_from_its_own_folder_first(tmp_path: Path) -> None:
    put(tmp_path, "scripts/tool.py", "import near, far")
    put(tmp_path, "scripts/near.py", "import six")
    put(tmp_path, "near.py", "import wrong")
    put(tmp_path, "far.py")
    code, _ = look(tmp_path, cell("", path="scripts/../scripts/tool.py"))
    assert targets(code) == ["far.py", "scripts/near.py", "scripts/tool.py"]
    assert [each.module for each in code.imports] == ["six"]


def test_a_run_notebook_is_copied_and_read(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["import no"]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "import six\n", "files = !ls"]},
        {"cell_type": "code", "source": "%%bash\nimport no"},
        {"cell_type": "code", "source": "import helpers"},
    ]
    put(tmp_path, "other.ipynb", json.dumps({"cells": cells}))
    put(tmp_path, "helpers.py")
    code, warnings = look(tmp_path, cell("", path="other.ipynb"))
    assert targets(code) == ["helpers.py", "other.ipynb"]
    assert [each.module for each in code.imports] == ["six"]
    assert warnings == []


@pytest.mark.parametrize("path", ["missing.py", "../missing.py", "/etc/hostname"])
def test_a_run_script_from_elsewhere_is_a_warning(tmp_path: Path, path: str) -> None:
    (tmp_path / "folder").mkdir()
    code, warnings = look(tmp_path / "folder", cell("", path=path))
    assert code.files == ()
    assert warnings == [f"cell 1, line 1: '{path}' is not a file in the notebook's folder, so it is not copied."]


def test_links_that_lead_out_are_not_followed(tmp_path: Path) -> None:
    put(tmp_path, "outside/secret.py", "import never")
    folder = tmp_path / "folder"
    put(folder, "pkg/__init__.py")
    put(folder, "real.py")
    (folder / "secret.py").symlink_to("../outside/secret.py")
    (folder / "linked").symlink_to("../outside")
    (folder / "pkg/secret.py").symlink_to("../../outside/secret.py")
    (folder / "alias.py").symlink_to("real.py")
    code, _ = look(folder, cell("secret"), cell("linked.secret"), cell("pkg.secret"), cell("alias"))
    assert targets(code) == ["alias.py", "pkg/__init__.py"]
    assert [each.module for each in code.imports] == ["secret", "linked.secret"]


def test_modules_that_import_each_other_end(tmp_path: Path) -> None:
    put(tmp_path, "a.py", "import b")
    put(tmp_path, "b.py", "import a")
    assert targets(look(tmp_path, cell("a"))[0]) == ["a.py", "b.py"]


def test_a_module_that_does_not_parse_is_copied_with_a_warning(tmp_path: Path) -> None:
    put(tmp_path, "broken.py", "def")
    code, warnings = look(tmp_path, cell("broken"))
    assert targets(code) == ["broken.py"]
    assert warnings == ["'broken.py' does not parse, so what it imports is not frozen."]


def test_what_an_optional_module_imports_is_optional(tmp_path: Path) -> None:
    put(tmp_path, "helpers.py", "import six")
    optional = Import(module="helpers", optional=True, cell=1)
    assert [each.optional for each in look(tmp_path, optional)[0].imports] == [True]


def test_an_extension_module_is_copied(tmp_path: Path) -> None:
    put(tmp_path, "fast.abi3.so")
    assert targets(look(tmp_path, cell("fast"))[0]) == ["fast.abi3.so"]
