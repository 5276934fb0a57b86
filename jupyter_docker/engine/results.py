"""What a run wrote and no mount keeps: saved before its container goes, and said."""

from __future__ import annotations

import shlex
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
from jupyter_docker.mount_words import MountWords

if TYPE_CHECKING:
    from docker.models.containers import Container

    from jupyter_docker.engine.connection import Engine

_MOST_NAMED = 5


@dataclass(kw_only=True)
class Results:
    """The files of one ended container; ``removal`` is cancelled where they are too many to copy.

    ``words`` are for mounts to keep such files, where it is known which notebook's they are.
    """

    engine: Engine
    container: Container
    into: Path
    emit: Emit
    removal: Removal
    words: MountWords | None = None

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
            _advice(files, self.words),
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


def _advice(files: Sequence[Path], words: MountWords | None) -> str:
    folders = sorted({file.parts[0] for file in files if len(file.parts) > 1})
    if not folders or words is None:
        return "To keep them, write them into a folder that is beside the notebook before it runs."
    missing = [folder for folder in folders if not (words.folder / folder).exists()]
    make = shlex.join(["mkdir", *map(words.source, missing)])
    mounts = " ".join(words.mount(folder, read_only=False) for folder in folders)
    if not missing:
        return f"To keep them beside the notebook add {mounts}"
    return (
        f"To keep them beside the notebook run `{make}` first (code that makes it needs exist_ok=True) and add {mounts}"
    )
