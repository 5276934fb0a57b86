"""A whole notebook in a container's kernel, from the kernel's start to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_client.manager import AsyncKernelManager
from nbformat import NotebookNode

from jupyter_docker.engine import Removal, Results, RunLog
from jupyter_docker.kernel.container.launch import container_kernel
from jupyter_docker.kernel.notebook.background import Background
from jupyter_docker.kernel.notebook.execution import Execution
from jupyter_docker.kernel.provisioner import ContainerProvisioner
from jupyter_docker.notebook import RunnableCell
from jupyter_docker.values import Emit, RunSpec, ScriptFailedError, Stream, UnsavedResultsError

if TYPE_CHECKING:
    from jupyter_docker.engine import Engine


@dataclass(kw_only=True)
class NotebookRun:
    """Runs ``cells`` of ``document``, which gets their outputs; ``log`` is the file of what they showed, once run."""

    engine: Engine
    spec: RunSpec
    document: NotebookNode
    cells: Sequence[RunnableCell]
    name: str
    log_folder: Path
    log: Path | None = None

    def run(self, emit: Emit) -> None:
        """Run it; raises ScriptFailedError for a cell that fails.

        Raises KernelDiedError, UnsavedResultsError, KeyboardInterrupt or EngineError too.
        """
        Background(self._work).run(emit)

    async def _work(self, emit: Emit) -> None:
        manager = container_kernel(self.engine, self.spec, manager_class=AsyncKernelManager)
        with RunLog(self.log_folder, self.name, emit) as log:
            self.log = log.path

            def tell(stream: Stream, text: str) -> None:
                log.add(stream, text.encode(errors="replace"))

            complete = False
            try:
                await Execution(
                    manager=manager,
                    notebook=self.document,
                    cells=self.cells,
                    tell=tell,
                    emit=emit,
                    timeout=self.spec.limits.timeout,
                ).run()
                complete = True
            except ScriptFailedError as error:
                error.log = str(log.path or "")
                raise
            finally:
                # Shielded: an interrupt ends the cells, not what clears up behind them.
                unsaved = await asyncio.shield(self._end(manager, log, emit, complete=complete))
        if unsaved is not None:
            raise unsaved

    async def _end(
        self, manager: AsyncKernelManager, log: RunLog, emit: Emit, *, complete: bool
    ) -> UnsavedResultsError | None:
        provisioner, unsaved = manager.provisioner, None
        if isinstance(provisioner, ContainerProvisioner) and not provisioner.exit_reason:
            unsaved = await asyncio.to_thread(self._save_files, provisioner, log, emit)
        await manager.shutdown_kernel(now=not complete)
        return unsaved

    def _save_files(self, provisioner: ContainerProvisioner, log: RunLog, emit: Emit) -> UnsavedResultsError | None:
        container = provisioner.container
        if container is None:
            return None
        results = _KernelResults(
            engine=self.engine,
            container=container,
            into=log.files_folder,
            emit=emit,
            removal=Removal(container, emit),
            words=self.spec.words,
        )
        results.save("", check=lambda: None)
        return results.error


class _KernelResults(Results):
    """The files of a kernel's container, which can't be kept: the engine removes it at its end."""

    def _keep(self, message: str) -> None:
        hint = "Make a folder for them, mount it, as in -v ./output:output, and run it again."
        self._warn(f"{message} They are gone with the kernel's container.", hint)
        self.error = UnsavedResultsError("Files that the notebook wrote could not be saved.", hint=hint)
