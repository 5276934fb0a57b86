"""The routes of this part."""

from __future__ import annotations

from tornado.web import RequestHandler

from jupyter_docker.server.inventory.handlers import (
    ContainerHandler,
    ContainersHandler,
    DoctorHandler,
    EngineHandler,
    ImageHandler,
    ImagesHandler,
    PruneHandler,
    StopHandler,
)
from jupyter_docker.server.inventory.sockets import LogsSocket

_CONTAINER = r"containers/([a-zA-Z0-9][a-zA-Z0-9_.-]*)"

ROUTES: tuple[tuple[str, type[RequestHandler]], ...] = (
    ("engine", EngineHandler),
    ("doctor", DoctorHandler),
    ("images", ImagesHandler),
    ("images/(.+)", ImageHandler),
    ("containers", ContainersHandler),
    (_CONTAINER, ContainerHandler),
    (rf"{_CONTAINER}/stop", StopHandler),
    (rf"{_CONTAINER}/logs", LogsSocket),
    ("prune", PruneHandler),
)
