"""A command whose words come through its stdin: they are in no list of processes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from jupyter_docker.server.jobs.request import with_values
from jupyter_docker.server.piped import arguments, handed


def outcome(given: bytes, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments(words)]
    return subprocess.run(command, input=given.decode(), capture_output=True, text=True, check=False)


def test_only_what_has_no_value_is_an_argument() -> None:
    words = ["run", "a b.ipynb", "--env=TOKEN=secret", "--parameter=key=secret", "--loaded=/x", "--json"]
    assert arguments(words)[3:] == ["run", "a b.ipynb", "--json"]
    assert b"secret" in handed(words, tied=False)


def test_it_does_what_it_is_told() -> None:
    done = outcome(handed(["--version"], tied=False), "nothing of this")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


def test_words_of_any_length_and_letters_arrive() -> None:
    done = outcome(handed(["x" * 1_000_000, "\n", "ä"], tied=False))
    assert done.returncode != 0
    assert "x" * 1000 in done.stderr


@pytest.mark.parametrize("given", [b"", b'{"words": ["--version"]', handed(["--version"], tied=False)[:-1]])
def test_a_server_that_ends_before_it_has_said_all(given: bytes) -> None:
    done = outcome(given)
    assert done.returncode == 1
    assert done.stderr.startswith("error: The server ended before")
    assert done.stdout == ""


def test_values_take_the_place_of_their_names() -> None:
    words = ["run", "a.ipynb", "--env=A", "--env=B=1", "--env=C", "--json"]
    assert with_values(words, {"A": "x=y", "C": ""})[2:5] == ["--env=A=x=y", "--env=B=1", "--env=C="]
