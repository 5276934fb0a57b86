"""The routes of this part."""

from __future__ import annotations

from tornado.web import RequestHandler

from jupyter_docker.server.jobs.handlers import CancelHandler, JobHandler, JobsHandler, RerunHandler
from jupyter_docker.server.jobs.log import LogHandler
from jupyter_docker.server.jobs.sockets import EventsSocket

ROUTES: tuple[tuple[str, type[RequestHandler]], ...] = (
    ("jobs", JobsHandler),
    ("jobs/([^/]+)", JobHandler),
    ("jobs/([^/]+)/cancel", CancelHandler),
    ("jobs/([^/]+)/rerun", RerunHandler),
    ("jobs/([^/]+)/log", LogHandler),
    ("jobs/([^/]+)/events", EventsSocket),
)
