"""JSON data of any depth is compared."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_docker.compare.structure import compare_structures
from jupyter_docker.compare.text import Reader


def nested(depth: int, leaf: Any, *, table: bool) -> Any:
    for _ in range(depth):
        leaf = {"a": leaf} if table else [leaf]
    return leaf


@pytest.mark.parametrize("table", [True, False])
@pytest.mark.parametrize("depth", [5, 99, 101, 500, 900, 100_000])
def test_data_of_any_depth_is_held_against_each_other(depth: int, table: bool) -> None:
    one, same, other = (nested(depth, leaf, table=table) for leaf in ("x", "x", "another"))
    assert compare_structures(one, same, Reader()).look == "same"
    assert compare_structures(one, other, Reader()).look == "value"
    assert compare_structures(one, nested(depth + 1, "x", table=table), Reader()).look == "value"
