"""The card in a notebook's cell: what it shows, that everything in it is escaped, and how often it is updated."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from threading import Event as Flag
from typing import get_args

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbclient import NotebookClient

from jupyter_docker.display.html.card import MAX_HTML, render_card
from jupyter_docker.display.html.display import HtmlDisplay
from jupyter_docker.display.logtail import LogTail
from jupyter_docker.display.plain import render_plain
from jupyter_docker.display.state import DisplayState
from jupyter_docker.values.events import (
    Event,
    Failed,
    Finished,
    Log,
    Progress,
    StepFinished,
    StepName,
    StepStarted,
    Warned,
)

TAGS = {
    "style", "section", "header", "strong", "span", "ol", "ul", "li", "div", "progress", "details", "summary", "pre",
    "b", "code", "dl", "dt", "dd", "a", "footer",
}  # fmt: skip
ATTRIBUTES = {
    "class", "style", "role", "aria-label", "title", "data-status", "max", "value", "tabindex", "href", "target", "rel",
}  # fmt: skip

FREEZE: list[Event] = [
    StepStarted(step="freeze", title="Freezing requirements"),
    StepFinished(step="freeze", summary="24 packages pinned", seconds=0.7),
]
RUN: list[Event] = [StepStarted(step="run", title="Running"), Log(step="run", text="hello\n")]
FINISHED = Finished(summary="Finished: exit status 0", facts={"url": "http://127.0.0.1:8080", "log": "/tmp/run.log"})
FAILED = Failed(
    error="ScriptFailedError", message="It failed:\n  NaN", hint="See `df`.", exit_code=1, cell=7, line=3, facts={}
)


class Page(HTMLParser):
    """The elements of a page, in order, with the text right in each; fails where tags do not close as they open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], str]] = []
        self._open: list[int] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(len(self.elements))
        self.elements.append((tag, dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self._open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for index in self._open:
            tag, attributes, text = self.elements[index]
            self.elements[index] = (tag, attributes, text + data)

    def texts(self, tag: str, css_class: str = "") -> list[str]:
        return [text for name, attrs, text in self.elements if name == tag and css_class in (attrs.get("class") or "")]

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs, _ in self.elements if name == tag]


def reduce(*events: Event) -> tuple[DisplayState, dict[StepName, LogTail]]:
    state, logs = DisplayState(lambda: 0.0), dict[StepName, LogTail]()
    for event in events:
        state.apply(event)
        if isinstance(event, Log):
            logs.setdefault(event.step, LogTail()).feed(event.text, event.stream)
    return state, logs


def card(*events: Event, name: str = "penguins.ipynb") -> Page:
    return Page(render_card(name, *reduce(*events)))


def test_a_finished_step_shows_its_summary_and_time() -> None:
    page = card(*FREEZE)
    assert page.texts("strong") == ["penguins.ipynb"]
    assert page.texts("div", "jc-step") == ["✓ Freezing requirements 24 packages pinned 0.7 s"]
    assert page.attributes("section") == [{"class": "jp-Containerize", "data-status": "running"}]


def test_the_running_step_shows_its_items_with_real_progress_elements() -> None:
    page = card(
        StepStarted(step="build", title="Building the image"),
        Progress(step="build", item="1", label="FROM python", done=True, cached=True),
        Progress(step="build", item="2", label="pulling", current=5_000_000, total=20_000_000, unit="bytes"),
        Progress(step="build", item="3", label="RUN uv"),
        Log(step="build", text="Downloading numpy\n"),
    )
    assert page.texts("span", "jc-state") == ["Building the image"]
    assert page.texts("li", "jc-item") == ["pulling  25% · 5.0 MB of 20.0 MB", "RUN uv  "]
    assert page.attributes("progress") == [
        {"max": "1", "value": "0.250", "aria-label": "pulling"},
        {"max": "1", "aria-label": "RUN uv"},
    ]
    assert page.texts("div", "jc-latest") == ["Downloading numpy"]
    assert page.texts("summary") == ["Build log 1 line"]


def test_a_finished_command_shows_its_facts_and_links() -> None:
    page = card(*RUN, StepFinished(step="run", summary="", seconds=1), FINISHED)
    assert page.texts("div", "jc-outcome") == ["Finished: exit status 0"]
    assert page.texts("dt") == ["url", "log"]
    assert page.texts("dd") == ["http://127.0.0.1:8080", "/tmp/run.log"]
    assert [attrs["href"] for attrs in page.attributes("a")] == ["http://127.0.0.1:8080"]
    assert page.texts("pre") == ["\nhello\n"]


@pytest.mark.parametrize("value", ["javascript:alert(1)", "http:evil", "ftp://x/y", "http://a b", "http://[", "data:x"])
def test_only_web_addresses_become_links(value: str) -> None:
    page = card(Finished(summary="", facts={"url": value}))
    assert page.attributes("a") == []
    assert page.texts("dd") == [value]


def test_a_failure_shows_the_place_the_tail_and_the_hint() -> None:
    page = card(*RUN, FAILED)
    assert page.attributes("section")[0]["data-status"] == "failed"
    assert page.texts("span", "jc-reason") == ["It failed:"]
    assert page.texts("span", "jc-place") == ["cell 7, line 3"]
    assert page.texts("pre") == ["\nhello\n", "\nNaN\n"]
    assert page.texts("div", "jc-hint") == ["Hint: See df."]
    assert page.texts("span", "jc-failed") == ["✗", "✗"]


def test_an_interrupt_is_no_failure() -> None:
    interrupted = Failed(error="InterruptedRunError", message="Interrupted.", hint="", exit_code=130, facts={})
    assert card(*RUN, interrupted).texts("span", "jc-state") == ["Stopped"]


def test_a_capped_log_says_where_the_whole_one_is() -> None:
    page = card(Log(step="run", text="".join(f"{n}\n" for n in range(98_400))), FINISHED)
    assert page.texts("div", "jc-earlier") == ["… 98,000 earlier lines: whole log in /tmp/run.log"]
    assert page.texts("pre")[0].splitlines()[1:] == [str(n) for n in range(98_000, 98_400)]


TEXTS = st.text() | st.sampled_from(["</pre><script>alert(1)</script>", '"><img src=x onerror=y>', "`</code>`", "'&<"])
STEPS = st.sampled_from(get_args(StepName))
FACTS = st.dictionaries(TEXTS, TEXTS | TEXTS.map("http://{}".format), max_size=4)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(StepStarted, step=STEPS, title=TEXTS),
    st.builds(StepFinished, step=STEPS, summary=TEXTS, seconds=st.floats(0, 1e9)),
    st.builds(Progress, step=STEPS, item=TEXTS, label=TEXTS, current=st.none() | st.integers(), total=st.integers(0)),
    st.builds(Log, step=STEPS, text=TEXTS, stream=st.sampled_from(["stdout", "stderr"])),
    st.builds(Warned, step=STEPS, message=TEXTS, hint=TEXTS),
    st.builds(Finished, summary=TEXTS, facts=FACTS),
    st.builds(Failed, error=TEXTS, message=TEXTS, hint=TEXTS, exit_code=st.integers(), facts=FACTS),
)


@given(st.lists(EVENTS, max_size=12), st.text())
def test_no_text_becomes_markup(events: list[Event], name: str) -> None:
    page = card(*events, name=name)
    assert {tag for tag, _, _ in page.elements} <= TAGS
    assert {key for _, attributes, _ in page.elements for key in attributes} <= ATTRIBUTES
    assert all((attributes["href"] or "").startswith("http://") for attributes in page.attributes("a"))
    assert all(attributes.keys() == {"class"} for attributes in page.attributes("pre") if attributes)
    assert len(page.texts("section")) == 1


@settings(max_examples=20)
@given(st.lists(EVENTS, max_size=12), st.text())
def test_the_text_form_takes_any_event(events: list[Event], name: str) -> None:
    text = render_plain(name, *reduce(*events))
    assert not any(ord(character) < 32 and character not in "\n\t" for character in text)


def test_the_size_of_an_update_is_bounded() -> None:
    long, colorful = "&" * 20_000, "".join(f"\x1b[38;2;{n};0;0m&" for n in range(256))
    events: list[Event] = [Warned(step="build", message=long, hint=long)] * 60
    for number in range(60):
        events.append(StepStarted(step="build", title=long))
        events.extend(Progress(step="build", item=f"{number} {n}", label=long) for n in range(20))
        events.append(StepFinished(step="build", summary=long, seconds=1))
    events.append(StepStarted(step="run", title=long))
    for step in get_args(StepName):
        events.extend([Log(step=step, text=f"{colorful}\n{long}\n")] * 9)
    facts = {f"{number}{long}": long for number in range(99)}
    failed = Failed(error="x", message=f"{long}\n" * 9, hint=long, exit_code=1, facts=facts)
    for all_events in (events, [*events, failed]):
        state, logs = reduce(*all_events)
        assert len(render_card(long, state, logs)) <= MAX_HTML
        assert len(render_plain(long, state, logs)) <= MAX_HTML / 2


def test_the_text_form_reads_like_a_terminal() -> None:
    assert render_plain("penguins.ipynb", *reduce(*FREEZE, *RUN, FAILED)).splitlines() == [
        "penguins.ipynb: failed, 0.0 s",
        "✓ Freezing requirements  24 packages pinned  0.7 s",
        "✗ Running  exit status 1  0.0 s",
        "",
        "hello",
        "",
        "error: It failed: (cell 7, line 3)",
        "    NaN",
        "hint: See `df`.",
    ]


class Outputs:
    """Takes what is published; `seen` is set when an update has the text that is waited for."""

    def __init__(self, awaited: str) -> None:
        self.bundles: list[Mapping[str, str]] = []
        self.seen = Flag()
        self._awaited = awaited

    def __call__(self, bundle: Mapping[str, str]) -> None:
        self.bundles.append(bundle)
        if self._awaited in bundle["text/plain"]:
            self.seen.set()


def test_a_last_event_is_shown_although_nothing_follows() -> None:
    outputs = Outputs("line 9999")
    with HtmlDisplay("nb.ipynb", publish=outputs) as emit:
        for number in range(10_000):
            emit(Log(step="run", text=f"line {number}\n"))
        assert outputs.seen.wait(30)
        assert len(outputs.bundles) < 1000
    assert 'data-status="done"' in outputs.bundles[-1]["text/html"]


def test_a_command_without_events_shows_no_card() -> None:
    outputs = Outputs("")
    with HtmlDisplay("nb.ipynb", publish=outputs):
        pass
    assert outputs.bundles == []


def test_the_final_state_is_always_published() -> None:
    outputs = Outputs("")
    with HtmlDisplay("nb.ipynb", publish=outputs) as emit:
        emit(FINISHED)
    assert 'data-status="done"' in outputs.bundles[-1]["text/html"]
    assert set(outputs.bundles[-1]) == {"text/html", "text/plain"}


def test_an_error_that_leaves_the_block_shows_as_stopped() -> None:
    outputs = Outputs("")

    def interrupted() -> None:
        with HtmlDisplay("nb.ipynb", publish=outputs) as emit:
            emit(RUN[0])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert "✗" not in outputs.bundles[-1]["text/plain"]
    assert "■ Running" in outputs.bundles[-1]["text/plain"]


CELL = """
from jupyter_docker.display.html.display import HtmlDisplay
from jupyter_docker.values.events import Finished, Log
import time
with HtmlDisplay("nb.ipynb") as emit:
    for number in range(6):
        emit(Log(step="run", text=f"tick {number}\\n"))
        time.sleep(0.1)
    emit(Finished(summary="All went well", facts={}))
"""


def test_a_real_kernel_keeps_one_output_up_to_date() -> None:
    cells = [nbformat.v4.new_code_cell(CELL)]  # type: ignore[no-untyped-call]
    notebook = nbformat.v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
    (output,) = notebook.cells[0].outputs
    assert output.output_type == "display_data"
    lines = output.data["text/plain"].splitlines()
    assert lines[-1] == "All went well"
    assert [line for line in lines if "tick" in line] == [f"tick {number}" for number in range(6)]
    assert Page(output.data["text/html"]).texts("div", "jc-outcome") == ["All went well"]
