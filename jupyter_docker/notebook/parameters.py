"""Values for a notebook's parameters: what was given, checked against the cell tagged ``parameters``."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from keyword import iskeyword
from pathlib import Path
from typing import Any

from jupyter_docker.task_runner import Parameter, ParameterError, from_text, read_values, split_value
from jupyter_docker.values import UsageError

_OF_ITS_TYPE = "Give a value of that kind, or none to keep the default."


def parameter_arguments(arguments: Iterable[str], files: Iterable[Path] = ()) -> tuple[str, ...]:
    """Return ``NAME=VALUE`` words, those of ``files`` (JSON or YAML) first, so that single ones win.

    Raises UsageError for what is neither.
    """
    try:
        given = [word for file in files for word in _arguments_of(file)] + list(arguments)
        return tuple({_name(word): word for word in given}.values())
    except ParameterError as error:
        raise UsageError(error.message, hint=error.hint) from None


def _arguments_of(file: Path) -> Iterator[str]:
    for name, value in read_values(str(file)).items():
        yield f"{name}={json.dumps(value, ensure_ascii=False, default=str)}"


def _name(word: str) -> str:
    name, _ = split_value(word)
    if iskeyword(name) or name == "__debug__" or "\0" in word:
        raise ParameterError(f"'{word}' is not a parameter.", "Write NAME=VALUE, as in -P year=2024")
    return name


def parameter_values(parameters: Iterable[Parameter], arguments: Iterable[str]) -> dict[str, Any]:
    """Return the values of ``NAME=VALUE`` words, each as its parameter takes it.

    Raises UsageError for a name that the notebook has not, with the nearest, and for a value of another type.
    """
    known = {each.name: each for each in parameters}
    try:
        return {name: from_text(known, name, text) for name, text in map(split_value, arguments)}
    except ParameterError as error:
        raise UsageError(error.message, hint=error.hint or _OF_ITS_TYPE) from None


def run_arguments(parameters: Iterable[Parameter], arguments: Sequence[str]) -> tuple[str, ...]:
    """Return what a container of the notebook's image is given for ``arguments``; raises UsageError as they do."""
    parameter_values(parameters, arguments)
    return tuple(part for word in arguments for part in ("-P", word))


def injected_lines(values: Mapping[str, Any]) -> list[str]:
    """Return the assignments, one a line; raises UsageError for a value that can't be written as a literal."""
    lines = []
    for name, value in values.items():
        try:
            lines.append(f"{name} = {literal(value)}")
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            raise UsageError(
                f"The parameter '{name}' can't be written as a Python literal.",
                hint="Give a number, a text, true, false, null, or a list or dict of these.",
            ) from None
    return lines


def literal(value: Any) -> str:
    """Return the Python literal of ``value``; raises ValueError where it has none that is always the same."""
    text = repr(value)
    if any(isinstance(node, ast.Set) for node in ast.walk(ast.parse(text))) or ast.literal_eval(text) != value:
        raise ValueError(text)
    return text
