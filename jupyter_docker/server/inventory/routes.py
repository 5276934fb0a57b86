"""The routes of this part."""

from __future__ import annotations

import re

from tornado.web import RequestHandler

from jupyter_docker.engine import find
from jupyter_docker.server.child import command
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
from jupyter_docker.server.inventory.limit import SHORT, open_engine, within
from jupyter_docker.server.socket import ContainerizeSocket
from jupyter_docker.values import EngineLostError, UsageError

_NUMBER = re.compile(r"[0-9]{1,9}")
_MAX_CHUNK = 64 * 1024  # bytes


class LogsSocket(ContainerizeSocket):
    """``/containers/NAME/logs``: its log so far, then what comes, until it ends."""

    async def check(self, container: str) -> None:  # type: ignore[override]
        """Refuse a container that is not there or not ours, or lines that are no number."""
        engine, tail = self.engine_name, self.get_query_argument("tail", "")
        if tail and not _NUMBER.fullmatch(tail):
            raise UsageError(f"'{tail[:100]}' is no number of lines.", hint="Write one such as 1000, or leave it out.")

        def exists() -> None:
            with open_engine(engine) as asked:
                find(asked, container)

        await within(SHORT, self.blocking(exists))
        choices = {"--engine": engine, "--tail": tail}
        self._argv = ["logs", "--follow", "--json", *(f"{key}={value}" for key, value in choices.items() if value)]

    async def send(self, container: str) -> None:  # type: ignore[override]
        """Send what the command prints, whole lines at a time; raises EngineLostError where the container may go on."""
        rest = b""
        async with command([*self._argv, container], folder=self.services.root) as reader:
            while reader.stdout and (data := await reader.stdout.read(_MAX_CHUNK)):
                whole, newline, rest = (rest + data).rpartition(b"\n")
                if newline:
                    await self.write_message(b"[%b]" % b",".join(whole.split(b"\n")), binary=False)
            if await reader.wait():
                raise EngineLostError(f"The log of '{container}' broke off.")


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
