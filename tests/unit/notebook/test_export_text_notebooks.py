"""Python scripts and MyST documents in the place of a notebook."""

from pathlib import Path

import pytest

from jupyter_docker.notebook.cellwise import notebook_parameters
from jupyter_docker.notebook.nodes import read_notebook
from jupyter_docker.notebook.script import export_script
from jupyter_docker.values.errors import ContainerizeError, NotebookError
from tests.unit.notebook.export_case import run

PERCENT = """\
# ---
# jupyter:
#   containerize:
#     memory: 1g
# ---

# %% [markdown]
# # A title

# %% tags=["parameters"]
year = 2023  # which

# %%
# %matplotlib inline
import os
print(year, os.path.basename(os.getcwd()))
"""
MYST = """\
---
kernelspec:
  name: python3
  display_name: Python 3
---
# A title

```{code-cell} ipython3
:tags: [parameters]
year = 2023
```

```{code-cell} ipython3
print(year)
```
"""


@pytest.mark.parametrize(("name", "text"), [("a.py", PERCENT), ("a.md", MYST), ("a.myst", MYST)])
def test_its_cells_run_with_its_parameters(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    notebook = read_notebook(tmp_path / name)
    assert [each.name for each in notebook_parameters(notebook)] == ["year"]
    script = export_script(notebook, source=tmp_path / name, name="a", emit=lambda _: None)
    assert run(script, tmp_path, "-P", "year=5").stdout.startswith("5")


def test_its_header_is_the_notebooks_metadata(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(PERCENT)
    assert read_notebook(tmp_path / "a.py").metadata["containerize"] == {"memory": "1g"}


def test_a_plain_script_is_one_cell(tmp_path: Path) -> None:
    text = "import sys\n\n\ndef main():\n    print('hi', __name__)\n\n\nif __name__ == '__main__':\n    main()\n"
    (tmp_path / "a.py").write_text(text)
    script = export_script(read_notebook(tmp_path / "a.py"), source=tmp_path / "a.py", name="a", emit=lambda _: None)
    assert [cell.source for cell in script.cells] == [text.rstrip()]
    assert run(script, tmp_path).stdout == "hi __main__\n"


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("a.md", b"# Only words\n", "has no code cells"),
        ("a.py", b"# -*- coding: nonsense -*-\n", "can't be read as text"),
        ("a.py", b"x = '\xff'\n", "can't be read as text"),
    ],
)
def test_what_is_none_is_refused(name: str, raw: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(NotebookError, match=message):
        read_notebook(tmp_path / name)


def test_a_script_that_does_not_parse_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = = 1\n")
    with pytest.raises(ContainerizeError):
        export_script(read_notebook(tmp_path / "a.py"), source=tmp_path / "a.py", name="a", emit=lambda _: None)
