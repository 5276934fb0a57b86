"""The routes of this part."""

from __future__ import annotations

from tornado.web import RequestHandler

ROUTES: tuple[tuple[str, type[RequestHandler]], ...] = ()
