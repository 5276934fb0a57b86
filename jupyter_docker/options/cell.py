"""The grammar of ``%%containerize [options]``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jupyter_docker.errors import UsageError
from jupyter_docker.export import read_notebook
from jupyter_docker.options.parser import Parser, add_container_options, add_image_options
from jupyter_docker.options.stored import METADATA_KEY, stored_words

DEFAULT_SESSION = "default"

_OF_THE_CELL = {"session", "fresh", "once", "input", "output", "trust"}


@cache
def build_cell_parser() -> Parser:
    """Return the grammar of a cell's options."""
    parser = Parser(
        prog="%%containerize",
        description="Run the cell in a container that has what the notebook imports.",
        allow_abbrev=False,
    )
    _add_session(parser)
    _add_variables(parser)
    add_container_options(parser).add_argument(
        "--data", choices=("auto", "none"), default="auto", help="mount what the notebook reads and writes beside it"
    )
    add_image_options(parser)
    parser.add_argument_group("everywhere").add_argument(
        "--engine", default="", metavar="URL|CONTEXT", help="another engine than docker's own choice"
    )
    # What a whole notebook's run can have, and a session can not.
    parser.set_defaults(detach=False, name="", parameter=[])
    return parser


def _add_session(parser: Parser) -> None:
    group = parser.add_argument_group("the session")
    group.add_argument(
        "--session", default=DEFAULT_SESSION, metavar="NAME", help="which one: variables stay from cell to cell of it"
    )
    group.add_argument("--fresh", action="store_true", help="end the session first, and start it anew")
    group.add_argument("--once", action="store_true", help="run the cell alone, in a session that ends with it")


def _add_variables(parser: Parser) -> None:
    group = parser.add_argument_group("variables")
    group.add_argument(
        "-i", "--input", action="append", default=[], metavar="A,B|auto", help="send the notebook's A and B first"
    )
    group.add_argument("-o", "--output", action="append", default=[], metavar="C", help="bring C back afterwards")
    group.add_argument(
        "--trust",
        action="store_true",
        help="let what comes back run code here: unpickle what has no data format, show HTML with its scripts",
    )


def read_cell_options(words: Sequence[str]) -> argparse.Namespace:
    """Return the options; their ``chosen`` are those of the image and the container. Raises UsageError."""
    parser = build_cell_parser()
    args = parser.read(words)
    if args.once and args.session != DEFAULT_SESSION:
        raise UsageError("--once needs no --session: its session ends with the cell.", hint="Leave one of them out.")
    args.chosen = {
        name: value
        for name, value in vars(args).items()
        if name not in _OF_THE_CELL and value != parser.get_default(name)
    }
    return args


def with_stored(args: argparse.Namespace, words: Sequence[str], notebook: Path | None) -> argparse.Namespace:
    """Return the options with what the notebook's metadata says, which gives way to ``words``. Raises UsageError."""
    if notebook is None or not notebook.is_file():
        return args
    chosen = read_notebook(notebook).metadata.get(METADATA_KEY, {})
    merged = build_cell_parser().read([*stored_words(chosen, notebook.absolute().parent, "run"), *words])
    merged.chosen = args.chosen
    return merged
