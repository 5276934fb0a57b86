"""A notebook run cell by cell in a container's kernel, its outputs in place and shown as they come."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from jupyter_docker.engine import out_of_time
from jupyter_docker.kernel.provisioner import ContainerProvisioner
from jupyter_docker.notebook import RunnableCell
from jupyter_docker.values import (
    CellPosition,
    Emit,
    KernelDiedError,
    Progress,
    ScriptFailedError,
    Stream,
    TimeLimitError,
)

Tell = Callable[[Stream, str], None]

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_AT_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")


@dataclass(frozen=True, kw_only=True)
class Execution:
    """What to run where: ``notebook`` is changed in place, ``tell`` gets what the cells show, as text.

    ``timeout`` is how many seconds the cells may take together.
    """

    manager: AsyncKernelManager
    notebook: NotebookNode
    cells: Sequence[RunnableCell]
    tell: Tell
    emit: Emit
    timeout: float | None = None

    async def run(self) -> None:
        """Start the kernel and run the cells; the kernel is left to the caller.

        Raises ScriptFailedError with the cell's position, TimeLimitError, KernelDiedError, or what the engine refuses.
        """
        await self.manager.start_kernel()
        client, limit = _Client(self), asyncio.timeout(self.timeout)
        try:
            async with limit:
                await client.async_execute()
        except CellExecutionError as error:
            raise self._failure(client.running, error) from None
        except (DeadKernelError, TimeoutError) as error:
            if limit.expired():  # a cell that is cancelled may come as a dead kernel
                raise self._overtime(client.running) from None
            raise self._death(client.running) from error
        finally:
            if client.kc is not None:
                client.kc.stop_channels()

    def _failure(self, cell: RunnableCell | None, error: CellExecutionError) -> ScriptFailedError:
        at = _AT_LINE.search(_ANSI.sub("", error.traceback))
        position = CellPosition(cell=cell.number, line=int(at[1]) if at else None) if cell else None
        lines = cell.text.split("\n") if cell else []
        shown = lines[position.line - 1].strip() if position and position.line and position.line <= len(lines) else ""
        description = f"{error.ename}: {_ANSI.sub('', error.evalue)}"
        failure = ScriptFailedError(
            f"The notebook failed in {position or 'a cell'}: {description}" + (f"\n    {shown}" if shown else ""),
            status=1,
            position=position,
        )
        failure.is_located = position is not None
        return failure

    def _overtime(self, cell: RunnableCell | None) -> TimeLimitError:
        where = CellPosition(cell=cell.number) if cell else None
        message, hint = out_of_time(self.timeout or 0, f"The notebook, in {where}," if where else "The notebook")
        failure = TimeLimitError(message, hint=hint, position=where)
        failure.is_located = where is not None
        return failure

    def _death(self, cell: RunnableCell | None) -> KernelDiedError:
        provisioner = self.manager.provisioner
        reason = provisioner.exit_reason if isinstance(provisioner, ContainerProvisioner) else ""
        where = f" in cell {cell.number}" if cell else ""
        died = KernelDiedError(f"The notebook ended{where}: {reason or 'The kernel died.'}")
        died.position = CellPosition(cell=cell.number) if cell else None
        died.is_located = cell is not None
        return died


class _Client(NotebookClient):
    """Runs the text of the cells that are to run, and says what happens; ``running`` is the cell that does."""

    def __init__(self, execution: Execution) -> None:
        super().__init__(execution.notebook, km=execution.manager, timeout=None, coalesce_streams=True)
        self.running: RunnableCell | None = None
        self._execution = execution
        self._cells = {cell.index: (count, cell) for count, cell in enumerate(execution.cells, 1)}

    async def async_execute_cell(
        self, cell: NotebookNode, cell_index: int, execution_count: int | None = None, store_history: bool = True
    ) -> NotebookNode:
        """Run the cell, unless it is to be skipped; the notebook keeps its own text."""
        if cell_index not in self._cells:
            return cell
        count, self.running = self._cells[cell_index]
        source, cell.source = cell.source, self.running.text
        self._progress(count, done=False)
        try:
            await super().async_execute_cell(cell, cell_index, execution_count, store_history)
        finally:
            cell.source = source
        self._progress(count, done=count == len(self._cells))
        return cell

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Keep an output, and tell it."""
        stream, text = _as_text(msg["msg_type"], msg["content"])
        if text:
            self._execution.tell(stream, text)
        return super().output(outs, msg, display_id, cell_index)

    def _progress(self, count: int, *, done: bool) -> None:
        number = self.running.number if self.running else count
        total = len(self._cells)
        label = f"cell {number}, {count} of {total}"
        self._execution.emit(Progress(step="run", item="cells", label=label, current=count, total=total, done=done))


def _as_text(kind: str, content: Mapping[str, Any]) -> tuple[Stream, str]:
    """Return what a message shows, as a terminal can show it."""
    if kind == "stream":
        return ("stderr" if content.get("name") == "stderr" else "stdout"), str(content.get("text", ""))
    if kind in {"execute_result", "display_data"}:
        plain = content.get("data", {}).get("text/plain", "")
        return "stdout", f"{plain}\n" if plain else ""
    if kind == "error":
        return "stderr", "\n".join(map(str, content.get("traceback", ()))) + "\n"
    return "stdout", ""
