"""The extension that Jupyter Server loads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jupyter_server.extension.application import ExtensionApp
from traitlets import Int, List, Unicode

from jupyter_docker.server.inventory.monitor import EngineMonitor
from jupyter_docker.server.pool import BlockingPool
from jupyter_docker.server.routes import routes

_MOST_CALLS = 4  # to the engine at once


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

    def initialize_settings(self) -> None:
        """Give the handlers what they share."""
        self.settings["containerize"] = self
        self.pool = BlockingPool(_MOST_CALLS)
        self.monitor = EngineMonitor(self.pool)

    def initialize_handlers(self) -> None:
        """Add the routes."""
        self.handlers.extend(routes())

    async def stop_extension(self) -> None:
        """Let go of what is open; jobs go on without the server."""
        self.monitor.close()
        self.pool.close()

    @property
    def root(self) -> Path:
        """The server's folder, which notebook paths are relative to."""
        return Path(str(self.settings["server_root_dir"])).expanduser().resolve()

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders below which a job may mount."""
        return tuple(Path(one).expanduser().resolve() for one in self.mount_roots) or (self.root,)


def settings_of(handler: Any) -> ContainerizeServer:
    """Return the extension that a request handler belongs to."""
    extension: ContainerizeServer = handler.settings["containerize"]
    return extension
