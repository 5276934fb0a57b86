"""The requests about the engine, its images and containers."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_docker.commands import prunable
from jupyter_docker.doctor import examine
from jupyter_docker.engine import (
    Engine,
    hex_of,
    list_containers,
    list_images,
    own_images,
    prune,
    remove,
    remove_image,
    stop,
)
from jupyter_docker.server.handler import ContainerizeHandler
from jupyter_docker.server.inventory.forms import container_form, image_form, prune_form
from jupyter_docker.server.inventory.limit import LONG, MEDIUM, SHORT, open_engine, within
from jupyter_docker.server.inventory.state import look, unavailable
from jupyter_docker.server.schema import check
from jupyter_docker.values import ContainerizeError, Event, Progress, UsageError, Warned, load_defaults

Value = TypeVar("Value")


class _EngineHandler(ContainerizeHandler):
    @property
    def all(self) -> bool:
        """Whether what was made elsewhere is asked for too; raises UsageError for what is neither true nor false."""
        text = self.get_query_argument("all", "false")
        if text not in {"true", "false"}:
            raise UsageError(f"'all' is '{text[:100]}'.", hint="Write true or false.")
        return text == "true"

    async def ask(self, call: Callable[[Engine], Value], *, seconds: int = MEDIUM) -> Value:
        """Return the answer of the engine; raises EngineUnavailableError where it takes longer."""
        chosen = self.engine_name

        def asked() -> Value:
            with open_engine(chosen, timeout=min(seconds, MEDIUM)) as engine:
                return call(engine)

        return await within(seconds, self.blocking(asked))

    def done(self) -> None:
        """Answer that it is done."""
        self.set_status(204)
        self.finish()


class EngineHandler(_EngineHandler):
    """``/engine``."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Say whether it answers."""
        chosen = self.engine_name
        try:
            state, _ = await within(SHORT, self.blocking(partial(look, chosen)))
        except ContainerizeError as error:
            state = unavailable(error)
        self.reply(state.as_json())


class DoctorHandler(_EngineHandler):
    """``/doctor``."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Make every check."""
        chosen = self.engine_name
        checks = await within(
            LONG, self.blocking(lambda: examine(chosen or load_defaults().engine or None, timeout=SHORT))
        )
        self.reply([asdict(check) for check in checks])


class ImagesHandler(_EngineHandler):
    """``/images``."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """List them."""
        self.reply(await self.ask(partial(_images, all_=self.all)))


class ImageHandler(_EngineHandler):
    """``/images/REFERENCE``."""

    @authenticated
    @authorized
    async def delete(self, image: str) -> None:
        """Remove it."""
        await self.ask(lambda engine: remove_image(engine, image), seconds=LONG)
        self.done()


class ContainersHandler(_EngineHandler):
    """``/containers``."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """List them."""
        chosen, all_ = self.engine_name, self.all
        found = await self.ask(lambda engine: list_containers(engine, all=True, scope="all" if all_ else "own"))
        self.reply([container_form(each, chosen) for each in found])


class ContainerHandler(_EngineHandler):
    """``/containers/NAME``."""

    @authenticated
    @authorized
    async def delete(self, container: str) -> None:
        """Remove it, though it runs; the server's log says where what it wrote was saved."""
        folder = Path(load_defaults().log_folder)
        await self.ask(lambda engine: remove(engine, container, force=True, log_folder=folder, emit=self._tell))
        self.done()

    def _tell(self, event: Event) -> None:
        if isinstance(event, Warned):
            self.log.warning("%s %s", event.message, event.hint)


class StopHandler(_EngineHandler):
    """``/containers/NAME/stop``."""

    @authenticated
    @authorized
    async def post(self, container: str) -> None:
        """Stop it."""
        await self.ask(lambda engine: stop(engine, container, grace=load_defaults().grace), seconds=LONG)
        self.done()


class PruneHandler(_EngineHandler):
    """``/prune``."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Say what can be freed."""
        self.reply(await self.ask(lambda engine: prune_form(prunable(engine))))

    @authenticated
    @authorized
    async def post(self) -> None:
        """Free what of it the request names."""
        body = self.body()
        check("PruneRequest", body)
        shown = {(item["id"], item["name"]) for item in body["items"]}
        self.reply(await self.ask(partial(_prune, shown=shown), seconds=LONG))


def _images(engine: Engine, *, all_: bool) -> list[dict[str, Any]]:
    containers = list_containers(engine, all=True, scope="all")
    own = own_images()
    found = list_images(engine, scope="all" if all_ else "own")
    return [image_form(image, containers, own=hex_of(image.id) in own) for image in found]


def _prune(engine: Engine, *, shown: Collection[tuple[str, str]]) -> dict[str, Any]:
    """Free what was shown, by ID and name, and what can still be freed; returns the schema ``Pruned``."""
    removed, warnings = list[str](), list[str]()

    def emit(event: Event) -> None:
        if isinstance(event, Progress):
            removed.append(event.label)
        elif isinstance(event, Warned):
            warnings.append(f"{event.message} {event.hint}".rstrip())

    plan = prunable(engine).only(shown)
    if plan:
        prune(engine, plan, emit, log_folder=Path(load_defaults().log_folder))
    return {"removed": removed, "warnings": warnings}
