"""The extension that Jupyter Server loads."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from jupyter_server.extension.application import ExtensionApp
from tornado.ioloop import IOLoop
from tornado.web import RequestHandler
from traitlets import Int, List, Unicode

from jupyter_docker.engine import has_context
from jupyter_docker.server.inventory import routes as inventory
from jupyter_docker.server.inventory.monitor import EngineMonitor
from jupyter_docker.server.jobs import routes as jobs
from jupyter_docker.server.jobs.board import JobBoard
from jupyter_docker.server.jobs.queue import JobQueue
from jupyter_docker.server.jobs.store import JobStore
from jupyter_docker.server.notebooks import contents_path
from jupyter_docker.server.plans import routes as plan
from jupyter_docker.server.plans.desk import PlanDesk
from jupyter_docker.server.pool import BlockingPool
from jupyter_docker.server.watch import WatchSocket
from jupyter_docker.values import UsageError, load_defaults


def routes() -> list[tuple[str, type[RequestHandler]]]:
    """Return every route, below the server's base URL."""
    table: tuple[tuple[str, type[RequestHandler]], ...]
    table = (*jobs.ROUTES, ("watch", WatchSocket), *plan.ROUTES, *inventory.ROUTES)
    return [(rf"/containerize/{path}", handler) for path, handler in table]


_MOST_CALLS = 4  # to the engine at once
_MOST_FILES = 4  # read at once; apart, so that they need not wait for an engine that is slow

_ENGINES = (
    "Name a Docker context of the server's user (`docker context ls` lists them), or have the address added to "
    "c.ContainerizeServer.engines in the server's configuration."
)


class ContainerizeServer(ExtensionApp):
    """Serves ``containerize/``; its traits are set as ``c.ContainerizeServer.…`` in a Jupyter Server configuration."""

    name = "jupyter_docker"
    extension_url = "/containerize"
    load_other_extensions = True

    max_jobs = Int(2, min=1, help="How many jobs run at once; the others wait.").tag(config=True)
    kept_jobs = Int(100, min=1, help="How many jobs that ended are kept, with their logs.").tag(config=True)
    mount_roots = List(
        Unicode(), help="The folders below which a job may mount what it is asked to; empty is the server's root."
    ).tag(config=True)

    engines = List(
        Unicode(),
        help="Addresses of engines that a request may name, beside `c.Defaults.engine` and Docker's contexts.",
    ).tag(config=True)

    def initialize_settings(self) -> None:
        """Give the handlers what they share."""
        self.settings["containerize"] = self
        self.pool = BlockingPool(_MOST_CALLS)
        self.monitor = EngineMonitor(self.pool)
        self.files = BlockingPool(_MOST_FILES)
        self.plans = PlanDesk(self.max_jobs)
        self.board = JobBoard(
            JobStore(self.root),
            JobQueue(self.max_jobs),
            kept=self.kept_jobs,
            contents_path=partial(contents_path, self.root),
            log=self.log,
        )
        IOLoop.current().add_callback(self.board.start)

    def initialize_handlers(self) -> None:
        """Add the routes."""
        self.handlers.extend(routes())

    async def stop_extension(self) -> None:
        """Let go of what is open; jobs go on without the server."""
        self.board.close()
        self.monitor.close()
        self.files.close()
        self.pool.close()

    def engine(self, name: str) -> str:
        """Return the engine that a request names, empty for the server's own.

        Raises UsageError for one that neither this server's configuration nor docker's has: a page in a browser must
        not make the server connect to an address of its choice.
        """
        configured = {"", load_defaults().engine, os.environ.get("DOCKER_HOST", ""), *self.engines}
        if name in configured or has_context(name):
            return name
        raise UsageError(f"This server knows no engine '{name[:100]}'.", hint=_ENGINES)

    @property
    def root(self) -> Path:
        """The server's folder, which notebook paths are relative to."""
        return Path(str(self.settings["server_root_dir"])).expanduser().resolve()

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders below which a job may mount."""
        return tuple(Path(one).expanduser().resolve() for one in self.mount_roots) or (self.root,)
