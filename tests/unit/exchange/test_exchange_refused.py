"""What can't be sent, or not be brought back, is refused by name; everything else is left as it is."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import io
import multiprocessing
import queue
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import types
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from jupyter_docker.exchange.send import plan_send
from jupyter_docker.values.errors import MissingNameError, NotSendableError
from tests.unit.exchange import exchange_classes
from tests.unit.exchange.exchange_peer import Peer, running_peer


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    with running_peer(tmp_path_factory.mktemp("exchange")) as started:
        yield started


@contextlib.contextmanager
def open_file() -> Iterator[io.TextIOWrapper]:
    with Path(__file__).open() as file:
        yield file


@contextlib.contextmanager
def connection() -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(":memory:")) as opened:
        yield opened


async def coroutine() -> None:
    """Nothing."""


@contextlib.contextmanager
def started_coroutine() -> Iterator[Any]:
    with contextlib.closing(coroutine()) as made:
        yield made


@contextlib.contextmanager
def event_loop() -> Iterator[Any]:
    with contextlib.closing(asyncio.new_event_loop()) as loop:
        yield loop


@contextlib.contextmanager
def in_list(make: Callable[[], Any]) -> Iterator[list[Any]]:
    with make() as value:
        yield [1, value]


def given(value: object) -> Callable[[], Any]:
    return lambda: contextlib.nullcontext(value)


def recursive_array() -> Any:
    array = np.empty(1, object)
    array[0] = array
    return array


def deep_list() -> list[Any]:
    value: list[Any] = []
    for _ in range(2000):
        value = [value]
    return value


# What it is called → it, and a word of the message beside its name and type.
REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "lock": (given(threading.Lock()), "lock"),
    "condition": (given(threading.Condition()), "RLock"),
    "thread": (given(threading.Thread()), "lock"),
    "queue": (given(queue.Queue()), "lock"),
    "socket": (socket.socket, "socket"),
    "generator": (given(letter for letter in "abc"), "generator"),
    "coroutine": (started_coroutine, "coroutine"),
    "open file": (open_file, "open file"),
    "open file in a list": (lambda: in_list(open_file), "open file"),
    "temporary file": (tempfile.TemporaryFile, "open file"),
    "standard output": (given(sys.__stdout__), "open file"),
    "module": (given(np), "module"),
    "connection": (connection, "Connection"),
    "event loop": (event_loop, "can't be sent"),
    "weak reference": (given(weakref.ref(exchange_classes.Outer)), "weakref"),
    "frame": (given(sys._getframe()), "frame"),
    "context variable": (given(contextvars.ContextVar("x")), "ContextVar"),
    "process lock": (given(multiprocessing.Lock()), "Lock"),
    "lock in a dict in a frame": (given(pd.DataFrame({"a": [{"k": threading.Lock()}]})), "lock"),
    "lock in a dataclass": (given(exchange_classes.Point(1, tags=[threading.Lock()])), "lock"),
    "list of 2000 levels": (lambda: contextlib.nullcontext(deep_list()), "recursion"),
}  # fmt: skip


def test_there_are_fifteen_kinds_and_more() -> None:
    assert len(REFUSED) >= 15


@pytest.mark.parametrize("kind", REFUSED)
def test_is_refused_before_anything_is_written(kind: str) -> None:
    make, word = REFUSED[kind]
    with make() as value, pytest.raises(NotSendableError) as caught:
        plan_send(["fine", "culprit"], {"fine": 1, "culprit": value})
    assert caught.value.name == "culprit"
    assert caught.value.message.startswith(f"'culprit' ({_shown(type(value))})")
    assert word in caught.value.message
    assert caught.value.hint


def _shown(kind: type) -> str:
    if kind.__module__ == "builtins":
        return kind.__qualname__
    return f"{'pandas' if kind is pd.DataFrame else kind.__module__}.{kind.__qualname__}"


def test_a_running_process_is_refused() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process, pytest.raises(NotSendableError, match="'child'"):
        plan_send(["child"], {"child": process})


def test_a_missing_name_is_refused_first() -> None:
    with pytest.raises(MissingNameError, match="There is no variable 'absent' to send") as caught:
        plan_send(["lock", "absent"], {"lock": threading.Lock()})
    assert caught.value.name == "absent"


def test_an_array_that_contains_itself_is_sent_as_a_pickle_and_not_brought_back(peer: Peer) -> None:
    peer.send(["array"], {"array": recursive_array()})
    peer.run("assert array[0] is array")
    assert "it contains itself" in peer.receive(["array"], {}).failures["array"].message


NOTEBOOK = """
import enum
from dataclasses import dataclass

@dataclass
class Point:
    x: int
    def double(self):
        return Point(2 * self.x)

class Kind(enum.Enum):
    A = 1

class Plain:
    pass

plain = Plain()
plain.of = 3
point, kind, add = Point(1), Kind.A, lambda a: a + point.x
"""


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A namespace whose classes are its own, as those of a notebook are."""
    module = types.ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", module)
    exec(NOTEBOOK, vars(module))  # noqa: S102
    return vars(module)


def test_classes_and_functions_of_the_notebook_go_there(peer: Peer, notebook: dict[str, Any]) -> None:
    peer.send(["Point", "point", "Kind", "kind", "add", "plain"], notebook)
    peer.run("results = [isinstance(point, Point), kind is Kind.A, add(1), plain.of, point.double().x]")
    assert peer.receive(["results"], notebook).values["results"] == [True, True, 2, 3, 2]


def test_values_of_the_notebooks_classes_come_back_as_data(peer: Peer, notebook: dict[str, Any]) -> None:
    peer.send(["point", "kind"], notebook)
    peer.run("point = point.double()")
    values = peer.receive(["point", "kind"], notebook).values
    assert values["point"] == notebook["Point"](2)
    assert values["kind"] is notebook["kind"]


def test_an_object_comes_back_only_with_trust(peer: Peer, notebook: dict[str, Any]) -> None:
    peer.send(["plain"], notebook)
    peer.run("plain.of = 4; numbers = [1]")
    received = peer.receive(["plain", "numbers"], notebook)
    assert dict(received.values) == {"numbers": [1]}
    assert received.failures["plain"].message == "'plain' can't come back: 'Plain' is not a data format."
    assert "--trust" in received.failures["plain"].hint
    assert peer.receive(["plain"], notebook, trust=True).values["plain"].of == 4


def test_a_class_that_the_notebook_does_not_have_is_named(peer: Peer) -> None:
    peer.run("from dataclasses import dataclass\n@dataclass\nclass Stranger:\n    x: int\nstranger = Stranger(1)")
    failure = peer.receive(["stranger"], {}).failures["stranger"]
    assert "its class 'Stranger' is not among the notebook's names" in failure.message
    assert "import that class" in failure.hint


def test_what_the_cell_did_not_make_is_named(peer: Peer) -> None:
    peer.run("made = 1")
    received = peer.receive(["made", "unmade"], {})
    assert dict(received.values) == {"made": 1}
    assert "the cell left no variable of that name" in received.failures["unmade"].message


def test_another_version_there_is_refused_by_name(peer: Peer) -> None:
    peer.run("import scipy; kept, scipy.__version__ = scipy.__version__, '0.1'")
    from scipy.interpolate import CubicSpline

    with pytest.raises(
        NotSendableError, match=r"'spline' can't be read in the container: it was made with scipy 1\..*, not 0.1"
    ):
        peer.send(["fine", "spline"], {"fine": 1, "spline": CubicSpline([0, 1, 2], [0, 1, 4])})
    peer.run("scipy.__version__ = kept; assert 'fine' not in globals()")


def test_a_module_that_is_not_there_is_named(peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "only_here.py").write_text("class Thing:\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    import only_here  # type: ignore[import-not-found]

    with pytest.raises(NotSendableError, match=r"'thing' can't be read in the container: .*only_here"):
        peer.send(["thing"], {"thing": only_here.Thing()})
