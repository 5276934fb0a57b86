"""What a program asks for becomes words that mean just that, whatever is in them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_docker.commands.options.asked import option_arguments
from jupyter_docker.commands.options.parser import build_parser
from jupyter_docker.values.errors import UsageError

HOSTILE = ["-v /:/host", "--volume=/:/host", "--privileged", "-", "a\n--user=0", "=", "é", " ", "--name=x"]
WORDS = st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1).filter(lambda text: text != "--")
LISTS = {"apt": "apt", "mounts": "volume", "env": "env", "ports": "publish", "requirements": "with_", "tag": "tag"}


def parsed(asked: dict[str, Any], verb: str = "run") -> dict[str, Any]:
    return vars(build_parser().read([verb, "/a.ipynb", *option_arguments(asked, verb), "--json"]))


def changed(asked: dict[str, Any], verb: str = "run") -> dict[str, Any]:
    """Return what ``asked`` changes of what is parsed without it."""
    before = parsed({}, verb)
    return {name: value for name, value in parsed(asked, verb).items() if value != before[name]}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_value_is_never_an_option(name: str, text: str) -> None:
    asked = {name: text if name == "tag" else [text, text]}
    assert changed(asked) == {LISTS[name]: [text] if name == "tag" else [text, text]}


@settings(deadline=None)
@given(WORDS)
def test_any_text_stays_one_value(text: str) -> None:
    asked = {"env": [text], "base": text, "memory": text}
    assert changed(asked) == {"env": [text], "base": text, "memory": text}


@pytest.mark.parametrize("text", ["a\0b", "\0", "--", "\ud800", "x" * 100_001])
def test_what_no_command_can_be_given_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="The option 'base'"):
        option_arguments({"base": text}, "run")


def test_every_option_has_its_word() -> None:
    asked = {
        "base": "python:3.12", "data": "none", "memory": "1g", "cpus": 1.5, "gpus": "all", "network": "none",
        "platform": "linux/arm64", "kernel": "conda", "engine": "tcp://engine:1", "parameters": ["n=1"],
        "mode": "notebook", "detach": True, "no_cache": True,
    }  # fmt: skip
    assert changed(asked) == {
        "base": "python:3.12", "data": "none", "memory": "1g", "cpus": 1.5, "gpus": "all", "network": "none",
        "platform": "linux/arm64", "kernel": "conda", "engine": "tcp://engine:1", "parameter": ["n=1"],
        "mode": "notebook", "detach": True, "cache": False,
    }  # fmt: skip
    assert changed({"verify": True}, "build") == {"verify": True}


def test_what_is_off_or_empty_says_nothing() -> None:
    assert changed({"detach": False, "no_cache": False, "base": "", "apt": [], "memory": ""}) == {}


@pytest.mark.parametrize("verb", ["build", "export"])
def test_what_concerns_a_container_is_left_out_where_none_is_run(verb: str) -> None:
    asked = {"mounts": ["./a:a"], "env": ["A=1"], "ports": ["80"], "memory": "1g", "cpus": 1, "gpus": "all",
             "network": "none", "data": "none", "mode": "notebook", "detach": True}  # fmt: skip
    assert option_arguments(asked, verb) == []


def test_what_a_verb_can_not_do_is_an_error_of_the_grammar() -> None:
    with pytest.raises(UsageError, match="--verify"):
        parsed({"verify": True}, "run")
