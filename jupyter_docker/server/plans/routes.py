"""The routes of this part."""

from __future__ import annotations

from tornado.web import RequestHandler

from jupyter_docker.server.plans.handlers import ConsentHandler, PlanHandler

ROUTES: tuple[tuple[str, type[RequestHandler]], ...] = (("plan", PlanHandler), ("consents", ConsentHandler))
