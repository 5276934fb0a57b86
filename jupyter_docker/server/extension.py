"""The extension that Jupyter Server loads."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from jupyter_server.extension.application import ExtensionApp
from tornado.ioloop import IOLoop
from tornado.web import RequestHandler
from traitlets import Int, List, Unicode

from jupyter_docker.server.handler import UnknownHandler
from jupyter_docker.server.inventory import routes as inventory
from jupyter_docker.server.inventory.monitor import EngineMonitor
from jupyter_docker.server.jobs import routes as jobs
from jupyter_docker.server.jobs.manager import JobManager
from jupyter_docker.server.jobs.queue import JobQueue
from jupyter_docker.server.jobs.store import JobStore
from jupyter_docker.server.notebooks import contents_path
from jupyter_docker.server.plans import handlers as plan
from jupyter_docker.server.plans.service import PlanService
from jupyter_docker.server.pool import BlockingPool
from jupyter_docker.server.services import SETTING, Services
from jupyter_docker.server.watch import WatchSocket


def routes() -> list[tuple[str, type[RequestHandler]]]:
    """Return every route, below the server's base URL."""
    table: tuple[tuple[str, type[RequestHandler]], ...]
    table = (*jobs.ROUTES, ("watch", WatchSocket), *plan.ROUTES, *inventory.ROUTES, (".*", UnknownHandler))
    return [(rf"/containerize/{path}", handler) for path, handler in table]


_MAX_CALLS = 4  # to the engine at once
_MAX_FILES = 4  # read at once; apart, so that they need not wait for an engine that is slow


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
        root = Path(str(self.settings["server_root_dir"])).expanduser().resolve()
        pool = BlockingPool(_MAX_CALLS)
        self.services = Services(
            root=root,
            roots=tuple(Path(one).expanduser().resolve() for one in self.mount_roots) or (root,),
            engines=tuple(self.engines),
            jobs=self._job_manager(root),
            plans=PlanService(self.max_jobs),
            monitor=EngineMonitor(pool),
            pool=pool,
            files=BlockingPool(_MAX_FILES),
        )
        self.settings[SETTING] = self.services
        IOLoop.current().add_callback(self.services.jobs.start)

    def initialize_handlers(self) -> None:
        """Add the routes."""
        self.handlers.extend(routes())

    async def stop_extension(self) -> None:
        """Let go of what is open; jobs go on without the server."""
        self.services.close()

    def _job_manager(self, root: Path) -> JobManager:
        return JobManager(
            JobStore(root),
            JobQueue(self.max_jobs),
            kept=self.kept_jobs,
            contents_path=partial(contents_path, root),
            log=self.log,
        )
