"""What a relay passes on, in which order, and where it stops."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jupyter_docker.kernel.sessions import relay
from jupyter_docker.kernel.sessions.messages import (
    CellError,
    ClearOutput,
    Comm,
    Display,
    InputRequest,
    Message,
    Result,
    StreamText,
)
from jupyter_docker.kernel.sessions.relay import Overflow, Relay

PLAIN = {"text/plain": "x"}
FIRST = CellError(ename="A", evalue="a", traceback=("a",))
LAST = CellError(ename="B", evalue="b", traceback=("b",))


class RecordingOutlet:
    """Keeps what it is asked to show."""

    takes_input = True

    def __init__(self) -> None:
        self.shown: list[tuple[Any, ...]] = []

    def stream(self, name: str, text: str) -> None:
        self.shown.append(("stream", name, text))

    def display(self, data: Any, metadata: Any, *, display_id: str, update: bool) -> None:
        self.shown.append(("display", dict(data), dict(metadata), display_id, update))

    def result(self, data: Any, metadata: Any) -> None:
        self.shown.append(("result", dict(data), dict(metadata)))

    def error(self, error: CellError) -> None:
        self.shown.append(("error", error))

    def clear(self, *, wait: bool) -> None:
        self.shown.append(("clear", wait))

    def page(self, data: Any) -> None:
        self.shown.append(("page", dict(data)))

    def ask(self, prompt: str, *, password: bool) -> str:
        self.shown.append(("ask", prompt, password))
        return "typed"

    def flush(self) -> None:
        self.shown.append(("flush",))

    def note(self, text: str) -> None:
        self.shown.append(("note", text))


@pytest.fixture
def outlet() -> RecordingOutlet:
    return RecordingOutlet()


def relayed(outlet: RecordingOutlet, folder: Path, *sent: Message, trust: bool = False, said: Any = None) -> Relay:
    said = set() if said is None else said
    relay = Relay(outlet, Overflow(folder / "kept", "default"), scope="S", warned=said, trust=trust)
    for message in sent:
        relay(message)
    return relay


def test_outputs_go_through_in_their_order(outlet: RecordingOutlet, tmp_path: Path) -> None:
    relayed(
        outlet,
        tmp_path,
        StreamText(name="stdout", text="a"),
        Display(data=PLAIN, metadata={"m": 1}),
        Display(data=PLAIN, metadata={}, display_id="d"),
        ClearOutput(wait=True),
        Display(data=PLAIN, metadata={}, display_id="d", update=True),
        Result(data=PLAIN, metadata={}),
    ).close(None)
    assert outlet.shown == [
        ("stream", "stdout", "a"),
        ("display", PLAIN, {"m": 1}, "", False),
        ("display", PLAIN, {}, "S-d", False),
        ("clear", True),
        ("display", PLAIN, {}, "S-d", True),
        ("result", PLAIN, {}),
    ]


def test_a_question_is_asked_after_what_was_printed(outlet: RecordingOutlet, tmp_path: Path) -> None:
    assert relayed(outlet, tmp_path).answer(InputRequest(prompt="name ", password=True)) == "typed"
    assert outlet.shown == [("flush",), ("ask", "name ", True)]


def test_only_the_error_that_ends_the_cell_is_left_to_the_caller(outlet: RecordingOutlet, tmp_path: Path) -> None:
    relayed(outlet, tmp_path, FIRST, LAST).close(LAST)
    assert outlet.shown == [("error", FIRST)]
    relayed(outlet, tmp_path, LAST).close(None)
    assert outlet.shown == [("error", FIRST), ("error", LAST)]


def test_an_error_that_did_not_end_the_cell_is_shown_before_what_was_printed_later(
    outlet: RecordingOutlet, tmp_path: Path
) -> None:
    text = StreamText(name="stdout", text="a")
    relayed(outlet, tmp_path, FIRST, text, LAST, Display(data=PLAIN, metadata={})).close(LAST)
    assert outlet.shown == [("error", FIRST), ("stream", "stdout", "a"), ("display", PLAIN, {}, "", False)]


def test_widgets_and_set_apart_outputs_are_explained_once_a_session(outlet: RecordingOutlet, tmp_path: Path) -> None:
    script, widget = {"text/html": "<script>"}, {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "bar"}
    said: set[str] = set()
    for _ in range(2):
        sent = [Display(data=each, metadata={}) for each in (script, widget, {"application/javascript": "x"})]
        relayed(outlet, tmp_path, Comm(), *sent, said=said)
    notes = [each[1] for each in outlet.shown if each[0] == "note"]
    assert len(notes) == 3
    assert notes[0].startswith("Widgets need the notebook's own kernel")
    assert [each[1] for each in outlet.shown if each[0] == "display"][1] == {"text/plain": "bar"}


def test_trust_shows_pages_as_they_are(outlet: RecordingOutlet, tmp_path: Path) -> None:
    script = {"text/html": "<script>", "application/javascript": "x"}
    relayed(outlet, tmp_path, Display(data=script, metadata={}), trust=True)
    assert outlet.shown == [("display", script, {}, "", False)]


def test_the_rest_of_a_flood_is_in_a_file_of_limited_size(
    outlet: RecordingOutlet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "MAX_TEXT", 10)
    monkeypatch.setattr(relay, "MAX_OUTPUTS", 2)
    monkeypatch.setattr(relay, "_MAX_FILE", 20)
    text = StreamText(name="stdout", text="123456\n")
    picture = Display(data={"text/plain": "a plot", "image/png": "aGk="}, metadata={})
    relayed(outlet, tmp_path, *[text] * 3, *[picture] * 3, *[text] * 100).close(None)
    (kept,) = (tmp_path / "kept").iterdir()
    assert kept.read_text() == "123456\n123456\na plot\n"
    assert [each[0] for each in outlet.shown] == ["stream", "note", "display", "display"]
    assert outlet.shown[1][1].endswith(str(kept))


def test_a_file_that_cannot_be_made_loses_no_more_than_the_rest(
    outlet: RecordingOutlet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "MAX_TEXT", 3)
    (tmp_path / "kept").write_text("a file")
    relayed(outlet, tmp_path, *[StreamText(name="stdout", text="ab")] * 4).close(None)
    assert [each[0] for each in outlet.shown] == ["stream", "note"]
