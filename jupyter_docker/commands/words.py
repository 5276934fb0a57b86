"""The words of a command → the parsed command, with what the notebook's metadata says worked in."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from jupyter_docker.options.parser import build_parser

_WITH_NOTEBOOK = {"run", "plan", "build", "export", "freeze", "push", "kernel"}


def read_command(
    words: Sequence[str], *, current: Path | None = None, in_notebook: bool = False
) -> tuple[argparse.Namespace, Path | None]:
    """Return the parsed words and the notebook they mean: the one named, else ``current``.

    Raises UsageError, NotebookError where the notebook can't be read, or SystemExit after printing help.
    """
    parser = build_parser("%containerize" if in_notebook else "jupyter containerize", in_notebook=in_notebook)
    args = parser.read(words)
    if args.verb not in _WITH_NOTEBOOK:
        return args, None
    _read_lone_folder(args, current)
    notebook = _named(args) or current
    if notebook is None:
        args.asked_variables = ()
        return args, None
    from jupyter_docker.export import read_notebook
    from jupyter_docker.options.stored import METADATA_KEY, stored_variables, stored_words

    chosen = read_notebook(notebook).metadata.get(METADATA_KEY, {})
    stored = stored_words(chosen, notebook.absolute().parent, args.verb)
    merged = parser.read([args.verb, *stored, *words[1:]])
    _read_lone_folder(merged, current)
    own = {variable.partition("=")[0] for variable in getattr(args, "env", ())}
    merged.asked_variables = tuple(name for name in stored_variables(chosen) if name not in own)
    return merged, notebook


def _read_lone_folder(args: argparse.Namespace, current: Path | None) -> None:
    """In a notebook, the one word of ``export DIR`` is the folder."""
    if args.verb == "export" and current and args.notebook and not args.notebook.endswith(".ipynb") and not args.folder:
        args.notebook, args.folder = None, Path(args.notebook)


def _named(args: argparse.Namespace) -> Path | None:
    name = args.image if args.verb == "push" else args.notebook
    if name is None or (args.verb == "push" and not name.endswith(".ipynb")):
        return None
    return Path(name)
