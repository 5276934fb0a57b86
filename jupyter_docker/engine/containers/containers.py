"""Running a container: in the foreground with its output, or detached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_docker.engine.connection.identity import LOGS_LABEL, OWNER_LABEL, name_of
from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.engine.containers.attachment import Attachment
from jupyter_docker.engine.containers.creation import Removal, create, start
from jupyter_docker.engine.containers.foreground import Foreground
from jupyter_docker.engine.containers.interrupts import Interrupts
from jupyter_docker.engine.containers.listing import urls_of
from jupyter_docker.engine.containers.watching import watched
from jupyter_docker.engine.files.leftovers import owned, sweep
from jupyter_docker.engine.files.runlog import RunLog
from jupyter_docker.values import Emit, InterruptedRunError, RunResult, RunSpec

if TYPE_CHECKING:
    from jupyter_docker.engine.connection.engine import Engine


@dataclass(frozen=True, kw_only=True)
class Running:
    """A detached container; ``urls`` has for each published container port ("80/tcp") where it is reached."""

    name: str
    id: str
    urls: Mapping[str, str] = field(default_factory=dict)


def run(engine: Engine, spec: RunSpec, *, log_folder: Path, emit: Emit, grace: float = 10) -> RunResult:
    """Run the container to its end, its output emitted as Log events and kept whole in a file of ``log_folder``.

    What it wrote outside any mount is copied beside the log, and then the container is removed; where not all could be
    copied it is kept, and the result's ``unsaved`` says so. On KeyboardInterrupt the container gets its stop signal, or
    is killed on a second one. An exit status other than 0 is no error here.

    Args:
        engine: The engine.
        spec: The container.
        log_folder: The folder for the whole output, and for files that no mount keeps.
        emit: Called with each event.
        grace: The seconds that an interrupted container has to end by itself.

    Raises:
        MountError, MissingError, NameTakenError, PortTakenError, UsageError: The container can't be made or started.
        InterruptedRunError: The person interrupted it.
        EngineLostError, EngineError: The engine failed.
    """
    name = name_of(spec)
    log = RunLog(log_folder, name, emit)
    kept = False
    try:
        with Interrupts() as interrupts, owned(name) as owner, watched(engine, name, owner[OWNER_LABEL]) as removals:
            sweep(engine, log_folder, emit)
            labels = {**owner, LOGS_LABEL: str(log_folder.absolute())}
            container = create(engine, spec, emit, role="foreground", name=name, labels=labels)
            removals.append(Removal(container, emit))
            with removals[0] as removal, log, Attachment.to(engine, container) as attachment:
                try:
                    result = Foreground(
                        engine=engine,
                        spec=spec,
                        container=container,
                        attachment=attachment,
                        log=log,
                        interrupts=interrupts,
                        emit=emit,
                        grace=grace,
                        removal=removal,
                    ).attend()
                finally:
                    kept = not removal.wanted
            interrupts.check()
            return result
    except KeyboardInterrupt:
        hint = f"What it printed is in '{log.path}'." if log.path else ""
        fate = f"'{name}' was stopped and {'kept' if kept else 'removed'}"
        raise InterruptedRunError(f"The run was interrupted; {fate}.", hint=hint) from None


def start_detached(engine: Engine, spec: RunSpec, emit: Emit) -> Running:
    """Start the container and leave it running; port 0 becomes any free one.

    Raises what `run` raises before there is output too; nothing is left then.

    Args:
        engine: The engine.
        spec: The container.
        emit: Called with each event.

    Raises:
        InterruptedRunError: The person interrupted the start.
    """
    name = name_of(spec)
    try:
        with Interrupts() as interrupts:
            container = create(engine, spec, emit, role="detached", name=name)
            with Removal(container, emit) as removal:
                interrupts.check()
                start(container, spec)
                interrupts.check()
                with translated(f"look at '{name}'"):
                    container.reload()
                removal.cancel()
    except KeyboardInterrupt:
        raise InterruptedRunError(f"The start was interrupted; '{name}' was removed.") from None
    return Running(name=name, id=str(container.id), urls=urls_of(container.attrs))
