"""A session for the cells of a notebook: its image, its container, its kernel."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from jupyter_docker.cells.sessions import OpenSession
from jupyter_docker.commands import CellRequest
from jupyter_docker.engine import OWNER_LABEL, Engine, connect, name_of, owned
from jupyter_docker.kernel import (
    Session,
    check_reach,
    container_kernel,
    folder_of,
    make_folder,
    owner_of,
    remove_folder,
    sweep_folders,
)
from jupyter_docker.notebook import NotebookNode
from jupyter_docker.pipeline import build_kernel_image, container_spec, describe_data
from jupyter_docker.values import Defaults, Emit, Finished, FreezeError, Image, Mount, Recipe, RunSpec, Warned, step

EXCHANGE = PurePosixPath("/run/containerize-exchange")


@dataclass(frozen=True, kw_only=True)
class CellContext:
    """The context of a cell: its notebook, which may not exist though its folder does, the configuration and events."""

    notebook: Path
    defaults: Defaults
    emit: Emit

    @property
    def folder(self) -> Path:
        """The folder of the notebook."""
        return self.notebook.parent


def open_session(
    name: str, request: CellRequest, contents: Sequence[NotebookNode], context: CellContext
) -> OpenSession:
    """Build the image where it is not there, and start a session in it; nothing is left where that fails.

    ``request`` is a cell's. Raises what building and starting raise.
    """
    spec = request.spec(context.folder)
    with ExitStack() as undo:
        engine = undo.enter_context(connect(request.engine or context.defaults.engine or None))
        check_reach(engine)
        recipe, image = choose_image(request, contents, engine, context)
        folder = undo.enter_context(_exchange_folder(engine, spec))
        spec = container_spec(spec, request.choices(context.notebook), recipe, image.reference, data=request.data)
        data = describe_data(spec)
        spec = _with_exchange(spec, engine, folder)
        with step(context.emit, "run", f"Starting {spec.image}{data}") as outcome:
            session = Session(container_kernel(engine, spec), name=name)
            session.start()
            outcome.summary = "ready"
        context.emit(Finished(summary=f"The session '{name}' is ready.", facts={"image": spec.image}))
        return OpenSession(
            session=session,
            engine=engine,
            recipe=recipe,
            image=image,
            request=request,
            spec=spec,
            folder=folder,
            inside=EXCHANGE if engine.shares_files else None,
            overflow=Path(context.defaults.log_folder),
            scope=secrets.token_hex(8),
            resources=undo.pop_all(),
        )


def choose_image(
    request: CellRequest, contents: Sequence[NotebookNode], engine: Engine, context: CellContext
) -> tuple[Recipe, Image]:
    """Return the image of the first of ``contents`` that can be frozen; raises FreezeError of the last."""
    choices = request.choices(context.notebook)
    for content in contents[:-1]:
        try:
            return build_kernel_image(replace(choices, content=content), engine, context.defaults, context.emit)
        except FreezeError as error:
            message = f"Another cell can't be frozen, so the image does not have all that it needs: {error.message}"
            context.emit(Warned(step="freeze", message=message, hint=error.hint))
    return build_kernel_image(replace(choices, content=contents[-1]), engine, context.defaults, context.emit)


def _with_exchange(spec: RunSpec, engine: Engine, folder: Path) -> RunSpec:
    """Return ``spec`` with the folder through which variables go, where the engine sees it, and with a name."""
    shared = (Mount(kind="bind", source=str(folder), target=EXCHANGE),) if engine.shares_files else ()
    complete = replace(spec, mounts=(*spec.mounts, *shared))
    return replace(complete, name=name_of(complete))


@contextmanager
def _exchange_folder(engine: Engine, spec: RunSpec) -> Iterator[Path]:
    """Yield a folder for the container's user, on a disk: variables may be larger than memory allows twice."""
    base = Path(tempfile.gettempdir())
    with ExitStack() as owner:
        label = owner.enter_context(owned("exchange"))[OWNER_LABEL]
        folder = folder_of(label, base)
        owner.enter_context(owned(folder.name))
        sweep_folders(label, base)
        make_folder(folder, owner_of(engine, spec))
        try:
            yield folder
        finally:
            remove_folder(folder)
