"""What comes from a container may be forged: nothing of it runs here, blows up memory, or leaves the folder."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_docker.exchange.receive import Received, read_values
from jupyter_docker.exchange.send import plan_send, write_values
from tests.unit.exchange import exchange_classes
from tests.unit.exchange.exchange_values import VALUES

CLASSES = {"exchange_classes": exchange_classes}
MODULE = exchange_classes.__name__


def forge(folder: Path, nodes: list[Any], data: bytes = b"", *, root: Any = None) -> Path:
    """Write a variable whose last node is its value."""
    document = {"version": 1, "root": root or [nodes[-1][0]], "nodes": nodes}
    content = {"as": "data", "type": "list", "document": document}
    return write_files(folder, json.dumps(content).encode(), data)


def write_files(folder: Path, content: bytes, data: bytes = b"", report: bytes = b"{}") -> Path:
    (folder / "0.json").write_bytes(content)
    (folder / "0.bin").write_bytes(data)
    (folder / "report.json").write_bytes(report)
    return folder


def read(folder: Path, **options: Any) -> Received:
    return read_values(folder, ["x"], namespace=CLASSES, **options)


def reason(folder: Path, **options: Any) -> str:
    received = read(folder, **options)
    assert not received.values
    return received.failures["x"].message


class Bomb:
    def __init__(self, marker: Path) -> None:
        self._marker = marker

    def __reduce__(self) -> Any:
        return Path.touch, (self._marker,)


@pytest.mark.parametrize("trust", [False, True])
def test_a_pickle_runs_only_with_trust(tmp_path: Path, trust: bool) -> None:
    marker, stream = tmp_path / "ran", pickle.dumps(Bomb(tmp_path / "ran"))
    header = {"as": "pickle", "type": "list", "python": list(sys.version_info[:2]), "versions": {}, "buffers": []}
    folder = tmp_path / "folder"
    folder.mkdir()
    write_files(folder, json.dumps({**header, "stream": [0, len(stream)]}).encode(), stream)
    received = read(folder, trust=trust)
    assert marker.exists() is trust
    assert ("x" in received.failures) is not trust


def symlink(path: Path) -> None:
    target = path.with_name("elsewhere")
    path.rename(target)
    path.symlink_to(target)


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


def fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("change", [symlink, folder_instead, fifo, Path.unlink])
@pytest.mark.parametrize("name", ["0.json", "0.bin", "report.json"])
def test_only_plain_files_in_the_folder_are_read(tmp_path: Path, name: str, change: Callable[[Path], None]) -> None:
    forge(tmp_path, [[0, "list", None, [1]]])
    assert read(tmp_path).values["x"] == [1]
    change(tmp_path / name)
    assert f"its file '{name}'" in reason(tmp_path)


def test_a_link_in_place_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    forge(tmp_path / "real", [[0, "list", None, []]])
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert "The container did not say" in reason(tmp_path / "link")


def test_nothing_is_written_through_a_link_or_over_a_file(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("kept")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/0.bin").symlink_to(victim)
    with pytest.raises(FileExistsError):
        write_values(tmp_path / "folder", plan_send(["x"], {"x": [b"new"]}))
    assert victim.read_text() == "kept"


def test_names_in_the_report_are_only_looked_up(tmp_path: Path) -> None:
    forge(tmp_path, [[0, "list", None, []]])
    (tmp_path / "report.json").write_text(json.dumps({"../../x": ["", "gone"], "y": ["", "gone"]}))
    assert read(tmp_path).values == {"x": []}


def test_what_the_report_says_is_one_short_line(tmp_path: Path) -> None:
    write_files(tmp_path, b"", report=json.dumps({"x": ["", "\x1b[31mred\n" * 10_000]}).encode())
    message = reason(tmp_path)
    assert message.isprintable()
    assert len(message) < 400


@pytest.mark.parametrize("report", [b"[]", b"3", b'{"x": 3}', b"{", b"\xff", b"[" * 10**5])
def test_a_report_that_is_none_fails_each_name(tmp_path: Path, report: bytes) -> None:
    write_files(tmp_path, b"{}", report=report)
    assert "'x' can't come back" in reason(tmp_path)


CONTENTS = [
    b"", b"[]", b"null", b"{}", b"\xff\xfe", b"[" * 200_000, b'{"a":' * 200_000, b'{"as": "data"}', b"9" * 10_000,
    b'{"as": "data", "document": {"version": 2, "root": 1, "nodes": []}}',
    b'{"as": "data", "document": {"version": 1, "root": [0], "nodes": []}}',
    b'{"as": "data", "document": {"version": 1, "root": [[]], "nodes": {}}}',
]  # fmt: skip


@pytest.mark.parametrize("content", CONTENTS, ids=range(len(CONTENTS)))
def test_json_that_is_no_document_is_refused(tmp_path: Path, content: bytes) -> None:
    assert "'x' can't come back" in reason(write_files(tmp_path, content))


@pytest.mark.parametrize("name", ["0.json", "0.bin", "report.json"])
def test_a_file_larger_than_memory_is_not_read(tmp_path: Path, name: str) -> None:
    forge(tmp_path, [[0, "bytes", [0, 2**40], []]], b"abc")
    os.truncate(tmp_path / name, 2**40)  # takes no space on the disk
    tracemalloc.start()
    assert "MB that are left" in reason(tmp_path, limit=10**9)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10**7


def array(*, dtype: Any = "<f8", shape: Any = (2,), order: str = "C", place: Any = (0, 16)) -> list[Any]:
    return [0, "numpy.array", [dtype, shape, order, place], []]


def of_class(kind: str, name: str, more: Any, children: list[Any]) -> list[list[Any]]:
    return [[0, kind, [MODULE, name, more], children]]


NUMBERS = [[1, "numpy.array", ["|i1", [2], "C", [0, 2]], []], [2, "pandas.index", ["Index", None], [[3], None]]]
EMPTY = [1, "dict", None, []]
TEXTS = [3, "numpy.array", ["O", [1], "C", None], ["a"]]

FORGED: dict[str, list[list[Any]]] = {
    "buffer beyond the file": [array(place=[8, 16])],
    "buffer of negative size": [array(place=[0, -16])],
    "buffer of negative place": [array(place=[-1, 16])],
    "buffer that is no place": [array(place="0.bin")],
    "buffer of floats": [array(place=[0.0, 16.0])],
    "shape too large": [array(shape=[2**62])],
    "shape that overflows": [array(shape=[2**33, 2**33])],
    "shape too small": [array(shape=[1])],
    "shape below nothing": [array(shape=[-2])],
    "bytes as objects": [array(dtype="|O")],
    "bytes as objects in a field": [array(dtype=[["a", "|O"], ["b", "|O"]], shape=[1])],
    "dtype that is none": [array(dtype="os.system")],
    "dtype that is a number": [array(dtype=3)],
    "objects too many": [[0, "numpy.array", ["O", [2**40], "C", None], [1]]],
    "no such kind": [[0, "os.system", "true", []]],
    "no such kind of numpy": [[0, "numpy.load", "x", []]],
    "kind of a private module": [[0, "formats.classes", "x", []]],
    "reference to nothing": [[0, "list", None, [[7]]]],
    "tuple in itself": [[0, "tuple", None, [[0]]]],
    "tuples in each other": [[0, "tuple", None, [[1]]], [1, "tuple", None, [[0]]]],
    "two of one number": [[0, "list", None, []], [0, "list", None, []]],
    "key without a value": [[0, "dict", None, [1, 2, 3]]],
    "list as a key": [[1, "list", None, []], [0, "dict", None, [[1], 1]]],
    "factory that is a program": [[0, "defaultdict", "os.system", []]],
    "zone outside of the zones": [[0, "zoneinfo", "../../etc/passwd", []]],
    "date that is none": [[0, "date", [1, 2, 99], []]],
    "fraction too long": [[1, "int", "0x1" + "0" * 10**6, []], [0, "fraction", None, [[1], 3]]],
    "dataclass of a plain class": of_class("dataclass", "Outer", [], []),
    "dataclass of a field it has not": of_class("dataclass", "Point", ["__class__"], [1]),
    "dataclass without a value": of_class("dataclass", "Point", ["x"], []),
    "enumeration of a dataclass": of_class("enum", "Point", ["RED"], []),
    "enumeration without the member": of_class("enum", "Colour", ["__class__"], []),
    "enumeration of two": of_class("enum", "Colour", ["RED", "GREEN"], []),
    "named tuple of a dataclass": of_class("namedtuple", "Point", None, [1]),
    "named tuple too long": of_class("namedtuple", "Pair", None, [1, 2, 3]),
    "class of another module": [[0, "dataclass", ["subprocess", "Popen", []], []]],
    "class by a path": [[0, "dataclass", [MODULE, "Point.__init__.__globals__", []], []]],
    "codes of no category": [TEXTS, *NUMBERS, [0, "pandas.categories", False, [[1], [2]]]],
    "codes of no level": [
        TEXTS, *NUMBERS, [4, "list", None, [[2]]], [5, "list", None, [[1]]], [6, "list", None, [None]],
        [0, "pandas.multi", None, [[4], [5], [6]]],
    ],
    "sparse positions outside": [
        [1, "numpy.array", ["<i4", [1], "C", [0, 4]], []], [2, "numpy.array", ["<i4", [2], "C", [0, 8]], []],
        [0, "scipy.sparse", ["csr_array", [1, 2]], [[1], [1], [2]]],
    ],
    "series longer than its index": [NUMBERS[0], [2, "pandas.range", [0, 9, 1], [None]],
                                     [3, "dict", None, []], [0, "pandas.series", True, [[2], None, [3], [1]]]],
    "arrow texts outside": [[0, "pyarrow.array", ["string", 1, [None, [0, 8], [0, 2]]], []]],
    "arrow numbers too few": [[0, "pyarrow.array", ["int64", 99, [None, [0, 16]]], []]],
    "arrow of negative length": [[0, "pyarrow.array", ["int64", -1, [None, [0, 16]]], []]],
    "arrow list without items": [[0, "pyarrow.array", [["list", ["i", "int8", True, None]], 1, [None, [0, 8]]], []]],
    "arrow extension": [[0, "pyarrow.array", [["extension", "pickled"], 1, [None]], []]],
    "polars dtype that is none": [[0, "polars.series", ["n", ["read_csv"]], [None, None]]],
    "image larger than its bytes": [EMPTY, [0, "PIL.image", ["RGB", [10**5, 10**5], [0, 16], None], [[1]]]],
    "image of no mode": [EMPTY, [0, "PIL.image", ["eval", [1, 1], [0, 1], None], [[1]]]],
}  # fmt: skip


@pytest.mark.parametrize("what", FORGED)
def test_forged_values_are_refused(tmp_path: Path, what: str) -> None:
    data = np.array([5, 100, 3, 1000], "<i4").tobytes()
    assert reason(forge(tmp_path, FORGED[what], data)).startswith("'x' can't come back: ")


def test_filling_a_dataclass_runs_none_of_its_code(tmp_path: Path) -> None:
    forge(tmp_path, of_class("dataclass", "Frozen", ["name"], ["never"]))
    assert read(tmp_path).values["x"].name == "never"


def chain(kind: str, length: int, *, uses: int) -> list[list[Any]]:
    nodes: list[list[Any]] = [[0, kind, None, [1]]]
    return nodes + [[number, kind, None, [[number - 1]] * uses] for number in range(1, length)]


def test_keys_that_take_for_ever_to_hash_are_refused(tmp_path: Path) -> None:
    nodes = [*chain("tuple", 60, uses=2), [60, "dict", None, [[59], 1]]]
    assert "its keys take too long to hash" in reason(forge(tmp_path, nodes))


def test_a_key_too_deep_for_the_stack_is_refused(tmp_path: Path) -> None:
    nodes = [*chain("tuple", 20_000, uses=1), [20_000, "frozenset", None, [[19_999]]]]
    assert "nested more than 1000 levels deep" in reason(forge(tmp_path, nodes))


def test_many_uses_of_one_value_take_no_memory(tmp_path: Path) -> None:
    back = read(forge(tmp_path, chain("list", 60, uses=2))).values["x"]
    assert back[0] is back[1]


def test_one_failure_keeps_no_other_value_from_coming(tmp_path: Path) -> None:
    write_values(tmp_path, plan_send(["a", "b", "c"], {"a": 1, "b": [2], "c": np.ones(3)}))
    (tmp_path / "1.json").write_bytes(b"{")
    (tmp_path / "report.json").write_bytes(b"{}")
    received = read_values(tmp_path, ["a", "b", "c"], namespace={})
    assert list(received.values) == ["a", "c"]
    assert list(received.failures) == ["b"]


@pytest.mark.parametrize("library", ["numpy", "polars"])
def test_a_library_is_not_imported_from_the_notebooks_folder(tmp_path: Path, library: str) -> None:
    value = {"numpy": np.ones(2), "polars": pl.Series([1])}[library]
    folder = tmp_path / "exchange"
    folder.mkdir()
    write_values(folder, plan_send(["x"], {"x": value}))
    (folder / "report.json").write_bytes(b"{}")
    (tmp_path / f"{library}.py").write_text("print('code of the container')")
    code = (
        "from pathlib import Path\nfrom jupyter_docker.exchange import read_values\n"
        "print(type(read_values(Path('exchange'), ['x'], namespace={}).values['x']).__module__.split('.')[0])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == f"{library}\n"


def test_arrow_extension_types_are_not_made(tmp_path: Path) -> None:
    class Recorder(pa.ExtensionType):  # type: ignore[misc]
        made = 0

        def __init__(self) -> None:
            super().__init__(pa.int64(), "tests.recorder")

        def __arrow_ext_serialize__(self) -> bytes:
            return b""

        @classmethod
        def __arrow_ext_deserialize__(cls, storage: Any, serialized: bytes) -> Any:
            Recorder.made += 1
            return cls()

    pa.register_extension_type(Recorder())
    try:
        metadata = [[b"ARROW:extension:name".hex(), b"tests.recorder".hex()], [b"ARROW:extension:metadata".hex(), ""]]
        forge(tmp_path, [[0, "pyarrow.schema", [[["a", "int64", True, metadata]], None], []]])
        assert read(tmp_path).values["x"].field("a").type == pa.int64()
    finally:
        pa.unregister_extension_type("tests.recorder")
    assert Recorder.made == 0


SMALL = {kind: VALUES[kind] for kind in VALUES if kind not in {"text", "bytes", "large array", "integers"}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 2**40) | st.floats() | st.sampled_from(["", "list", "|O", "<f8"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=5,
)  # fmt: skip


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return each (list or dict, key) in a JSON value."""
    keys = list(range(len(value))) if isinstance(value, list) else list(value) if isinstance(value, dict) else []
    return [(value, key) for key in keys] + [place for key in keys for place in places(value[key])]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), kind=st.sampled_from(sorted(SMALL)))
def test_no_change_of_a_true_document_raises(tmp_path: Path, data: st.DataObject, kind: str) -> None:
    (packed,) = plan_send(["x"], {"x": SMALL[kind]}).values.values()
    content = json.loads(json.dumps(packed.content))
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(places(content)))
        holder[key] = data.draw(JSON)
    with (tmp_path / "0.bin").open("wb", buffering=0) as file:
        packed.buffers.write(file)
    write_files(tmp_path, json.dumps(content).encode(), (tmp_path / "0.bin").read_bytes())
    received = read(tmp_path, limit=10**9)
    assert set(received.values) | set(received.failures) == {"x"}
