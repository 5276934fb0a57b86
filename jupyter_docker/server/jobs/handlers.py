"""The requests about jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from jupyter_docker.server.handler import ContainerizeHandler
from jupyter_docker.server.jobs.manager import JobManager
from jupyter_docker.server.jobs.model import Job
from jupyter_docker.server.jobs.request import read_request, same_again
from jupyter_docker.server.live_kernel import ask_kernel
from jupyter_docker.server.schema import check


class _JobsHandler(ContainerizeHandler):
    @property
    def jobs(self) -> JobManager:
        return self.services.jobs

    async def start(self, body: Mapping[str, Any]) -> Job:
        """Start the job that ``body`` asks for."""
        check("JobRequest", body)
        services = self.services
        services.engine(body.get("options", {}).get("engine", ""))
        job_request = await services.files.run(
            lambda: read_request(body, root=services.root, roots=services.roots, server=self.jobs.server)
        )
        loaded = await ask_kernel(self.kernel_manager, job_request.kernel_id) if job_request.kernel_id else None
        return await self.jobs.add(job_request, body.get("secrets", {}), loaded)


class JobsHandler(_JobsHandler):
    """``/jobs``."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """List them, newest first."""
        jobs = await self.jobs.refresh()
        self.reply([job.as_json() for job in jobs.values()])

    @authenticated
    @authorized
    async def post(self) -> None:
        """Start one."""
        job = await self.start(self.body())
        self.reply(job.as_json(), 201)


class JobHandler(_JobsHandler):
    """``/jobs/ID``."""

    @authenticated
    @authorized
    async def get(self, job: str) -> None:
        """Show it."""
        await self.jobs.refresh()
        self.reply(self.jobs.job(job).as_json())

    @authenticated
    @authorized
    async def delete(self, job: str) -> None:
        """Forget it."""
        await self.jobs.delete(job)
        self.set_status(204)
        self.finish()


class CancelHandler(_JobsHandler):
    """``/jobs/ID/cancel``."""

    @authenticated
    @authorized
    async def post(self, job: str) -> None:
        """Stop it."""
        stopped = await self.jobs.stop(job)
        self.reply(stopped.as_json())


class RerunHandler(_JobsHandler):
    """``/jobs/ID/rerun``."""

    @authenticated
    @authorized
    async def post(self, job: str) -> None:
        """Start one that asks for the same."""
        body = self.body()
        check("RerunRequest", body)
        again = await self.start(same_again(self.jobs.request(job), body.get("secrets", {})))
        self.reply(again.as_json(), 201)
