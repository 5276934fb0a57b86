"""The verb ``completion``, and what it lets shells and IPython complete: verbs, options, and names of things."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from argcomplete import autocomplete
from argcomplete.completers import FilesCompleter, SuppressCompleter
from argcomplete.finders import CompletionFinder
from argcomplete.shell_integration import shellcode

from jupyter_docker.commands.call import Call
from jupyter_docker.commands.options.cell import build_cell_parser
from jupyter_docker.commands.options.parser import Parser, build_parser
from jupyter_docker.commands.views import TextView
from jupyter_docker.values import ContainerizeError, load_defaults

if TYPE_CHECKING:
    from jupyter_docker.engine import Engine

_PROGRAMS = ("jupyter-containerize", "jupyter")  # `jupyter` hands what follows `containerize` on to us
_SECONDS = 2  # an engine that is slower has no names to offer
_CELL_MAGIC = "%%containerize"
_NOTEBOOKS = ("ipynb", "py", "md")

_Completer = Callable[..., Iterable[str]]
_T = TypeVar("_T")
_OPTION_WITH_VALUE = re.compile(r"(?<!\S)(--[\w-]+)=(?=\S*$)")


def completion(call: Call) -> TextView:
    """Return what makes a shell complete the command's words."""
    return TextView(text=shellcode(_PROGRAMS, shell=call.args.shell))


def complete_for_shell() -> None:
    """Write the completions that the shell asks for by its variables, and end the program."""
    parser = _prepared(build_parser())
    autocomplete(parser, always_complete_options=False, default_completer=SuppressCompleter())


def complete_magic(line: str) -> list[str]:
    """Return each way to go on with ``line``, a line magic's or a cell magic's up to the cursor, as what is to add."""
    magic, _, text = line.lstrip().partition(" ")
    if magic == _CELL_MAGIC:
        return list(_matches(_cell_finder(), text))
    found = list(_matches(_line_finder(), text))
    if not _begins_with_verb(text):  # then `run` is meant
        found += _matches(_line_finder(), f"run {text}")
    return list(dict.fromkeys(found))


def _begins_with_verb(text: str) -> bool:
    first, space, _ = text.lstrip().partition(" ")
    return bool(space) and first in build_parser().verbs


def _matches(finder: CompletionFinder, text: str) -> Iterator[str]:
    """Yield what can be added to ``text``; readline's protocol gives one at a time, with the words before it."""
    text = _OPTION_WITH_VALUE.sub(r"\1 ", text)  # what follows is the same, and readline's protocol has no other form
    number = 0
    while (match := finder.rl_complete(text, number)) is not None:
        yield match[len(text) :]
        number += 1


@cache  # argcomplete changes the parser to look into it, so it is none that reads commands too
def _line_finder() -> CompletionFinder:
    return _finder(build_parser.__wrapped__("%containerize", in_notebook=True))


@cache
def _cell_finder() -> CompletionFinder:
    return _finder(build_cell_parser.__wrapped__())


def _finder(parser: Parser) -> CompletionFinder:
    return CompletionFinder(
        _prepared(parser), always_complete_options=False, default_completer=SuppressCompleter(), append_space=False
    )


def _prepared(parser: Parser) -> Parser:
    """Return the parser with what completes the value of each argument."""
    for each in (parser, *parser.verbs.values()):
        for action in each._actions:  # noqa: SLF001 - argparse has no other list of them
            if completer := _completer(action):
                setattr(action, "completer", completer)  # noqa: B010 - by which argcomplete knows it
    return parser


def _completer(action: argparse.Action) -> _Completer | None:
    by_name: dict[str, _Completer] = {
        "notebook": FilesCompleter(_NOTEBOOKS),
        "image": _notebooks_and_images,
        "container": _containers,
        "containers": _containers,
        "kernel": _kernelspecs,
        "remove": _own_kernels,
        "requirement": FilesCompleter(),
        "volume": FilesCompleter(),
    }
    if action.type is Path and action.dest not in by_name:
        return FilesCompleter()
    return by_name.get(action.dest)


def _notebooks_and_images(prefix: str, parsed_args: argparse.Namespace, **_: object) -> list[str]:
    from jupyter_docker.engine import list_images

    notebooks = FilesCompleter(_NOTEBOOKS)(prefix)
    return [*notebooks, *(str(image.reference) for image in _of_engine(parsed_args, list_images))]


def _containers(parsed_args: argparse.Namespace, **_: object) -> list[str]:
    from jupyter_docker.engine import list_containers

    return [each.name for each in _of_engine(parsed_args, lambda engine: list_containers(engine, all=True))]


def _of_engine(args: argparse.Namespace, listed: Callable[[Engine], tuple[_T, ...]]) -> tuple[_T, ...]:
    """Return what is listed of the engine that is meant; nothing where it does not answer soon."""
    from jupyter_docker.engine import connect

    place = getattr(args, "engine", "") or load_defaults().engine or None
    with suppress(ContainerizeError), connect(place, timeout=_SECONDS) as engine:
        return listed(engine)
    return ()


def _kernelspecs(**_: object) -> list[str]:
    from jupyter_client.kernelspec import KernelSpecManager

    return list(KernelSpecManager().find_kernel_specs())


def _own_kernels(**_: object) -> list[str]:
    from jupyter_docker.kernel import registered_kernels

    return [kernel.name for kernel in registered_kernels()]
