"""The words of a command → the parsed command, and the typed request where it is about a notebook."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_docker.commands.options.parser import build_parser

if TYPE_CHECKING:
    from jupyter_docker.commands.options.request import NotebookRequest

_WITH_NOTEBOOK = {
    "run",
    "compare",
    "stamp",
    "doctor",
    "plan",
    "build",
    "export",
    "freeze",
    "push",
    "ship",
    "kernel",
    "open",
    "pack",
    "sbom",
    "sweep",
}
_CHANGING_NOTHING = {"plan", "freeze", "stamp", "doctor"}  # for which nothing is done with what is unmet
_OR_IMAGE = {"run", "push", "ship", "pack", "sbom"}


@dataclass(frozen=True, kw_only=True)
class Command:
    """A parsed command: ``args`` are the person's own words, ``request`` is there where a notebook is meant."""

    args: argparse.Namespace
    request: NotebookRequest | None = None

    @property
    def as_json(self) -> bool:
        """Whether the result is wanted as JSON lines."""
        return bool(self.args.json)

    @property
    def verbose(self) -> bool:
        """Whether the build's log is wanted too."""
        return bool(self.args.verbose)

    @property
    def why(self) -> bool:
        """Whether what needs each line is wanted too."""
        return bool(getattr(self.args, "why", False))


def read_command(argv: Sequence[str], *, current: Path | None = None, in_notebook: bool = False) -> Command:
    """Return the command, about the notebook that is named, else ``current``.

    What the notebook's metadata asks for stays apart from the words, and goes through the gate. Raises UsageError, also
    where it asks for what nobody has allowed (but to be planned or frozen, for which nothing is done with it),
    NotebookError where the notebook can't be read, or SystemExit after printing help.

    Args:
        argv: The verb and what follows it.
        current: The notebook that the command is typed in; None outside of one.
        in_notebook: Whether it is typed after ``%containerize``.
    """
    parser = build_parser("%containerize" if in_notebook else "jupyter containerize", in_notebook=in_notebook)
    args = parser.read(argv)
    if args.verb not in _WITH_NOTEBOOK:
        return Command(args=args)
    _read_lone_folder(args, current)
    notebook = _named(args) or (None if _named_text(args) else current)
    if notebook is None or _is_about_another(args):
        return Command(args=args)
    from jupyter_docker.commands.options.asking import asked_of
    from jupyter_docker.commands.options.request import container_options, image_options, notebook_request

    asked = asked_of(notebook, image_options(args), container_options(args), verb=args.verb)
    if args.verb not in _CHANGING_NOTHING:
        asked.check()
    return Command(args=args, request=notebook_request(args, notebook, asked))


def _is_about_another(args: argparse.Namespace) -> bool:
    """Whether it is about kernels or a sweep that there are, or the engine, in a notebook too."""
    others = {"kernel": ("list", "remove"), "sweep": ("resume",)}
    if args.verb == "doctor":
        return args.notebook is None
    return any(getattr(args, name) for name in others.get(args.verb, ()))


def _read_lone_folder(args: argparse.Namespace, current: Path | None) -> None:
    """In a notebook, the one word of ``export DIR`` is the folder."""
    if args.verb == "export" and current and args.notebook and not args.notebook.endswith(".ipynb") and not args.folder:
        args.notebook, args.folder = None, Path(args.notebook)


def _named_text(args: argparse.Namespace) -> str | None:
    name: str | None = args.image if args.verb in _OR_IMAGE - {"run"} else args.notebook
    return name


def _named(args: argparse.Namespace) -> Path | None:
    """Return the notebook that is named; of a verb that takes images too, None where the name is that of one."""
    name = _named_text(args)
    if name is None:
        return None
    found = next((path for path in (Path(name), Path(f"{name}.ipynb")) if path.is_file()), None)
    is_image = args.verb in _OR_IMAGE and not name.endswith(".ipynb")
    return found if found is not None or is_image else Path(name)
