"""Everything that can go wrong, as one tree.

Each class has its own exit code and a hint that says what to do next::

    ContainerizeError (1)
    ├── UsageError (2)               the words of the command
    ├── NotebookError (64)           the file is no notebook that can be read
    │   ├── NotebookLanguageError (65)   …or is not Python
    │   └── CellSyntaxError (66)         …or a cell does not parse
    ├── FreezeError (70)             what the code needs can't be pinned
    │   ├── EnvironmentUnavailableError (71)
    │   ├── UnresolvedImportError (72)
    │   ├── LockError (73)
    │   └── VerificationError (74)       the frozen notebook does not run
    ├── EngineError (80)             the container engine refused
    │   ├── EngineUnavailableError (81)
    │   ├── EnginePermissionError (82)
    │   ├── EngineLostError (83)         it went away while it worked
    │   ├── BaseImageError (84)
    │   ├── BuildError (85)
    │   ├── DiskFullError (86)
    │   ├── PortTakenError (87)
    │   ├── NameTakenError (88)
    │   ├── MissingError (89)            no such container or image
    │   └── PushError (90)
    ├── MountError (91)              a source is missing or not allowed
    ├── KernelDiedError (92)         a kernel in a container ended, or never began
    ├── ExchangeError (93)           variables can't go into a container, or come back
    │   ├── MissingNameError (94)        the notebook has no such name
    │   ├── NotSendableError (95)
    │   └── NotReceivableError (96)
    ├── ActiveJobError (97)          a job has not ended
    ├── UnsavedResultsError (98)     files that a run wrote are only in its container, which is kept
    ├── NotReproducedError (99)      a notebook ran, and did not give what was saved
    ├── ScriptFailedError            the container's own exit status
    │   └── TimeLimitError (124)         it ran longer than it may
    └── InterruptedRunError (130)

125 to 127 are left to what `docker run` uses them for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from jupyter_docker.values.fixes import Fix

__all__ = [
    "ActiveJobError", "BaseImageError", "BuildError", "CellPosition", "CellSyntaxError", "ContainerizeError",
    "DiskFullError", "EngineError", "EngineLostError", "EnginePermissionError", "EngineUnavailableError",
    "EnvironmentUnavailableError", "ExchangeError", "FreezeError", "InterruptedRunError", "KernelDiedError",
    "LockError", "MissingError", "MissingNameError", "MountError", "NameTakenError", "NotReceivableError",
    "NotReproducedError", "NotSendableError", "NotebookError", "NotebookLanguageError", "PortTakenError", "PushError",
    "ScriptFailedError",
    "TimeLimitError", "UnresolvedImportError", "UnsavedResultsError", "UsageError", "VerificationError",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CellPosition:
    """A place in a notebook: the cell's number as in ``[7]`` after "Run All", and the line in it, both from 1."""

    cell: int
    line: int | None = None

    def __str__(self) -> str:
        return f"cell {self.cell}" + (f", line {self.line}" if self.line else "")


class ContainerizeError(Exception):
    """The root: ``message`` says what failed, ``hint`` what to do next, ``position`` where in the notebook.

    ``fixes`` are the choices that the hint names, which a program can make. ``is_located`` says that the message names
    the position already; ``remedy`` is the hint without what leads to the command ``doctor``, which shows it.
    """

    exit_code: int = 1
    default_hint: ClassVar[str] = ""
    default_remedy: ClassVar[str | None] = None
    is_located: bool = False

    def __init__(
        self, message: str, *, hint: str = "", position: CellPosition | None = None, fixes: Iterable[Fix] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or self.default_hint
        self.position = position
        self.fixes = tuple(fixes)
        self.remedy = hint or (self.default_hint if self.default_remedy is None else self.default_remedy)


class UsageError(ContainerizeError):
    """The words of the command can't be understood."""

    exit_code = 2
    default_hint = "`jupyter containerize --help` lists the commands and their options."


class NotebookError(ContainerizeError):
    """The file is not a notebook that can be read."""

    exit_code = 64
    default_hint = "Open the notebook in JupyterLab and save it again."


class NotebookLanguageError(NotebookError):
    """The notebook is for another language."""

    exit_code = 65
    default_hint = "Only Python notebooks can be containerized; choose a Python kernel for it."


class CellSyntaxError(NotebookError):
    """A cell does not parse, so that the script would fail before its first line."""

    exit_code = 66
    is_located = True
    default_hint = "Correct that line, or tag the cell `skip` to leave it out."


class FreezeError(ContainerizeError):
    """What the code needs can't be pinned."""

    exit_code = 70


class EnvironmentUnavailableError(FreezeError):
    """The Python environment to freeze can't be found or asked."""

    exit_code = 71
    default_hint = "`jupyter kernelspec list` lists the kernels; or name an interpreter with --python PATH."


class UnresolvedImportError(FreezeError):
    """The code imports names that nothing in the environment provides."""

    exit_code = 72
    is_located = True


class LockError(FreezeError):
    """The versions that the environment has can't be locked."""

    exit_code = 73


class VerificationError(FreezeError):
    """The frozen notebook does not run without network: ``obstacle`` is the class of what stands in the way.

    It is "network", "file", "version", "platform", "module" or "unknown"; ``log`` is where the run's output is kept.
    """

    exit_code = 74

    def __init__(
        self, message: str, *, obstacle: str, hint: str, position: CellPosition | None = None, log: str = ""
    ) -> None:
        super().__init__(message, hint=hint, position=position)
        self.obstacle = obstacle
        self.log = log


class EngineError(ContainerizeError):
    """The container engine refused, in words of its own; ``status`` is the HTTP status of its answer."""

    exit_code = 80
    default_hint = "`jupyter containerize doctor` checks the engine."
    default_remedy: ClassVar[str | None] = ""
    status: int | None = None


class EngineUnavailableError(EngineError):
    """No container engine answers."""

    exit_code = 81
    default_hint = (
        "Start Docker Desktop, or the docker service, and try again; `jupyter containerize doctor` says more."
    )
    default_remedy = "Start Docker Desktop, or the docker service, and try again."


class EnginePermissionError(EngineError):
    """The engine is there but this user may not talk to it."""

    exit_code = 82
    default_remedy = None
    default_hint = "Ask for membership of the `docker` group, then log out and in again; or use rootless Docker."


class EngineLostError(EngineError):
    """The engine went away while it worked."""

    exit_code = 83
    default_remedy = None
    default_hint = "Start the engine again; what was left there is cleaned up by the next command."


class BaseImageError(EngineError):
    """The base image can't be had."""

    exit_code = 84
    default_remedy = None
    default_hint = "Check the name and the network, or choose another one with --base."


class BuildError(EngineError):
    """A step of the build failed: ``step_name`` is the instruction, ``log_tail`` its last lines."""

    exit_code = 85

    def __init__(
        self, message: str, *, step_name: str = "", log_tail: str = "", hint: str = "", fixes: Iterable[Fix] = ()
    ) -> None:
        super().__init__(message, hint=hint, fixes=fixes)
        self.step_name = step_name
        self.log_tail = log_tail


class DiskFullError(EngineError):
    """The engine's disk is full."""

    exit_code = 86
    default_remedy = None
    default_hint = "`jupyter containerize prune` shows what can be freed, and frees it."


class PortTakenError(EngineError):
    """A port to publish is in use."""

    exit_code = 87
    default_remedy = None
    default_hint = "Choose another host port: -p OTHER:PORT, or -p 0:PORT for any free one."


class NameTakenError(EngineError):
    """A container of that name exists."""

    exit_code = 88


class MissingError(EngineError):
    """There is no such container or image."""

    exit_code = 89
    default_remedy = None
    default_hint = "`jupyter containerize ps -a` and `jupyter containerize images` list what there is."


class PushError(EngineError):
    """The registry did not take the image."""

    exit_code = 90


class MountError(ContainerizeError):
    """A mount's source is missing, or not allowed."""

    exit_code = 91


class KernelDiedError(ContainerizeError):
    """A kernel in a container ended by itself, or before it was ready."""

    exit_code = 92


class ExchangeError(ContainerizeError):
    """A variable can't go into a container, or come back; ``name`` is which."""

    exit_code = 93

    def __init__(self, message: str, *, name: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.name = name


class MissingNameError(ExchangeError):
    """The notebook has no variable of that name."""

    exit_code = 94


class NotSendableError(ExchangeError):
    """The value can't be written down, or not be read again in the container."""

    exit_code = 95


class NotReceivableError(ExchangeError):
    """What the container gives for that name is no data that can be read."""

    exit_code = 96


class ActiveJobError(ContainerizeError):
    """A job has not ended."""

    exit_code = 97
    default_hint = "Stop it first."


class UnsavedResultsError(ContainerizeError):
    """Files that a run wrote could not be copied out of its container, which is kept."""

    exit_code = 98


class NotReproducedError(ContainerizeError):
    """A notebook gave other results than those that are saved in it."""

    exit_code = 99


class ScriptFailedError(ContainerizeError):
    """The container ended with another status than 0, which is the exit code; ``log`` is where its output is kept."""

    def __init__(
        self,
        message: str,
        *,
        status: int,
        hint: str = "",
        position: CellPosition | None = None,
        log: str = "",
        fixes: Iterable[Fix] = (),
    ) -> None:
        super().__init__(message, hint=hint, position=position, fixes=fixes)
        self.exit_code = status
        self.log = log


class TimeLimitError(ScriptFailedError):
    """The run took longer than its timeout; the exit status is that of ``timeout``."""

    exit_code = 124

    def __init__(self, message: str, *, hint: str = "", position: CellPosition | None = None, log: str = "") -> None:
        super().__init__(message, status=type(self).exit_code, hint=hint, position=position, log=log)


class InterruptedRunError(ContainerizeError):
    """The user interrupted."""

    exit_code = 130
