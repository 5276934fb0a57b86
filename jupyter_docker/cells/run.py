"""``%%containerize``: one cell in a session, which is made where it is not there."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell

from jupyter_docker.advice import missing_file_hint
from jupyter_docker.cells.card import reporting
from jupyter_docker.cells.contents import UNNAMED, broken_cells, contents_for
from jupyter_docker.cells.needs import lacking
from jupyter_docker.cells.opening import CellContext, choose_image, open_session
from jupyter_docker.cells.outlet import CellOutlet
from jupyter_docker.cells.sessions import OpenSession, Sessions
from jupyter_docker.cells.variables import Exchange, Wanted, wanted_inputs, wanted_outputs
from jupyter_docker.commands import CellRequest, read_cell_options, with_asked
from jupyter_docker.kernel import CellError, Overflow, Relay, as_exception
from jupyter_docker.notebook import NotebookLineFilter, NotebookNode, SourceCell, automagic, read_code
from jupyter_docker.values import ContainerizeError, Emit, Event, ExchangeError, UsageError, Warned, load_defaults

_MAY_INSTALL = re.compile(r"^\s*[%!]?\s*(?:python\S*\s+-m\s+)?(?:pip3?|conda|mamba|micromamba|uv)\s", re.MULTILINE)
# In place of the line with the magic, so that a traceback counts lines as the notebook does.
_FIRST_LINE = "# %%containerize\n"


@dataclass(frozen=True, kw_only=True)
class CellCall:
    """One ``%%containerize`` cell as it was run: its ``argv``, its text, and where (``notebook`` None is unknown)."""

    shell: InteractiveShell
    sessions: Sessions
    argv: Sequence[str]
    cell: str
    notebook: Path | None

    @property
    def source(self) -> Path:
        """The notebook, or a name in the working directory in its place."""
        return self.notebook.absolute() if self.notebook is not None else Path.cwd() / UNNAMED


def run_cell(call: CellCall) -> None:
    """Run the cell; raises what it raised, or the error that the user has been shown."""
    with reporting(call.shell, call.source.name) as emit:
        request = read_cell_options(call.argv)
        outputs = wanted_outputs(request.outputs)
        code = _as_python(call) if request.inputs else ""
        inputs = wanted_inputs(request.inputs, code, call.shell.user_ns)
        name = f"once-{secrets.token_hex(3)}" if request.once else request.session
        opened = _opened(call, name, request, inputs, emit)
    try:
        error = _execute(call, opened, inputs, outputs, trust=request.trust)
    finally:
        if request.once:
            call.sessions.end(name)
    if error is not None:
        raise as_exception(error)


def _opened(call: CellCall, name: str, request: CellRequest, inputs: Wanted, emit: Emit) -> OpenSession:
    """Return the session that has what the cell needs, started now if need be."""
    if request.fresh:
        call.sessions.end(name)
    opened = call.sessions.get(name)
    if opened is None:
        return _open(call, name, request, emit)
    if request.has_choices and request.chosen != opened.request.chosen:
        raise UsageError(
            f"The session '{name}' runs with other options.",
            hint="Leave them out to use it as it is, add --fresh to start it anew, or name another one: --session B",
        )
    missing = lacking("\n".join([*inputs.imports, call.cell]), opened.recipe, call.source.parent)
    return _renewed(call, name, opened, missing, emit) if missing else opened


def _open(call: CellCall, name: str, request: CellRequest, emit: Emit) -> OpenSession:
    for broken in broken_cells(call.notebook, executed=_executed(call)):
        message = f"{broken.message.splitlines()[0]}. The image is made without that cell."
        emit(Warned(step="export", message=message, hint="Correct it: when a cell needs more, another image is made."))
    opened = open_session(name, with_asked(request, call.notebook), _contents(call), _context(call, emit))
    call.sessions.add(name, opened)
    return opened


def _renewed(call: CellCall, name: str, opened: OpenSession, missing: Sequence[str], emit: Emit) -> OpenSession:
    """Return the session with an image that has ``missing`` too: the old one where nothing new came of it."""
    names = ", ".join(f"'{each}'" for each in missing)
    recipe, image = choose_image(opened.request, _contents(call), opened.engine, _context(call, emit))
    if image.id == opened.image.id:
        opened.recipe = recipe
        return opened
    message = f"The session's image had no {names}: it was built again, and the session started anew."
    emit(Warned(step="build", message=message, hint="Its variables are gone: run the cells that make them again."))
    call.sessions.end(name)
    renewed = open_session(name, opened.request, _contents(call), _context(call, emit))
    call.sessions.add(name, renewed)
    return renewed


def _as_python(call: CellCall) -> str:
    return str(call.shell.transform_cell(call.cell))  # type: ignore[no-untyped-call]


def _executed(call: CellCall) -> list[str]:
    history = call.shell.history_manager
    return [text for text in history.input_hist_raw if text.strip()] if history is not None else []


def _contents(call: CellCall) -> list[NotebookNode]:
    return list(contents_for(call.cell, executed=_executed(call), notebook=call.notebook))


def _context(call: CellCall, emit: Emit) -> CellContext:
    return CellContext(notebook=call.source, defaults=load_defaults(), emit=emit)


def _execute(
    call: CellCall, opened: OpenSession, inputs: Wanted, outputs: Sequence[str], *, trust: bool
) -> CellError | None:
    """Send, run, and bring back; return the error that the cell ended in."""
    outlet = CellOutlet(call.shell)

    def relay() -> Relay:
        overflow = Overflow(opened.overflow, opened.session.name)
        return Relay(outlet, overflow, scope=opened.scope, warned=opened.warned, trust=trust)

    def run(code: str) -> None:
        error = opened.session.execute(code, relay(), silent=True).error
        if error is not None:
            raise ExchangeError(f"The session can't exchange variables: {error.ename}: {error.evalue}")

    with reporting(call.shell, call.source.name):
        exchange = Exchange(opened, run)
        exchange.send(inputs)
        code = code_to_run(call.cell, call.source.parent)
        outcome = opened.session.execute(code, relay(), number=call.shell.displayhook.prompt_count)
        if outcome.error is None and outputs:
            exchange.receive(outputs, call.shell.user_ns, trust=trust)
    if outcome.error is not None and outcome.error.ename == FileNotFoundError.__name__:
        text = f"{outcome.error.ename}: {outcome.error.evalue}"
        outlet.note(missing_file_hint(text, opened.spec))
    return outcome.error


def code_to_run(cell: str, folder: Path) -> str:
    """Return the code: without its install lines, which the image has done, and with the notebook's line numbers."""
    text = _without_installs(cell, folder) if _MAY_INSTALL.search(cell) else cell
    lines = text.rstrip("\n").split("\n")
    if text.lstrip().startswith("%%") or automagic(lines):  # IPython knows these on the first line alone
        return text
    return f"{_FIRST_LINE}{text}"


def _without_installs(cell: str, folder: Path) -> str:
    source = SourceCell(kind="code", index=0, number=1, text=cell, tags=frozenset())
    line_filter = NotebookLineFilter(number=1, folder=folder, emit=_ignore)
    try:
        reading = read_code(source, line_filter)
    except ContainerizeError:
        return cell
    return "\n".join(reading.lines) if line_filter.declared else cell


def _ignore(_event: Event) -> None:
    pass
