"""A whole notebook in a container's kernel, from the kernel's start to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_client.manager import AsyncKernelManager
from nbformat import NotebookNode

from jupyter_docker.engine import LOGS_LABEL, Removal, Results, RunLog
from jupyter_docker.kernel.container.launch import container_kernel
from jupyter_docker.kernel.notebook.background import Background
from jupyter_docker.kernel.notebook.execution import Execution
from jupyter_docker.notebook import RunnableCell
from jupyter_docker.values import Emit, RunSpec, ScriptFailedError, Stream, UnsavedResultsError

if TYPE_CHECKING:
    from docker.models.containers import Container

    from jupyter_docker.engine import Engine


@dataclass(kw_only=True)
class NotebookRun:
    """Runs ``cells`` of ``document``, which gets their outputs; ``log`` is the file of what they showed, once run.

    Where not all that they wrote outside of mounts could be saved the container is kept, and ``unsaved`` says so.
    """

    engine: Engine
    spec: RunSpec
    document: NotebookNode
    cells: Sequence[RunnableCell]
    name: str
    log_folder: Path
    log: Path | None = None
    unsaved: UnsavedResultsError | None = None

    def run(self, emit: Emit) -> None:
        """Run it; raises ScriptFailedError for a cell that fails.

        Raises KernelDiedError, UnsavedResultsError, KeyboardInterrupt or EngineError too.
        """
        Background(self._work).run(emit)

    async def _work(self, emit: Emit) -> None:
        with RunLog(self.log_folder, self.name, emit) as log:
            self.log = log.path
            spec = replace(self.spec, labels={**self.spec.labels, LOGS_LABEL: str(self.log_folder.absolute())})
            save = partial(self._save, log.files_folder, emit)
            manager = container_kernel(self.engine, spec, manager_class=AsyncKernelManager, save=save)

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
                await asyncio.shield(manager.shutdown_kernel(now=not complete))
        if self.unsaved is not None:
            raise self.unsaved

    def _save(self, into: Path, emit: Emit, container: Container, removal: Removal) -> None:
        results = Results(
            engine=self.engine, container=container, into=into, emit=emit, removal=removal,
            mount_arguments=self.spec.mount_arguments, are_mounts_lasting=False,
        )  # fmt: skip
        results.save()
        self.unsaved = results.error
