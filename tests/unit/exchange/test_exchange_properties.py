"""Any nesting of data comes back as it was: the same values, of the same types, shared as they were."""

from __future__ import annotations

import tempfile
from datetime import UTC
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from jupyter_docker.exchange.receive import read_values
from jupyter_docker.exchange.send import plan_send, write_values
from tests.unit.exchange import exchange_classes
from tests.unit.exchange.exchange_values import PARIS, same


def there(value: Any) -> Any:
    """Return the value after it was written and read here, as the container's would be."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = plan_send(["value"], {"value": value})
        assert plan.values["value"].content["as"] == "data"
        write_values(folder, plan)
        (folder / "report.json").write_text("{}")
        received = read_values(folder, ["value"], namespace={"classes": exchange_classes})
    assert not received.failures, received.failures["value"].message
    return received.values["value"]


SINGLE = (
    st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.decimals(allow_nan=False) | st.dates()
    | st.fractions() | st.timedeltas() | st.uuids() | st.complex_numbers(allow_nan=False)
)  # fmt: skip
# Deferred, since hypothesis writes out a recursive strategy in others, at length.
HASHABLE: st.SearchStrategy[Any] = st.deferred(
    lambda: SINGLE | SINGLE | st.lists(HASHABLE, max_size=2).map(tuple) | st.frozensets(HASHABLE, max_size=2)
    | st.builds(exchange_classes.Frozen, st.text(), SINGLE)
)  # fmt: skip
ARRAYS = st_numpy.arrays(
    st_numpy.scalar_dtypes() | st_numpy.nested_dtypes(max_leaves=4, max_itemsize=64),
    st_numpy.array_shapes(min_dims=0, min_side=0, max_side=4),
)
VALUES = st.recursive(
    HASHABLE | st.floats() | ARRAYS | st.sets(HASHABLE, max_size=3)
    | st.datetimes(timezones=st.sampled_from([None, UTC, PARIS])),
    lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=3).map(tuple)
    | st.dictionaries(HASHABLE, inner, max_size=3)
    | st.builds(exchange_classes.Point, inner, inner) | st.builds(exchange_classes.Pair, inner, inner),
)  # fmt: skip


def shown(value: Any) -> Any:
    """Return a value with what `==` does not tell apart: types, the sign of zero, NaN, the bytes of arrays."""
    if isinstance(value, np.ndarray):
        return ("array", value.dtype, value.shape, value.tobytes())
    if isinstance(value, dict):
        return ("dict", [(shown(key), shown(each)) for key, each in value.items()])
    if isinstance(value, (set, frozenset)):
        return (type(value), sorted(repr(shown(each)) for each in value))
    if isinstance(value, (list, tuple)):
        return (type(value), [shown(each) for each in value])
    if isinstance(value, (exchange_classes.Point, exchange_classes.Frozen)):
        return (type(value), shown(vars(value)))
    return (type(value), repr(value))


@settings(deadline=None)
@given(VALUES)
def test_mixed_values_come_back(value: Any) -> None:
    assert shown(there(value)) == shown(value)


@settings(deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=8), st.integers(0, 4))
def test_shared_and_endless_lists_keep_their_shape(edges: list[int], root: int) -> None:
    lists: list[list[Any]] = [[number] for number in range(5)]
    for index, edge in enumerate(edges):
        lists[index % 5].append((lists[edge],))
    value = there(lists[root])
    pairs, seen = [(value, lists[root])], dict[int, int]()
    while pairs:
        back, original = pairs.pop()
        if seen.setdefault(id(back), id(original)) == id(original) and len(seen) == len(set(seen.values())):
            assert back[0] == original[0]
            assert len(back) == len(original)
            pairs += [(x[0], y[0]) for x, y in zip(back[1:], original[1:], strict=True) if id(x[0]) not in seen]
            continue
        raise AssertionError("two lists became one, or one became two")


@settings(deadline=None)
@given(st.text(st.characters(), max_size=10_000), st.integers(min_value=2, max_value=4))
def test_long_texts_are_one_value(text: str, times: int) -> None:
    assert there([text * 3000] * times) == [text * 3000] * times


@settings(deadline=None)
@given(
    st_numpy.arrays(st.sampled_from(["f4", ">i8", "c16", "?"]), st_numpy.array_shapes(min_dims=2, max_dims=4)),
    st.data(),
)
def test_any_part_of_an_array_comes_back(array: np.ndarray[Any, Any], data: st.DataObject) -> None:
    part = array[data.draw(st_numpy.basic_indices(array.shape))].transpose()
    assert same(np.asarray(part), there(np.asarray(part)))
