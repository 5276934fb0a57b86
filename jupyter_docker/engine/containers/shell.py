"""Another command in a running container: at a terminal, or with its output as events."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from jupyter_docker.engine.connection.identity import Scope
from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.engine.containers.attachment import Attachment
from jupyter_docker.engine.containers.ending import describe
from jupyter_docker.engine.containers.interrupts import Interrupts
from jupyter_docker.engine.containers.listing import find
from jupyter_docker.engine.containers.stream import TextDecoder
from jupyter_docker.values import (
    NEUTRAL_FOLDER,
    ContainerizeError,
    Emit,
    EngineError,
    Log,
    RunResult,
    RunSpec,
    ScriptFailedError,
    Warned,
    find_program,
)

if TYPE_CHECKING:
    from docker.models.containers import Container

    from jupyter_docker.engine.connection.engine import Engine

_REFUSAL = "OCI runtime exec failed"
_NO_PROGRAM = {126, 127}


def exec_(
    engine: Engine,
    name: str,
    command: Sequence[str],
    *,
    emit: Emit,
    interactive: bool = False,
    scope: Scope = "own",
) -> int:
    """Run ``command`` in the running container and return its exit status.

    An interactive one goes through the docker CLI. Else, and where there is no CLI, its output is emitted and it has no
    input.

    Args:
        engine: The engine.
        name: The container's name or ID.
        command: The program and its arguments.
        emit: Called with each event.
        interactive: Whether the command gets this process's standard streams, and a terminal where stdin is one.
        scope: Whose containers count.

    Raises:
        MissingError: There is no such container.
        ScriptFailedError: The container has no such command.
        EngineError: It does not run, or the engine failed.
    """
    container = find(engine, name, scope=scope)
    if not container.attrs["State"]["Running"]:
        raise EngineError(
            f"The container '{name}' is not running.", hint="`jupyter containerize ps` lists those that are."
        )
    cli = find_program("docker") if interactive else None
    if cli is not None:
        streams = "-it" if sys.stdin.isatty() else "-i"
        program = [cli, "exec", streams, str(container.id), *command]
        return subprocess.run(program, env=engine.cli_environment(), cwd=NEUTRAL_FOLDER, check=False).returncode
    if interactive:
        emit(Warned(step="run", message="There is no docker CLI to type into a container with; it gets no input."))
    return _exec(engine, container, command, emit)


def _exec(engine: Engine, container: Container, command: Sequence[str], emit: Emit) -> int:
    api, text, refusal = engine.client.api, TextDecoder(), ""
    with translated(f"run '{command[0]}' in '{container.name}'"), Interrupts() as interrupts:
        execution = api.exec_create(str(container.id), list(command))["Id"]
        with Attachment(api.exec_start(execution, socket=True)) as attachment:
            for stream, data in attachment.payloads(interrupts):
                decoded = text.feed(stream, data)
                if decoded.startswith(_REFUSAL):
                    refusal = decoded
                elif decoded:
                    emit(Log(step="run", text=decoded, stream=stream))
        for stream, rest in text.close():
            emit(Log(step="run", text=rest, stream=stream))
        status = int(api.exec_inspect(execution)["ExitCode"])
    if refusal:
        raise _not_run(container, command, status, refusal)
    return status


def _not_run(container: Container, command: Sequence[str], status: int, refusal: str) -> ContainerizeError:
    if status not in _NO_PROGRAM:
        return EngineError(f"'{command[0]}' can't be run in '{container.name}': {refusal.strip()}")
    ended = RunResult(container_id=str(container.id), name=str(container.name), exit_code=status)
    message, hint = describe(ended, RunSpec(image="", command=tuple(command)))
    return ScriptFailedError(message, status=status, hint=hint)
