"""The base of the websockets: authorisation before one opens, and a task that sends while it is open."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import ws_authenticated
from jupyter_server.base.websocket import WebSocketMixin
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from jupyter_docker.server.handler import ContainerizeMixin
from jupyter_docker.values import ContainerizeError

# https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1
NORMAL_CLOSURE = 1000
SERVER_FAILED = 1011


class ContainerizeSocket(WebSocketMixin, WebSocketHandler, ContainerizeMixin):
    """A socket that only sends: subclasses say in `check` what they refuse, and in `send` what they send.

    ``send`` awaits each ``write_message``, so that a slow client slows it down instead of filling memory; the socket
    closes with code 1000 when it returns, with 1011 when it raises.
    """

    _sending: asyncio.Task[None] | None = None

    @ws_authenticated
    async def get(self, *args: Any, **kwargs: Any) -> None:
        """Open the socket for a user who may read."""
        may = self.authorizer.is_authorized(self, self.current_user, "read", self.auth_resource)
        if not await ensure_async(may):
            raise HTTPError(403, f"User is not authorized to read on resource: {self.auth_resource}.")
        await self.check(*args)
        if self.request.headers.get("Upgrade", "").lower() != "websocket":
            self.set_header("Upgrade", "websocket")
            raise HTTPError(426, "Only a websocket can be opened here.")
        await super().get(*args, **kwargs)

    async def check(self, *args: str) -> None:
        """Raise a ContainerizeError where the socket would have nothing to send."""

    async def send(self, *args: str) -> None:
        """Send until there is no more."""
        raise NotImplementedError

    def open(self, *args: str, **kwargs: Any) -> None:
        """Begin to send, in a task: tornado answers the client only once this returns."""
        super().open(*args, **kwargs)
        self._sending = asyncio.ensure_future(self._send(*args))

    async def _send(self, *args: str) -> None:
        with suppress(WebSocketClosedError):
            try:
                await self.send(*args)
            except* WebSocketClosedError:
                pass  # the client went
            except* ContainerizeError:
                self.close(SERVER_FAILED)
            except* Exception:
                self.log.exception("A socket failed: %s", self.request.path)
                self.close(SERVER_FAILED)
            else:
                self.close(NORMAL_CLOSURE)

    def on_message(self, message: str | bytes) -> None:
        """Take no notice: there is nothing to ask."""

    def on_close(self) -> None:
        """Stop sending."""
        if self._sending is not None:
            self._sending.cancel()
