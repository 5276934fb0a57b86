"""The state of an engine: its answer, and a mark that changes when its inventory does."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from jupyter_docker.engine import Engine, inventory_mark
from jupyter_docker.server.inventory.limit import open_engine
from jupyter_docker.values import ContainerizeError


@dataclass(frozen=True, kw_only=True)
class EngineState:
    """The schema ``Engine``: ``message`` and ``hint`` say what is wrong where it is not available."""

    available: bool
    name: str = ""
    message: str = ""
    hint: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return asdict(self)


def unavailable(error: ContainerizeError) -> EngineState:
    """Return the state of an engine that did not answer."""
    return EngineState(available=False, message=error.message, hint=error.hint)


def look(endpoint: str) -> tuple[EngineState, int]:
    """Return the state of the engine (the docker command's own where ``endpoint`` is empty), and a mark.

    The mark is another when an image or a container has come, gone or changed its state. It never raises for an engine
    that is not there.
    """
    try:
        with open_engine(endpoint) as engine:
            return EngineState(available=True, name=_name(engine)), inventory_mark(engine)
    except ContainerizeError as error:
        return unavailable(error), 0


def _name(engine: Engine) -> str:
    kind = "Podman" if engine.podman else "Docker Engine"
    return f"{kind} {engine.version}, linux/{engine.architecture}"
