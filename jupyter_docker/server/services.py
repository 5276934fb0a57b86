"""The services of the extension: jobs, plans, the engine's monitor and the threads, as every handler uses them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from jupyter_docker.engine import has_context
from jupyter_docker.server.inventory.monitor import EngineMonitor
from jupyter_docker.server.jobs.manager import JobManager
from jupyter_docker.server.plans.service import PlanService
from jupyter_docker.server.pool import BlockingPool
from jupyter_docker.values import UsageError, load_defaults

SETTING = "containerize"
"""The name under which Tornado's settings hold the services."""

_ENGINES = (
    "Name a Docker context of the server's user (`docker context ls` lists them), or have the address added to "
    "c.ContainerizeServer.engines in the server's configuration."
)


@dataclass(frozen=True, kw_only=True)
class Services:
    """What the extension makes when the server starts, and its handlers share.

    ``root`` is the server's folder, which notebook paths are relative to; ``roots`` the folders below which a job may
    mount; ``engines`` the addresses that a request may name; ``pool`` the threads for calls to an engine, ``files``
    those for the disk, so that none waits for an engine that is slow.
    """

    root: Path
    roots: tuple[Path, ...]
    engines: tuple[str, ...]
    jobs: JobManager
    plans: PlanService
    monitor: EngineMonitor
    pool: BlockingPool
    files: BlockingPool

    def engine(self, name: str) -> str:
        """Return the engine that a request names, empty for the server's own.

        A page in a browser must not make the server connect to an address of its choice.

        Args:
            name: a Docker context's name, or an address.

        Raises:
            UsageError: neither this server's configuration nor docker's has it.
        """
        configured = {"", load_defaults().engine, os.environ.get("DOCKER_HOST", ""), *self.engines}
        if name in configured or has_context(name):
            return name
        raise UsageError(f"This server knows no engine '{name[:100]}'.", hint=_ENGINES)

    def close(self) -> None:
        """Let go of what is open; jobs go on without the server."""
        self.jobs.close()
        self.monitor.close()
        self.files.close()
        self.pool.close()
