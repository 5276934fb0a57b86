"""``%containerize``: the notebook that is open, as a container."""

from __future__ import annotations

import atexit
import os
import shlex
import sys
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class

from jupyter_docker.commands import RanCells, as_error, brief, failed
from jupyter_docker.values import ContainerizeError, Emit, UsageError, Warned

if TYPE_CHECKING:
    from jupyter_docker.cells import Sessions
    from jupyter_docker.commands import Command
    from jupyter_docker.display import HtmlDisplay, TerminalDisplay

_MAGICS = ("%containerize ", "%%containerize ")


def register(shell: InteractiveShell) -> None:
    """Give ``shell`` the magics."""
    magics = ContainerizeMagics(shell)
    shell.register_magics(magics)
    shell.events.register("pre_run_cell", magics.ran.note)
    if _match not in shell.Completer.custom_matchers:
        shell.Completer.custom_matchers.append(_match)


@context_matcher(identifier="containerize")  # type: ignore[untyped-decorator]
def _match(context: CompletionContext) -> SimpleMatcherResult:
    """Return what the word at the cursor may become, and no names of Python, in a line of ours."""
    line = context.text_until_cursor
    if not line.lstrip().startswith(_MAGICS):
        return SimpleMatcherResult(completions=[])
    from jupyter_docker.commands import complete_magic

    found = [SimpleCompletion(context.token + rest) for rest in complete_magic(line)]
    return SimpleMatcherResult(completions=found, suppress=True)


@magics_class
class ContainerizeMagics(Magics):
    """The magics of jupyter-containerize."""

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self.ran = RanCells()

    @cached_property
    def sessions(self) -> Sessions:
        """The sessions that cells of this kernel opened."""
        from jupyter_docker.cells import Sessions

        return Sessions()

    @line_magic
    def containerize(self, line: str) -> Any:
        """Run this notebook in a container, or manage images and containers.

        `%containerize`                            export, freeze, build and run this notebook
        `%containerize run -v ./data:data:ro`      with a folder mounted, read-only
        `%containerize run -P year=2024`           with another value in the cell tagged `parameters`
        `%containerize run -d -p 8080:80`          in the background, with a port published
        `%containerize build -t penguins:v1`       only build the image
        `%containerize export DIR`                 write the Dockerfile and all it needs
        `%containerize plan`                       what a run would build and mount
        `%containerize freeze --why`               what is pinned, and what needs it
        `%containerize sweep --table sets -o score`  once for each row of a DataFrame, or --grid alpha=0.1,0.2
        `%containerize sweeps | results ID`        the sweeps, and the table of one as a DataFrame
        `%containerize sessions`                   the sessions of `%%containerize` cells
        `%containerize stop [NAME]`                end them, or one; or stop a container
        `%containerize compare`                    run it cell by cell, and hold its outputs against the saved ones
        `%containerize ps | logs | exec | rm | images | prune | push | doctor`

        Folders stored in the notebook's metadata are mounted by themselves. Save the notebook first: what is on the
        disk is what runs. `%containerize run --help` lists all options.
        """
        try:
            return self._run(line)
        except SystemExit:  # argparse, after printing its help
            return None

    @cell_magic("containerize")  # type: ignore[arg-type]
    def containerize_cell(self, line: str, cell: str) -> None:
        """Run this cell in a container that has what the notebook imports, at the versions it has here.

        `%%containerize`                           in the session "default"; its variables stay from cell to cell
        `%%containerize -i data,n -o model`        send `data` and `n` first, bring `model` back afterwards
        `%%containerize -i auto`                   send what the cell uses and the notebook has
        `%%containerize -v ./data:data:ro`         with a folder mounted, read-only
        `%%containerize --memory 2g --cpus 1`      with limits, as of `%containerize run`
        `%%containerize --session B`               in another session, which has variables of its own
        `%%containerize --fresh`                   with the session started anew
        `%%containerize --once`                    alone, in a container that ends with the cell

        The options of the container and the image hold for the cell that opens the session. Plots, tables, progress
        bars, `input()` and errors come back as if the cell had run here. Interrupt once to stop the cell, twice to end
        the session. What comes back is data: `--trust` lets objects and pages of the container run code here.
        `%containerize sessions` and `%containerize stop [NAME]` list and end sessions; they end with the kernel.
        `%%containerize --help` in a cell of its own lists all options.
        """
        from jupyter_docker.cells import CellCall, run_cell

        shell = self._shell()
        try:
            arguments, notebook = _split(line), current_notebook(shell)
            run_cell(CellCall(shell=shell, sessions=self.sessions, argv=arguments, cell=cell, notebook=notebook))
        except SystemExit:  # argparse, after printing its help
            return

    def _shell(self) -> InteractiveShell:
        if self.shell is None:
            raise UsageError("There is no IPython shell here.", hint="Use `jupyter containerize` in a terminal.")
        return self.shell

    def _run(self, line: str) -> Any:
        from jupyter_docker.clusters import SweepTable
        from jupyter_docker.commands import read_command, view

        shell = self._shell()
        current = current_notebook(shell)
        with _display(shell, current) as emit:
            try:
                arguments = self._about_sessions(_split(line))
                if not isinstance(arguments, list):
                    return arguments
                command = read_command(_with_verb(arguments), current=current, in_notebook=True)
                frame = shell.user_ns.get(str(getattr(command.args, "table", None)))
                if hasattr(frame, "to_dict"):
                    command.args.table = self._table_file(frame)
                notebook = command.request and command.request.notebook
                if notebook is not None and notebook == current and not self._is_saved(notebook):
                    hint = "Save the notebook (Ctrl+S) and run this cell again."
                    emit(Warned(step="export", message="What runs is the notebook as it was last saved.", hint=hint))
                value = _perform(command, current, emit)
            except (ContainerizeError, OSError, KeyboardInterrupt) as error:
                known = as_error(error)
                if known is None:
                    raise
                emit(failed(known))
                raise brief(known) from None
        return value.frame() if isinstance(value, SweepTable) else view(value, why=command.why)

    def _table_file(self, frame: Any) -> Path:
        """Write the rows of a DataFrame of the notebook's into a file, and return its path."""
        from jupyter_docker.notebook import plain_rows, rows_text

        path = self._tables / "table.jsonl"
        path.write_text(rows_text(plain_rows(frame.to_dict("records"))), encoding="utf-8")
        return path

    @cached_property
    def _tables(self) -> Path:
        folder = TemporaryDirectory(prefix="containerize-")
        atexit.register(folder.cleanup)
        return Path(folder.name)

    def _is_saved(self, notebook: Path) -> bool:
        history = self._shell().history_manager
        return self.ran.are_in(notebook, running=history.input_hist_raw[-1] if history else "")

    def _about_sessions(self, arguments: list[str]) -> list[str] | Any:
        """Return the words that are left to do, or what to show where sessions were all that was meant."""
        from jupyter_docker.cells import LIST, STOP, list_sessions, stop_sessions

        match arguments:
            case [first] if first == LIST:
                return list_sessions(self.sessions)
            case [first, *names] if first == STOP and not {"-h", "--help"}.intersection(names):
                others = stop_sessions(self.sessions, names)
                return [STOP, *others] if others else None
        return arguments


def _perform(command: Command, current: Path | None, emit: Emit) -> Any:
    from jupyter_docker.commands import Call, perform
    from jupyter_docker.values import load_defaults

    # The kernel's own packages are what this notebook uses; another notebook may have another kernel.
    request = command.request
    if request is not None and request.notebook == current:
        request = replace(request, live=True)
    call = Call(
        args=command.args,
        request=request,
        has_terminal=False,
        defaults=load_defaults(),
        emit=emit,
        confirm=_confirm,
    )
    return perform(call)


def _split(line: str) -> list[str]:
    try:
        return shlex.split(line, posix=os.name == "posix")
    except ValueError as error:
        raise UsageError(f"'{line}': {error}.", hint="Close the quotes.") from None


def _with_verb(arguments: list[str]) -> list[str]:
    """Return the words of a command; without a verb, `run` is meant."""
    from jupyter_docker.cells import LIST
    from jupyter_docker.commands import VERBS

    if arguments and arguments[0] in {*VERBS, LIST, "-h", "--help"}:
        return arguments
    if arguments and not arguments[0].startswith("-") and not arguments[0].endswith((".ipynb", ".py", ".md")):
        hint = "`%containerize --help` lists the commands."
        raise UsageError(f"'{arguments[0]}' is neither a command nor a notebook.", hint=hint)
    return ["run", *arguments]


def current_notebook(shell: InteractiveShell) -> Path | None:
    """Return the notebook that this kernel runs, None where its name can't be known.

    Jupyter Server gives it in JPY_SESSION_NAME, VS Code in the variable ``__vsc_ipynb_file__``.
    """
    names = (shell.user_ns.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME"))
    paths = [Path(name) for name in names if isinstance(name, str) and name.endswith(".ipynb")]
    return next((path for path in paths if path.is_file()), None)


def _display(shell: InteractiveShell, notebook: Path | None) -> HtmlDisplay | TerminalDisplay:
    if hasattr(shell, "kernel"):
        from jupyter_docker.display import HtmlDisplay

        return HtmlDisplay(notebook.name if notebook else "containerize")
    from jupyter_docker.display import TerminalDisplay

    return TerminalDisplay(sys.stdout, sys.stderr)


def _confirm(question: str) -> bool:
    sys.stdout.write(f"{question}\n")
    try:
        return input("Do it? [y/N] ").strip().lower() in {"y", "yes"}
    except (EOFError, NotImplementedError):  # nobody is there, as under nbconvert
        sys.stdout.write("Nothing was done: add --force to do it.\n")
        return False
