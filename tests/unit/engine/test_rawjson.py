"""buildx's progress lines as events: whatever is fed, no text is lost and nothing is raised."""

from __future__ import annotations

import base64
import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.engine.building.rawjson import ProgressReader, label
from jupyter_docker.values.events import Event, Log, Progress, Warned

NAME = "[stage-1 2/3] RUN --mount=type=cache,target=/root/.cache pip install six"


def read(*lines: object) -> tuple[ProgressReader, list[Event]]:
    events: list[Event] = []
    reader = ProgressReader(events.append)
    for line in lines:
        reader.feed(line if isinstance(line, str) else json.dumps(line))
    return reader, events


def log(data: bytes, *, vertex: str = "v", stream: int = 1) -> dict[str, object]:
    return {"logs": [{"vertex": vertex, "stream": stream, "data": base64.b64encode(data).decode()}]}


def vertex(**fields: object) -> dict[str, object]:
    return {"vertexes": [{"digest": "v", "name": NAME, **fields}]}


def test_a_vertex_that_starts_and_completes_twice_is_done_when_it_is_at_last() -> None:
    _, events = read(
        vertex(), vertex(started="t0", completed="t1"), vertex(started="t2"), vertex(started="t2", completed="t3")
    )
    assert events == [
        Progress(step="build", item="v", label="[2/3] RUN pip install six", done=done) for done in (True, False, True)
    ]


def test_a_cached_vertex_says_so() -> None:
    _, events = read(vertex(started="t0", completed="t1", cached=True))
    assert events == [Progress(step="build", item="v", label="[2/3] RUN pip install six", done=True, cached=True)]


def test_a_transfer_has_bytes() -> None:
    digest = "sha256:" + "ab" * 32
    status = {"id": digest, "vertex": "v", "name": "downloading", "current": 10, "total": 40, "timestamp": "t"}
    _, events = read({"statuses": [status, {**status, "current": 40, "completed": "t1"}]})
    assert events == [
        Progress(
            step="build", item=f"v {digest}", label="downloading abababababab", current=current, total=40, unit="bytes",
            done=done,
        )
        for current, done in ((10, False), (40, True))
    ]  # fmt: skip


def test_a_transfer_without_bytes_is_only_begun_and_done() -> None:
    _, events = read({"statuses": [{"id": "exporting layers", "vertex": "v", "current": 0, "completed": "t"}]})
    assert events == [Progress(step="build", item="v exporting layers", label="exporting layers", done=True)]


def test_a_warning_is_decoded() -> None:
    def encode(text: str) -> str:
        return base64.b64encode(text.encode()).decode()

    _, events = read(
        {
            "warnings": [
                {"vertex": "v", "level": 1, "short": encode("Bad (line 1)"), "detail": [encode("a"), encode("b")]}
            ]
        }
    )
    assert events == [Warned(step="build", message="Bad (line 1)", hint="a b")]


def test_the_step_that_failed_is_not_one_that_was_cancelled_with_it() -> None:
    cancelled = {"digest": "a", "name": "[a 1/1] RUN sleep 9", "error": "process … exit code: 137: context canceled"}
    failed = {"digest": "b", "name": "[b 1/1] RUN false", "error": "process … exit code: 1"}
    reader, _ = read({"vertexes": [cancelled]}, log(b"one\ntwo\n", vertex="b"), {"vertexes": [failed]})
    assert reader.failed is not None
    assert (reader.failed.name, reader.failed.log) == ("[b 1/1] RUN false", "one\ntwo")


def test_the_reason_is_the_last_error_line() -> None:
    tail = ["Dockerfile:2", "--------------------", "   2 | >>> FOO", "ERROR: failed to build: failed to solve: no FOO"]
    reader, events = read(*tail)
    assert reader.error == "no FOO"
    assert list(reader.plain) == tail
    assert events == []


def test_a_carriage_return_stays_in_the_log_and_not_in_the_report() -> None:
    reader, events = read(log(b"10%\r20%\r\nend\r\n"), vertex(error="exit code: 1"))
    assert [event.text for event in events if isinstance(event, Log)] == ["10%\r20%\r\nend\r\n"]
    assert reader.failed is not None
    assert reader.failed.log == "20%\nend"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (NAME, "[2/3] RUN pip install six"),
        ("[uv 2/2] RUN pip install uv", "[uv 2/2] RUN pip install uv"),
        ("[internal] load build context", "load build context"),
        ("[1/4] FROM docker.io/library/python:3.11-slim", "[1/4] FROM docker.io/library/python:3.11-slim"),
        ("[stage-0 4/9] COPY --link --chown=1:1 app/ ./", "[4/9] COPY app/ ./"),
        ("exporting to image", "exporting to image"),
    ],
)
def test_label(name: str, shown: str) -> None:
    assert label(name) == shown


@given(text=st.text(), cuts=st.lists(st.integers(0, 400)), stream=st.sampled_from([1, 2]))
def test_a_log_in_any_chunks_is_the_same_text(text: str, cuts: list[int], stream: int) -> None:
    data = text.encode()
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    _, events = read(*(log(data[start:end], stream=stream) for start, end in pairwise(edges)))
    logs = [event for event in events if isinstance(event, Log)]
    assert "".join(event.text for event in logs) == text
    assert {event.stream for event in logs} <= {"stderr" if stream == 2 else "stdout"}


@given(st.text())
def test_a_line_that_is_no_status_is_kept_as_it_is(line: str) -> None:
    reader, events = read(line)
    try:
        is_object = isinstance(json.loads(line), dict)
    except ValueError:
        is_object = False
    assert list(reader.plain) == ([] if is_object else [line])
    assert events == []


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(
    ["digest", "name", "started", "completed", "cached", "error", "id", "vertex", "current", "total", "stream", "data",
     "short", "detail", "url"]
)  # fmt: skip


@given(
    st.sampled_from(["vertexes", "statuses", "logs", "warnings"]), st.lists(st.dictionaries(fields, values) | values)
)
def test_a_status_of_another_shape_does_not_stop_the_build(key: str, items: object) -> None:
    line = json.dumps({key: items})
    reader, events = read(line, log(b"still read"))
    assert events[-1] == Log(step="build", text="still read")
    assert list(reader.plain) == []
