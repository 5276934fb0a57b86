"""The requirements.txt is exact, the same every time, and can't be bent by what the user's code says."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement

from jupyter_docker.freeze.reasons import Explained, explain, requirements_text
from jupyter_docker.values.requirements import LocalFile, Pin, Requirements, SystemPackage, Unresolved

PANDAS = Pin(name="pandas", version="2.2.3", hashes=("sha256:b", "sha256:a"), why=("cell 3: import pandas",))
DASK = Pin(name="dask", version="2024.1", extras=("array", "dataframe"), hashes=("sha256:c",), why=("needed by x",))


def test_the_text() -> None:
    assert requirements_text(Requirements(python="3.11", pins=(PANDAS, DASK))) == (
        "# Locked for Python 3.11 by jupyter-containerize.\n"
        "\n"
        "# needed by x\n"
        "dask[array,dataframe]==2024.1 \\\n"
        "    --hash=sha256:c\n"
        "\n"
        "# cell 3: import pandas\n"
        "pandas==2.2.3 \\\n"
        "    --hash=sha256:a \\\n"
        "    --hash=sha256:b\n"
    )


def test_many_reasons_are_cut_short() -> None:
    pin = Pin(name="six", version="1", why=tuple(f"cell {number}: import six" for number in range(1, 7)))
    text = requirements_text(Requirements(python="3.11", pins=(pin,)))
    assert text.split("\n")[2:] == [
        "# cell 1: import six", "# cell 2: import six", "# cell 3: import six", "# and 3 more", "six==1", "",
    ]  # fmt: skip


@given(st.lists(st.text(), max_size=5))
def test_no_reason_can_add_a_requirement(why: list[str]) -> None:
    pin = Pin(name="six", version="1.16.0", hashes=("sha256:a",), why=tuple(why))
    text = requirements_text(Requirements(python="3.11", pins=(pin,)))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert lines == ["six==1.16.0 \\", "    --hash=sha256:a"]
    assert not any(line.endswith("\\") for line in text.splitlines() if line.startswith("#"))
    assert str(Requirement(lines[0].rstrip(" \\"))) == "six==1.16.0"


def test_everything_is_explained() -> None:
    requirements = Requirements(
        python="3.11",
        pins=(PANDAS,),
        system=(SystemPackage(name="libgomp1", why="--apt"),),
        local=(LocalFile(source=Path("/x/a.py"), target=PurePosixPath("a.py"), why="cell 1: import a"),),
        unresolved=(Unresolved(name="cupy", position=None, where="cell 2: import cupy"),),
    )
    assert explain(requirements) == (
        Explained(kind="package", name="pandas", version="2.2.3", why=("cell 3: import pandas",)),
        Explained(kind="system package", name="libgomp1", version="", why=("--apt",)),
        Explained(kind="local file", name="a.py", version="", why=("cell 1: import a",)),
        Explained(kind="not found", name="cupy", version="", why=("cell 2: import cupy",)),
    )


@pytest.mark.parametrize(
    ("why", "shown"),
    [
        ("-r /home/me/work/requirements.txt, line 2", "-r requirements.txt, line 2"),
        ("cell 1: %pip install -e ~/code/pkg", "cell 1: %pip install -e pkg"),
        (r"-r C:\Users\me\a.txt", "-r a.txt"),
        ("cell 1: 's3://bucket/a/b.csv'", "cell 1: 's3://bucket/a/b.csv'"),
        ("from git+https://host/a/b@c0ffee", "from git+https://host/a/b@c0ffee"),
        ("cell 2: !black src/x.py", "cell 2: !black src/x.py"),
    ],
)
def test_a_reason_has_no_folder_of_this_machine(why: str, shown: str) -> None:
    requirements = Requirements(python="3.11", pins=(Pin(name="six", version="1", why=(why,)),))
    assert f"\n# {shown}\n" in requirements_text(requirements)
