"""Messages of a container's kernel, honest and not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.kernel.sessions import messages
from jupyter_docker.kernel.sessions.messages import (
    Began,
    CellError,
    ClearOutput,
    Comm,
    Display,
    Idle,
    InputRequest,
    Reply,
    Result,
    StreamText,
    read_message,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ["name", "text", "data", "metadata", "transient", "display_id", "wait", "ename", "evalue", "traceback",
          "prompt", "password", "execution_state", "status", "payload", "source"]  # fmt: skip
CONTENT = st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6) | JSON
BUNDLE = {"text/plain": "x", "image/png": "aGk="}


@pytest.mark.parametrize(
    ("kind", "content", "message"),
    [
        ("stream", {"name": "stderr", "text": "a\r"}, StreamText(name="stderr", text="a\r")),
        ("display_data", {"data": BUNDLE, "metadata": {}}, Display(data=BUNDLE, metadata={})),
        (
            "update_display_data",
            {"data": BUNDLE, "metadata": {"a": 1}, "transient": {"display_id": "d"}},
            Display(data=BUNDLE, metadata={"a": 1}, display_id="d", update=True),
        ),
        ("execute_result", {"data": {"text/plain": ["a", "b"]}}, Result(data={"text/plain": "ab"}, metadata={})),
        ("clear_output", {"wait": True}, ClearOutput(wait=True)),
        ("clear_output", {"wait": "yes"}, ClearOutput(wait=False)),
        (
            "error",
            {"ename": "E", "evalue": "v", "traceback": ["a", 1, "b"]},
            CellError(ename="E", evalue="v", traceback=("a", "b")),
        ),
        ("input_request", {"prompt": "?", "password": True}, InputRequest(prompt="?", password=True)),
        ("status", {"execution_state": "idle"}, Idle()),
        ("execute_input", {"code": "1"}, Began()),
        ("comm_open", {"comm_id": "x"}, Comm()),
        ("execute_reply", {"status": "ok"}, Reply(status="ok")),
        (
            "execute_reply",
            {
                "status": "ok",
                "payload": [{"source": "page", "data": BUNDLE}, {"source": "set_next_input", "text": "x"}],
            },
            Reply(status="ok", pages=(BUNDLE,)),
        ),
        ("execute_reply", {"status": "error"}, Reply(status="error")),
        ("execute_reply", {"status": "abort"}, Reply(status="aborted")),
    ],
)
def test_the_protocols_messages_are_read(kind: str, content: dict[str, Any], message: object) -> None:
    assert read_message(kind, content) == message


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("stream", {"name": "stdlog", "text": "x"}),
        ("stream", {"name": "stdout", "text": 1}),
        ("stream", {"name": ["stdout"], "text": "x"}),
        ("display_data", {"data": ["text/plain"]}),
        ("display_data", {"data": {"no type": "x"}}),
        ("display_data", {"data": BUNDLE, "transient": {"display_id": "x" * 1000}}),
        ("display_data", {"data": {f"text/{n}": "" for n in range(100)}}),
        ("update_display_data", {"data": BUNDLE}),
        ("execute_result", {}),
        ("error", {"ename": "E"}),
        ("input_request", {"prompt": ["?"]}),
        ("status", {"execution_state": "busy"}),
        ("execute_reply", {"status": "well"}),
        ("execute_reply", {"status": ["aborted"]}),
        ("shutdown_reply", {"status": "ok"}),
        (["stream"], {"name": "stdout", "text": "x"}),
        ("stream", "text"),
    ],
)
def test_what_is_not_as_it_should_be_is_no_message(kind: object, content: object) -> None:
    assert read_message(kind, content) is None


@given(st.sampled_from(sorted(messages._READERS)) | JSON, CONTENT)
def test_any_json_is_read_or_refused(kind: object, content: object) -> None:
    message = read_message(kind, content)
    if isinstance(message, Display | Result):
        assert all(isinstance(value, str) for name, value in message.data.items() if not name.endswith("json"))
    if isinstance(message, CellError):
        assert all(isinstance(line, str) for line in message.traceback)


def test_what_is_nested_too_deeply_to_be_passed_on_is_refused() -> None:
    deep: Any = "x"
    for _ in range(200):
        deep = [deep]
    assert read_message("display_data", {"data": {"application/json": deep}}) is None
    assert read_message("display_data", {"data": BUNDLE, "metadata": {"a": deep}}) is None


def test_an_error_is_cut_to_what_can_be_shown() -> None:
    content = {"ename": "E" * 1000, "evalue": "v" * 10**6, "traceback": ["t" * 10**6] * 10_000}
    error = read_message("error", content)
    assert isinstance(error, CellError)
    assert (len(error.ename), len(error.evalue), len(error.traceback), len(error.traceback[0])) == (
        200, 100_000, 2000, 100_000,
    )  # fmt: skip
