"""``%containerize``: the notebook that is open, as a container."""

from __future__ import annotations

import os
import shlex
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, line_magic, magics_class

from jupyter_docker.commands.failure import as_error, failed
from jupyter_docker.errors import ContainerizeError, UsageError
from jupyter_docker.events import Emit, Warned

if TYPE_CHECKING:
    from jupyter_docker.display.html import HtmlDisplay
    from jupyter_docker.display.terminal import TerminalDisplay


def register(shell: InteractiveShell) -> None:
    """Give ``shell`` the magics."""
    shell.register_magics(ContainerizeMagics)


@magics_class
class ContainerizeMagics(Magics):
    """The magics of jupyter-containerize."""

    @line_magic
    def containerize(self, line: str) -> Any:
        """Run this notebook in a container, or manage images and containers.

        `%containerize`                            export, freeze, build and run this notebook
        `%containerize run -v ./data:data:ro`      with a folder mounted, read-only
        `%containerize run -P year=2024`           with another value in the cell tagged `parameters`
        `%containerize run -d -p 8080:80`          in the background, with a port published
        `%containerize build -t penguins:v1`       only build the image
        `%containerize export DIR`                 write the Dockerfile and all it needs
        `%containerize freeze --why`               what is pinned, and what needs it
        `%containerize ps | logs | exec | stop | rm | images | prune | push | doctor`

        Folders stored in the notebook's metadata are mounted by themselves. Save the notebook first: what is on the
        disk is what runs. `%containerize run --help` lists all options.
        """
        try:
            return self._run(line)
        except SystemExit:  # argparse, after printing its help
            return None

    def _run(self, line: str) -> Any:
        from jupyter_docker.commands.words import read_command
        from jupyter_docker.views import view

        shell = self.shell
        if shell is None:
            raise UsageError("There is no IPython shell here.", hint="Use `jupyter containerize` in a terminal.")
        current = current_notebook(shell)
        with _display(shell, current) as emit:
            try:
                args, notebook = read_command(_words(line), current=current, in_notebook=True)
                value = _perform(shell, args, notebook, current, emit)
            except (ContainerizeError, OSError, KeyboardInterrupt) as error:
                known = as_error(error)
                if known is None:
                    raise
                emit(failed(known))
                raise _brief(known) from None
        return view(value, why=getattr(args, "why", False))


def _perform(shell: InteractiveShell, args: Namespace, notebook: Path | None, current: Path | None, emit: Emit) -> Any:
    from jupyter_docker.commands import Call, perform
    from jupyter_docker.config import load_defaults

    if notebook is not None and notebook == current and not _is_saved(shell, notebook):
        hint = "Save the notebook (Ctrl+S) and run this cell again."
        emit(Warned(step="export", message="What runs is the notebook as it was last saved.", hint=hint))
    # The kernel's own packages are what this notebook uses; another notebook may have another kernel.
    live = notebook is not None and notebook == current
    return perform(Call(args=args, notebook=notebook, live=live, defaults=load_defaults(), emit=emit, confirm=_confirm))


def _words(line: str) -> list[str]:
    """Return the words of the line; without a verb, `run` is meant."""
    from jupyter_docker.commands import VERBS

    try:
        words = shlex.split(line, posix=os.name == "posix")
    except ValueError as error:
        raise UsageError(f"'{line}': {error}.", hint="Close the quotes.") from None
    if words and words[0] in {*VERBS, "-h", "--help"}:
        return words
    if words and not words[0].startswith("-") and not words[0].endswith(".ipynb"):
        hint = "`%containerize --help` lists the commands."
        raise UsageError(f"'{words[0]}' is neither a command nor a notebook.", hint=hint)
    return ["run", *words]


def current_notebook(shell: InteractiveShell) -> Path | None:
    """Return the notebook that this kernel runs, None where its name can't be known.

    Jupyter Server gives it in JPY_SESSION_NAME, VS Code in the variable ``__vsc_ipynb_file__``.
    """
    names = (shell.user_ns.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME"))
    paths = [Path(name) for name in names if isinstance(name, str) and name.endswith(".ipynb")]
    return next((path for path in paths if path.is_file()), None)


def _is_saved(shell: InteractiveShell, notebook: Path) -> bool:
    """Whether the notebook on the disk has the cell that is running, as it is now."""
    from jupyter_docker.export import read_notebook

    running = shell.history_manager.input_hist_raw[-1].strip() if shell.history_manager else ""
    return any(cell["source"].strip() == running for cell in read_notebook(notebook).cells)


def _display(shell: InteractiveShell, notebook: Path | None) -> HtmlDisplay | TerminalDisplay:
    if hasattr(shell, "kernel"):
        from jupyter_docker.display.html import HtmlDisplay

        return HtmlDisplay(notebook.name if notebook else "containerize")
    from jupyter_docker.display.terminal import TerminalDisplay

    return TerminalDisplay(sys.stdout, sys.stderr)


def _confirm(question: str) -> bool:
    sys.stdout.write(f"{question}\n")
    try:
        return input("Do it? [y/N] ").strip().lower() in {"y", "yes"}
    except (EOFError, NotImplementedError):  # nobody is there, as under nbconvert
        sys.stdout.write("Nothing was done: add --force to do it.\n")
        return False


def _brief(error: ContainerizeError) -> ContainerizeError:
    """Make IPython show one line in place of a traceback; the display has said the rest."""
    first = error.message.partition("\n")[0]
    where = f" ({error.position})" if error.position and str(error.position) not in first else ""
    vars(error)["_render_traceback_"] = lambda: [f"{type(error).__name__}: {first}{where}"]
    return error
