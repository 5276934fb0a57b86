"""The grammar of ``%%containerize [options]``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from jupyter_docker.commands.options.asking import asked_of
from jupyter_docker.commands.options.groups import add_container_options, add_image_options
from jupyter_docker.commands.options.parser import Parser
from jupyter_docker.commands.options.request import CellRequest, container_options, image_options
from jupyter_docker.values import UsageError

DEFAULT_SESSION = "default"


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


def read_cell_options(argv: Sequence[str]) -> CellRequest:
    """Return what the person says in the cell's line, without what its notebook asks. Raises UsageError."""
    args = build_cell_parser().read(argv)
    if args.once and args.session != DEFAULT_SESSION:
        raise UsageError("--once needs no --session: its session ends with the cell.", hint="Leave one of them out.")
    return CellRequest(
        session=args.session,
        image=image_options(args),
        container=container_options(args),
        engine=args.engine,
        data=args.data,
        fresh=args.fresh,
        once=args.once,
        inputs=tuple(args.input),
        outputs=tuple(args.output),
        trust=args.trust,
    )


def with_asked(request: CellRequest, notebook: Path | None) -> CellRequest:
    """Return the request with what the notebook's metadata asks for. Raises UsageError where nobody has allowed it."""
    if notebook is None or not notebook.is_file():
        return request
    asked = asked_of(notebook, request.image, request.container)
    asked.check()
    return replace(request, asked=asked)
