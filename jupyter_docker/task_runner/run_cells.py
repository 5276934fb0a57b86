"""Run a notebook's script for IPython cell by cell, as "Restart & Run All" does.

It is copied into the image, so it imports nothing but the standard library and IPython (8.18 or later). It ends at
the first cell that fails, with status 1, unless the cell is tagged ``raises-exception``; the status given to
``sys.exit`` is its own. A traceback names cells as the notebook does ("Cell In[7], line 3") and goes to stderr.
"""

# mypy: allow-untyped-calls
# ruff: noqa: ARG002

from __future__ import annotations

import asyncio
import contextlib
import io
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core import page, pylabtools
from IPython.core.autocall import ExitAutocall
from IPython.core.displayhook import DisplayHook
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from traitlets import Type
from traitlets.config import Config

if TYPE_CHECKING:
    from jupyter_docker.task_runner.script_parameters import INJECTED_TAG, PARAMETERS_TAG, read_parts
else:
    from script_parameters import INJECTED_TAG, PARAMETERS_TAG, read_parts


class Exit(ExitAutocall):
    """``exit``, ``exit()`` and ``exit(3)`` end the run, as they do in a script."""

    def __call__(self, status: str | int | None = None) -> None:
        """End the run."""
        raise SystemExit(status)


class PlainDisplayHook(DisplayHook):
    """Shows a cell's last value as Python does, without ``Out[7]:``."""

    def write_output_prompt(self) -> None:
        """Write nothing."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        """Print the plain text alone."""
        if "text/plain" in format_dict:
            sys.stdout.write(format_dict["text/plain"] + "\n")


class NotebookShell(InteractiveShell):
    """An IPython shell without prompts, history and files of its own."""

    displayhook_class = Type(PlainDisplayHook)

    def _exiter_default(self) -> Exit:
        return Exit(self)

    def enable_gui(self, gui: Any = None) -> None:
        """There is none in a container."""

    def system(self, cmd: str) -> None:
        """Run a ``!`` line on this process's own stdout and stderr, or on what stands in for them (``%%capture``)."""
        command, pipe = self.var_expand(cmd, depth=1), subprocess.PIPE if sys.stdout is not sys.__stdout__ else None
        sys.stdout.flush()
        # That a shell runs it is what "!" means.
        done = subprocess.run(command, shell=True, check=False, stdout=pipe, stderr=pipe, text=True, errors="replace")  # noqa: S602
        sys.stdout.write(done.stdout or "")
        sys.stderr.write(done.stderr or "")
        self.user_ns["_exit_code"] = done.returncode

    def showtraceback(self, *args: Any, **kwargs: Any) -> None:
        """Show the exception, unless it is the script's wish to end."""
        if not isinstance(sys.exc_info()[1], SystemExit):
            super().showtraceback(*args, **kwargs)

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        sys.stdout.flush()
        sys.stderr.write(self.InteractiveTB.stb2text(stb) + "\n")

    async def run(self, source: str, number: int) -> ExecutionResult:
        """Run one cell as ``[number]``, in the event loop, which runs in a notebook too."""
        self.execution_count = number
        failure = None
        try:
            python = self.transform_cell(source)
        except Exception:  # noqa: BLE001 - as IPython itself does: the cell is shown with its error
            python, failure = source, sys.exc_info()
        result = await self.run_cell_async(
            source, store_history=True, transformed_cell=python, preprocessing_exc_tuple=failure
        )
        self.events.trigger("post_execute")
        self.events.trigger("post_run_cell", result)
        if "matplotlib.pyplot" in sys.modules:  # figures end with their cell, as in a notebook
            sys.modules["matplotlib.pyplot"].close("all")
        return result


async def run_all(
    shell: NotebookShell, text: str, values: Mapping[str, Any], failed: Callable[[BaseException], object]
) -> str | int | None:
    """Run the cells of ``text``, with ``values`` set behind its parameters; return what ``sys.exit`` takes.

    ``failed`` is called with what ends them, and not with an error that a cell is to raise.
    """
    waiting = dict(values)
    for part in read_parts(text):
        if not part.name.startswith("cell ") or (values and INJECTED_TAG in part.tags):
            continue
        result = await shell.run(part.source, int(part.name[5:]))
        error = result.error_before_exec or result.error_in_exec
        if isinstance(error, SystemExit):
            failed(error)
            return error.code if isinstance(error.code, (int, str)) else None
        if error is not None and "raises-exception" not in part.tags:
            failed(error)
            return 130 if isinstance(error, KeyboardInterrupt) else 1
        if PARAMETERS_TAG in part.tags:
            shell.user_ns.update(waiting)
            waiting.clear()
    return 0


def main(
    path: str, values: Mapping[str, Any], failed: Callable[[BaseException], object] = lambda _: None
) -> str | int | None:
    """Run the script in ``path`` with ``values`` for its parameters; return the exit status.

    ``failed`` is called with the error that ends it, ``SystemExit`` too.
    """
    text = Path(path).read_bytes().decode()
    sys.argv, sys.path[0] = [Path(path).name], ""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    warnings.filterwarnings("ignore", message="To exit: use 'exit'")
    config = Config()
    config.HistoryManager.enabled = False
    config.PlainTextFormatter.pprint = False
    config.InteractiveShell.colors = "neutral" if sys.stderr.isatty() else "nocolor"
    with tempfile.TemporaryDirectory() as folder:
        shell = NotebookShell.instance(config=config, ipython_dir=folder)
        shell.db = {}  # what %cd and %store remember, on disk otherwise
        if not hasattr(pylabtools, "backend2gui"):  # matplotlib before 3.8 asks for it; a kernel does not let that fail
            vars(pylabtools)["backend2gui"] = {}
        shell.set_hook("show_in_pager", page.as_hook(page.display_page), 90)
        # Not asyncio.run: it would keep an interrupt from a cell that does not await.
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        with contextlib.closing(loop):
            return loop.run_until_complete(run_all(shell, text, values, failed))
