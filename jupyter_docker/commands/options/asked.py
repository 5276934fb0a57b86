"""Options by name and value, as a program or the panel gives them, as arguments of the command."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from jupyter_docker.commands.options.asking import RUNNING_VERBS
from jupyter_docker.values import UsageError

_OF_THE_CONTAINER = {
    "mounts": "--volume",
    "env": "--env",
    "ports": "--publish",
    "memory": "--memory",
    "cpus": "--cpus",
    "gpus": "--gpus",
    "network": "--network",
}
_OPTIONS = {
    **_OF_THE_CONTAINER,
    "base": "--base",
    "apt": "--apt",
    "no_apt": "--no-apt",
    "requirements": "--with",
    "data": "--data",
    "platform": "--platform",
    "kernel": "--kernel",
    "engine": "--engine",
    "parameters": "--parameter",
    "mode": "--mode",
    "repeat": "--repeat",
    "allow": "--allow",
    "report": "--report",
    "badge": "--badge",
    "tag": "--tag",
    "allow_mismatch": "--allow-mismatch",
    "allow_build": "--allow-build",
    "grid": "--grid",
    "table": "--table",
    "outputs": "--output",
    "cluster": "--on",
    "at_once": "--at-once",
    "retries": "--retries",
}
_FLAGS = {
    "zip": "--zip",
    "pilot": "--pilot",
    "detach": "--detach",
    "no_cache": "--no-cache",
    "with_report": "--report",
    "verify": "--verify",
}
_RUN_OPTIONS = {*_OF_THE_CONTAINER.values()} | {"--data", "--mode", "--detach"}
_NOT_OPTIONS = {"plan": {"verify"}, "compare": {"mode", "detach", "verify"}}
_MAX_LENGTH = 100_000  # bytes; Linux takes 128 KiB a word


def option_arguments(asked: Mapping[str, Any], verb: str) -> list[str]:
    """Return ``asked`` (the schema ``Choices``, less ``folder``) as words of ``verb``, each name and value one word.

    What concerns a container is left out where none is run. Raises UsageError for text that can't be a word.
    """
    return [word for name, value in asked.items() for word in _arguments(name, value, verb)]


def _arguments(name: str, value: Any, verb: str) -> Iterator[str]:
    option = _OPTIONS.get(name) or _FLAGS.get(name, "")
    if not option or (option in _RUN_OPTIONS and verb not in RUNNING_VERBS) or name in _NOT_OPTIONS.get(verb, ()):
        return
    if name in _FLAGS:
        if value:
            yield option
        return
    for item in value if isinstance(value, list) else [value]:
        if item != "":
            yield f"{option}={as_argument(name, str(item))}"


def as_argument(name: str, text: str) -> str:
    """Return ``text``; raises UsageError where a program can't be given it."""
    try:
        size = len(os.fsencode(text))
    except UnicodeEncodeError:
        size = -1
    # argparse would make a list of "--".
    if "\0" in text or text == "--" or not 0 <= size <= _MAX_LENGTH:
        reason = "too long" if size > _MAX_LENGTH else "no text that a command can be given"
        raise UsageError(f"The option '{name}' is {reason}.", hint="Correct it, and try again.")
    return text
