"""What a run wrote and no mount keeps: saved before its container goes, and said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_docker.engine.creation import Removal
from jupyter_docker.engine.leftovers import KEPT_SUFFIX
from jupyter_docker.engine.rescue import MOST_BYTES, TooMuchError, folder_state, rescue
from jupyter_docker.engine.translate import translated
from jupyter_docker.errors import EngineError
from jupyter_docker.events import Emit, Warned

if TYPE_CHECKING:
    from docker.models.containers import Container

    from jupyter_docker.engine.connection import Engine

_MOST_NAMED = 5


@dataclass(kw_only=True)
class Results:
    """The files of one ended container; ``removal`` is cancelled where they are too many to copy."""

    engine: Engine
    container: Container
    into: Path
    emit: Emit
    removal: Removal

    def save(self, before: str | None = None, *, check: Callable[[], None] = lambda: None) -> tuple[Path, ...]:
        """Copy them to ``into`` and return where they are; ``before`` is the folder's state before the start, if known.

        A Warned event says what was saved or why not; nothing is raised but what ``check`` raises.
        """
        try:
            if folder_state(self.engine, self.container) in {"", before}:
                return ()
            files = rescue(self.container, self.into, check=check)
        except TooMuchError:
            self._keep()
            return ()
        except (EngineError, OSError) as error:
            self._warn(f"What '{self.container.name}' wrote outside its mounts could not be copied: {error}", "")
            return ()
        if files:
            self._tell([file.relative_to(self.into) for file in files])
        return files

    def _tell(self, files: Sequence[Path]) -> None:
        named = ", ".join(str(file) for file in files[:_MOST_NAMED])
        more = f" and {len(files) - _MOST_NAMED} more" if len(files) > _MOST_NAMED else ""
        count = "1 file" if len(files) == 1 else f"{len(files)} files"
        self._warn(
            f"The run wrote {count} that no mount keeps: {named}{more}. Copies are in '{self.into}'.",
            f"To keep them beside the notebook {_advice(files)}.",
        )

    def _keep(self) -> None:
        name = f"{self.container.name}{KEPT_SUFFIX}"
        self.removal.cancel()
        with suppress(EngineError), translated("rename the container"):
            self.container.rename(name)
        workdir = self.container.attrs["Config"]["WorkingDir"]
        self._warn(
            f"The run wrote more than {MOST_BYTES / 2**30:g} GB that no mount keeps; its container '{name}' was kept.",
            f"Copy it with `docker cp {name}:{workdir} FOLDER`, then `jupyter containerize rm {name}`.",
        )

    def _warn(self, message: str, hint: str) -> None:
        self.emit(Warned(step="run", message=message, hint=hint))


def _advice(files: Sequence[Path]) -> str:
    folders = sorted({file.parts[0] for file in files if len(file.parts) > 1})
    if not folders:
        return "make a folder for them, write them there and mount it, as in -v ./output:output"
    return "add " + " ".join(f"-v ./{folder}:{folder}" for folder in folders)
