"""Results of a run that no mount keeps: saved before its container goes, with a warning; else the container stays."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from jupyter_docker.engine.connection.identity import KEPT_SUFFIX
from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.engine.containers.creation import Removal
from jupyter_docker.engine.files.rescue import Rescued, SavingError, is_reachable, rescue, results_root, written_state
from jupyter_docker.engine.files.unpacking import printable
from jupyter_docker.values import (
    Emit,
    EngineError,
    EngineLostError,
    MissingError,
    MountArguments,
    UnsavedResultsError,
    Warned,
)

if TYPE_CHECKING:
    from docker.models.containers import Container

    from jupyter_docker.engine.connection.engine import Engine

_MAX_NAMED = 5


@dataclass(kw_only=True)
class Results:
    """The files of one ended container; ``removal`` is cancelled where they are not all safe.

    ``mount_arguments`` are for mounts to keep such files, where it is known which notebook's they are.
    ``are_mounts_lasting`` is whether what is mounted in it will be there once it has ended. After `save` ``error`` says
    what is not safe and how to get it; it is None where all is.
    """

    engine: Engine
    container: Container
    into: Path
    emit: Emit
    removal: Removal
    mount_arguments: MountArguments | None = None
    are_mounts_lasting: bool = True
    error: UnsavedResultsError | None = None

    def save(self, before: str | None = None, *, check: Callable[[], None] = lambda: None) -> tuple[Path, ...]:
        """Copy them to ``into`` and return where they are; ``before`` is the folder's state before the start, if known.

        A Warned event says what was saved, another what was not and that the container was kept; nothing is raised but
        what ``check`` raises, and then it is kept as well.
        """
        self.removal.cancel()
        try:
            rescued = self._rescued(before, check)
        except SavingError:
            return ()  # the other process removes it
        except (EngineError, OSError) as error:
            if not self._is_gone(error):
                self._keep(
                    f"What the run wrote outside its mounts could not be copied to '{self.into.parent}': {error}."
                )
            return ()
        except KeyboardInterrupt:
            self._keep("What the run wrote outside its mounts was not copied, for that was interrupted.")
            raise
        self._tell(rescued)
        if rescued.unsaved:
            self._keep(_unsaved(rescued))
        else:
            self.removal.allow()
        return rescued.saved

    def _rescued(self, before: str | None, check: Callable[[], None]) -> Rescued:
        if written_state(self.engine, self.container) in {"", before}:
            return Rescued(into=self.into)
        return rescue(self.container, self.into, emit=self.emit, check=check)

    def _is_gone(self, error: EngineError | OSError) -> bool:
        """Whether somebody has removed the container meanwhile."""
        if isinstance(error, MissingError):
            try:
                with translated(f"look at '{self.container.name}'"):
                    self.container.reload()
            except MissingError:
                return True
            except EngineError:
                return False
        return False

    def _tell(self, rescued: Rescued) -> None:
        left = _named(rescued.skipped)
        skipped = f" Links and devices are not copied: {left}." if left else ""
        if rescued.relative:
            named, count = _named(rescued.relative), _count(len(rescued.relative))
            message = f"The run wrote {count} that no mount keeps: {named}. Copies are in '{rescued.into}'.{skipped}"
            files = [PurePosixPath(results_root(self.container), path) for path in rescued.relative]
            self._warn(message, _advice(files, self.mount_arguments))
        elif skipped:
            self._warn(f"The run made what no mount keeps.{skipped}", "")

    def _keep(self, message: str) -> None:
        """Keep the container, under a name that says so, and say how to get at the files."""
        self.removal.cancel()
        name, hint = self._kept()
        self._warn(f"{message} The container '{name}' was kept.", hint)
        self.error = UnsavedResultsError(f"Files that the run wrote are only in its container, '{name}'.", hint=hint)

    def _kept(self) -> tuple[str, str]:
        """Give the container a name that says that it is kept; return the name, and how to get at the files."""
        name = str(self.container.name)
        try:
            if not name.endswith(KEPT_SUFFIX):
                with translated("rename the container"):
                    self.container.rename(f"{name}{KEPT_SUFFIX}")
                name = f"{name}{KEPT_SUFFIX}"
        except EngineLostError:
            return name, f"Start the engine again: the next run saves them, or `jupyter containerize rm {name}` does."
        except EngineError:  # it keeps its name
            pass
        return name, f"Copy them with `{self._copy_line(name)}`, then `jupyter containerize rm {name}`."

    def _copy_line(self, name: str) -> str:
        """Return the command that copies where a run writes out of the container, called ``name``."""
        root = results_root(self.container)
        if self.are_mounts_lasting and is_reachable(self.container):
            return f"docker cp {shlex.quote(f'{name}:{root}')} FOLDER"
        return f"docker export {name} | tar -x -C FOLDER {shlex.quote(str(root).strip('/'))}"

    def _warn(self, message: str, hint: str) -> None:
        self.emit(Warned(step="run", message=message, hint=hint))


def _unsaved(rescued: Rescued) -> str:
    reasons = [f"{path} ({why})" for path, why in sorted(rescued.unsaved.items())]
    return f"{_count(len(reasons))} of the run could not be copied: {_named(reasons)}."


def _count(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"


def _named(names: Iterable[object]) -> str:
    known = [printable(name) for name in names]
    more = f" and {len(known) - _MAX_NAMED} more" if len(known) > _MAX_NAMED else ""
    return ", ".join(known[:_MAX_NAMED]) + more


def _advice(files: Sequence[PurePosixPath], mount_arguments: MountArguments | None) -> str:
    known = [] if mount_arguments is None else [_folder_of(file, mount_arguments) for file in files]
    folders = sorted({folder for folder in known if folder and printable(folder) == folder})
    if not folders or mount_arguments is None:
        return "To keep them, write them into a folder that is beside the notebook before it runs."
    missing = [folder for folder in folders if not (mount_arguments.folder / folder).exists()]
    make = shlex.join(["mkdir", *map(mount_arguments.source, missing)])
    mounts = " ".join(mount_arguments.mount(folder, read_only=False) for folder in folders)
    if not missing:
        return f"To keep them beside the notebook add {mounts}"
    return (
        f"To keep them beside the notebook run `{make}` first (code that makes it needs exist_ok=True) and add {mounts}"
    )


def _folder_of(file: PurePosixPath, mount_arguments: MountArguments) -> str:
    """Return the first folder on the way from the notebook to what was written; empty for what is beside it."""
    way = mount_arguments.way_to(file)
    steps = [part for part in way.parts if part == os.pardir]
    rest = way.parts[len(steps) : -1]
    return "/".join([*steps, rest[0]]) if rest else ""
