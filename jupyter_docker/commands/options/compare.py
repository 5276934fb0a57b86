"""The options of ``compare``: what is held against the saved outputs, what passes, and where the report goes."""

from __future__ import annotations

import argparse
from pathlib import Path

from jupyter_docker.commands.options.sweep import positive


def add_compare_options(parser: argparse.ArgumentParser) -> None:
    """Add them to the parser of the verb."""
    group = parser.add_argument_group("the comparison")
    group.add_argument(
        "--repeat",
        type=positive,
        default=1,
        metavar="N",
        help="run it N times, which tells what is random (default: 1)",
    )
    group.add_argument(
        "--executed",
        action="append",
        default=[],
        type=Path,
        metavar="NB",
        help="run nothing, and compare this executed notebook; repeatable",
    )
    group.add_argument(
        "--host", type=Path, metavar="NB", help="the notebook as it ran outside of a container with the same versions"
    )
    group.add_argument("--report", dest="page", type=Path, metavar="PATH", help="the page (default: NB.compare.html)")
    group.add_argument("--badge", type=Path, metavar="PATH", help="write an SVG that says how much was reproduced")
    group.add_argument(
        "--allow", action="append", default=[], metavar="CLASS", help="let cells of this class pass; repeatable"
    )
