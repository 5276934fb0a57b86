"""The routes table: which path goes to which handler, as openapi.yaml describes them."""

from __future__ import annotations

from tornado.web import RequestHandler

from jupyter_docker.server.inventory import routes as inventory
from jupyter_docker.server.jobs import routes as jobs
from jupyter_docker.server.plans import routes as plan
from jupyter_docker.server.watch import WatchSocket


def routes() -> list[tuple[str, type[RequestHandler]]]:
    """Return every route, below the server's base URL."""
    table: tuple[tuple[str, type[RequestHandler]], ...]
    table = (*jobs.ROUTES, ("watch", WatchSocket), *plan.ROUTES, *inventory.ROUTES)
    return [(rf"/containerize/{path}", handler) for path, handler in table]
