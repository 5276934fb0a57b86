"""The one JSON form of events, against the examples that the TypeScript tests read too."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_docker.server.schema import document, validator
from jupyter_docker.values.events import (
    EVENT_TYPES,
    Event,
    Failed,
    Log,
    StepFinished,
    StepName,
    StepStarted,
    from_json,
    step,
    to_json,
)

EXAMPLES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "contract" / "events.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example['seq']}-{example['type']}")
def test_an_example_comes_back_as_it_was(example: dict[str, Any]) -> None:
    event = from_json(example)
    assert type(event).__name__ == example["type"]
    assert json.loads(json.dumps(to_json(event, example["seq"]))) == example


def test_the_examples_have_every_type_with_every_field() -> None:
    assert {example["type"] for example in EXAMPLES} == set(EVENT_TYPES)
    for example in EXAMPLES:
        names = {field.name for field in fields(EVENT_TYPES[example["type"]])}
        assert set(example) == {"v", "seq", "type"} | names


def test_the_description_of_the_servers_api_has_the_same_fields_and_steps() -> None:
    schemas = document()["components"]["schemas"]
    for name, event in EVENT_TYPES.items():
        assert set(schemas[name]["properties"]) == {"v", "seq", "type", *(field.name for field in fields(event))}
    assert {each["$ref"].rpartition("/")[2] for each in schemas["Event"]["oneOf"]} == set(EVENT_TYPES)
    assert schemas["StepName"]["enum"] == list(get_args(StepName))
    for example in EXAMPLES:
        validator("Event").validate(example)


def test_the_examples_are_numbered_from_one() -> None:
    assert [example["seq"] for example in EXAMPLES] == list(range(1, len(EXAMPLES) + 1))


@given(text=st.text(), name=st.sampled_from(get_args(StepName)), stream=st.sampled_from(["stdout", "stderr"]))
def test_any_text_survives_json(text: str, name: StepName, stream: Any) -> None:
    event = Log(step=name, text=text, stream=stream)
    assert from_json(json.loads(json.dumps(to_json(event, 1)))) == event


def test_json_of_another_type_is_refused() -> None:
    with pytest.raises(KeyError, match="Exploded"):
        from_json({"v": 1, "seq": 1, "type": "Exploded"})
    with pytest.raises(TypeError, match="colour"):
        from_json({"v": 1, "seq": 1, "type": "StepStarted", "step": "run", "title": "", "colour": "red"})


def test_a_step_says_what_came_of_it() -> None:
    events: list[Event] = []
    with step(events.append, "freeze", "Freezing requirements") as outcome:
        outcome.summary = "24 packages pinned"
    started, finished = events
    assert started == StepStarted(step="freeze", title="Freezing requirements")
    assert isinstance(finished, StepFinished)
    assert (finished.step, finished.summary) == ("freeze", "24 packages pinned")
    assert finished.seconds >= 0


def test_a_step_that_raises_is_not_finished() -> None:
    events: list[Event] = []
    with pytest.raises(OSError, match="disk"), step(events.append, "stage", "Staging"):
        raise OSError("disk")
    assert events == [StepStarted(step="stage", title="Staging")]


def test_a_failure_keeps_the_place_in_the_notebook() -> None:
    failed = next(event for event in map(from_json, EXAMPLES) if isinstance(event, Failed))
    assert (failed.cell, failed.line) == (7, 3)
