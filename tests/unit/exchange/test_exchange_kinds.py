"""Each kind of value goes into another process and comes back the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.exchange import exchange_classes
from tests.unit.exchange.exchange_peer import Peer, running_peer
from tests.unit.exchange.exchange_values import VALUES, same

CLASSES = {"exchange_classes": exchange_classes}


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    with running_peer(tmp_path_factory.mktemp("exchange")) as started:
        yield started


def test_there_are_forty_kinds_and_more() -> None:
    assert len(VALUES) >= 40


@pytest.mark.parametrize("kind", VALUES)
def test_comes_back_the_same(peer: Peer, kind: str) -> None:
    value: Any = VALUES[kind]
    assert same(value, peer.there_and_back(value, CLASSES))


def test_a_value_that_is_used_twice_is_one_there(peer: Peer) -> None:
    inner = [1]
    back = peer.there_and_back({"a": inner, "b": [inner, inner]}, {})
    assert back["a"] is back["b"][0] is back["b"][1]


def test_values_that_contain_themselves_come_back(peer: Peer) -> None:
    loop: list[Any] = [1]
    loop += [loop, (loop,), {"again": loop}]
    back = peer.there_and_back(loop, {})
    assert back[1] is back
    assert back[2][0] is back
    assert back[3]["again"] is back


def test_a_tuple_around_a_list_around_the_tuple_comes_back(peer: Peer) -> None:
    inner: list[Any] = []
    outer = (inner, "x")
    inner.append((outer, outer))
    back = peer.there_and_back(outer, {})
    assert back[0][0][0] is back


def test_a_frame_in_a_dataclass_in_a_dict_comes_back(peer: Peer) -> None:
    point = exchange_classes.Point(1.0, tags=[VALUES["frame"], VALUES["matrix"], {"x": VALUES["polars frame"]}])
    back = peer.there_and_back({"p": point}, CLASSES)
    assert all(map(same, back["p"].tags, point.tags))


def test_large_arrays_are_independent_of_their_file(peer: Peer) -> None:
    value = VALUES["large array"]
    folder = peer.send(["sent"], {"sent": value})
    shutil.rmtree(folder)
    peer.run("sent[0] = 7; total = float(sent.sum())")
    assert peer.receive(["total"], {}).values["total"] == value.sum() + 7


def test_what_the_cell_writes_into_an_array_does_not_reach_the_file(peer: Peer) -> None:
    folder = peer.send(["sent"], {"sent": VALUES["large array"]})
    before = (folder / "0.bin").read_bytes()
    peer.run("sent[:] = 7")
    assert (folder / "0.bin").read_bytes() == before


def test_the_namespace_there_gets_the_names_alone(peer: Peer) -> None:
    peer.run("before = set(globals())")
    peer.send(["sent_alone"], {"sent_alone": 1, "other": 2})
    peer.run("new = set(globals()) - before")
    assert peer.receive(["new"], {}).values["new"] == {"sent_alone", "before"}


def test_nothing_stays_on_the_path_of_imports_there(peer: Peer) -> None:
    peer.send(["value"], {"value": 1})
    peer.run("import sys; left = [entry for entry in sys.path if entry.endswith('exchange.zip')]")
    assert peer.receive(["left"], {}).values["left"] == []
