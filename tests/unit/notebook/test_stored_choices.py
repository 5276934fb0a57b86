"""What is learned goes into the notebook's metadata, and nothing else of the file changes."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.notebook.metadata import store_choices, with_choices
from jupyter_docker.values.errors import NotebookError

KEPT = '"cells": [{"x": 1e-7, "y": "\\u00e9é"}]'
INDENTED = '"containerize": {\n   "apt": [\n    "x"\n   ]\n  }'
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{\n " + KEPT + ',\n "metadata": {},\n "nbformat": 4\n}\n',
         "{\n " + KEPT + ',\n "metadata": {\n  ' + INDENTED + '\n },\n "nbformat": 4\n}\n'),
        ('{\n "metadata": {\n  "kernelspec": {}\n },\n ' + KEPT + "\n}",
         '{\n "metadata": {\n  ' + INDENTED + ',\n  "kernelspec": {}\n },\n ' + KEPT + "\n}"),
        ("{" + KEPT + ', "metadata": {"a": 1}}',
         "{" + KEPT + ', "metadata": {"containerize": {"apt": ["x"]}, "a": 1}}'),
        ("{" + KEPT + ', "metadata": {}}', "{" + KEPT + ', "metadata": {"containerize": {"apt": ["x"]}}}'),
        ('{"metadata": {"z": 1, "containerize": {"base": "b", "apt": "y"}, "a": 2}}',
         '{"metadata": {"z": 1, "containerize": {"base": "b", "apt": ["x"]}, "a": 2}}'),
        ('{"metadata": {"containerize": null}}', '{"metadata": {"containerize": {"apt": ["x"]}}}'),
    ],
)  # fmt: skip
def test_only_the_key_changes(before: str, after: str) -> None:
    assert with_choices(before, {"apt": ["x"]}) == after


@given(
    st.dictionaries(st.text(), values, max_size=4),
    st.dictionaries(st.text(), values, max_size=3),
    st.sampled_from([None, 1, 2, "\t"]),
    st.booleans(),
)
def test_any_notebook_is_the_same_but_for_the_key(
    metadata: dict[str, Any], chosen: dict[str, Any], indent: int | str | None, ascii_: bool
) -> None:
    notebook = {"cells": [], "metadata": metadata, "nbformat": 4}
    text = json.dumps(notebook, indent=indent, ensure_ascii=ascii_) + "\n"
    old = metadata.get("containerize")
    expected = {**metadata, "containerize": {**(old if isinstance(old, dict) else {}), **chosen}}
    written = with_choices(text, chosen)
    assert json.loads(written) == {**notebook, "metadata": expected}


def test_the_file_is_replaced_with_its_mode_through_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "real.ipynb", tmp_path / "link.ipynb"
    path.write_bytes(b'{"metadata": {}}\r\n')
    path.chmod(0o640)
    link.symlink_to(path)
    store_choices(link, {"apt": ["x"]})
    assert path.read_bytes() == b'{"metadata": {"containerize": {"apt": ["x"]}}}\r\n'
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert {each.name for each in tmp_path.iterdir()} == {"real.ipynb", "link.ipynb"}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"metadata": 1}', '{"metadata": {', "\xff"])
def test_what_is_no_notebook_is_left(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(NotebookError) as raised:
        store_choices(path, {"apt": ["x"]})
    assert raised.value.hint.endswith('yourself: {"containerize": {"apt": ["x"]}}')
    assert path.read_text(encoding="latin-1") == text
    assert [*tmp_path.iterdir()] == [path]
