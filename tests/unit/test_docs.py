"""The documentation says what the program does."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_docker.commands.options.parser import build_parser
from jupyter_docker.values import errors

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands() -> Iterator[str]:
    for page in PAGES:
        for block in re.findall(r"```\w*\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            yield from re.findall(r"^(?:- run: |\$ )?((?:jupyter |%)containerize .*)$", block, re.MULTILINE)


@pytest.mark.parametrize("command", sorted(set(commands())))
def test_every_command_shown_is_one_that_the_grammar_has(command: str) -> None:
    words = shlex.split(command.partition("containerize")[2], comments=True)
    parsed = build_parser(in_notebook=command.startswith("%")).read(words)
    assert parsed.verb == words[0]


def test_the_reference_has_every_option() -> None:
    text = (ROOT / "docs/reference.md").read_text(encoding="utf-8")
    verbs = build_parser()._subparsers
    assert verbs is not None
    for verb in ("run", "push", "export"):
        parser = (verbs._group_actions[0].choices or {})[verb]  # type: ignore[index]
        options = [option for action in parser._actions for option in action.option_strings if option.startswith("--")]
        for option in options:
            assert option in text or option in {"--help", "--env", "--publish", "--detach", "--parameter"}, option


def test_the_reference_has_every_exit_status() -> None:
    text = (ROOT / "docs/reference.md").read_text(encoding="utf-8")
    for name in errors.__all__:
        status = getattr(getattr(errors, name), "exit_code", 1)
        assert status == 1 or re.search(rf"^\|[ \d,]*\b{status}\b.*\b{name}\b", text, re.MULTILINE), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?://)([^)#\s]+)[^)]*\)", text):
        assert (page.parent / target).exists(), target
