"""The routes table: which path goes to which handler, as openapi.yaml describes them."""

from __future__ import annotations

from tornado.web import RequestHandler

from jupyter_docker.server.inventory import routes as inventory
from jupyter_docker.server.jobs import routes as jobs
from jupyter_docker.server.plan import routes as plan


def routes() -> list[tuple[str, type[RequestHandler]]]:
    """Return every route, below the server's base URL."""
    return [(rf"/containerize/{path}", handler) for path, handler in (*jobs.ROUTES, *plan.ROUTES, *inventory.ROUTES)]
