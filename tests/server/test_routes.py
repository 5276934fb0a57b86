"""Every route and socket is described, authenticates, authorises, and keeps XSRF on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http.cookies import SimpleCookie
from typing import Any, TypeAlias

import pytest
from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.serverapp import ServerApp
from tornado.httpclient import HTTPResponse
from tornado.web import RequestHandler

from jupyter_docker.server.extension import routes
from tests.server.contract import described, filled, implemented, methods

Ask: TypeAlias = Callable[..., Awaitable[HTTPResponse]]
Table: TypeAlias = list[tuple[str, type[RequestHandler]]]


class Stranger(Authorizer):
    """Lets nobody near the extension."""

    def is_authorized(self, handler: JupyterHandler, user: Any, action: str, resource: str) -> bool:
        return resource != "containerize"


class OpenDoor(RequestHandler):
    """A route as none may be."""

    def get(self) -> None:
        self.finish("come in")

    post = get


@pytest.fixture
def ask(http_server_client: Any, jp_base_url: str) -> Ask:
    """Send a request with nothing but what is given."""

    async def send(method: str, path: str, **options: Any) -> HTTPResponse:
        body = "{}" if method == "post" else None
        answer: HTTPResponse = await http_server_client.fetch(
            jp_base_url.rstrip("/") + path, method=method.upper(), body=body, raise_error=False,
            follow_redirects=False, **options,
        )  # fmt: skip
        return answer

    return send


async def open_routes(table: Table, ask: Ask, headers: dict[str, str]) -> list[str]:
    """Return the routes that let a request through which has only ``headers``."""
    found = []
    for path, handler in table:
        for method in methods(handler):
            answer = await ask(method, filled(path), headers=headers)
            if answer.code != 403:
                found.append(f"{method} {path}: {answer.code}")
    return found


async def xsrf(ask: Ask) -> dict[str, str]:
    """Return the headers that a browser has which was never logged in: without them XSRF alone would refuse."""
    cookie = SimpleCookie((await ask("get", "/login")).headers["Set-Cookie"])["_xsrf"].value
    return {"Cookie": f"_xsrf={cookie}", "X-XSRFToken": cookie}


def upgraded(headers: dict[str, str]) -> dict[str, str]:
    """Return them as those of a request for a socket."""
    key = {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw=="}
    return {**headers, **key, "Connection": "Upgrade", "Upgrade": "websocket"}


def test_the_description_and_the_routes_are_the_same() -> None:
    assert implemented(routes()) == described()


async def test_nothing_is_open_to_who_is_not_logged_in(jp_serverapp: ServerApp, ask: Ask) -> None:
    headers = await xsrf(ask)
    assert await open_routes(routes(), ask, headers) == []
    assert await open_routes(routes(), ask, upgraded(headers)) == []


async def test_an_open_door_would_be_found(jp_serverapp: ServerApp, ask: Ask) -> None:
    door: Table = [("/door", OpenDoor)]
    application: Any = jp_serverapp.web_app
    application.add_handlers(".*$", [(jp_serverapp.base_url.rstrip("/") + door[0][0], OpenDoor)])
    assert await open_routes(door, ask, await xsrf(ask)) == [
        "get /door: 200",
        "post /door: 200",
    ]


@pytest.mark.parametrize("jp_server_config", [{"ServerApp": {"authorizer_class": Stranger}}], indirect=True)
async def test_nothing_is_open_to_who_is_not_authorised(
    jp_serverapp: ServerApp, ask: Ask, jp_auth_header: dict[str, str]
) -> None:
    assert (await ask("get", "/api/kernels", headers=jp_auth_header)).code == 200
    assert await open_routes(routes(), ask, jp_auth_header) == []
    assert await open_routes(routes(), ask, upgraded(jp_auth_header)) == []


async def test_a_page_elsewhere_can_change_nothing(jp_serverapp: ServerApp, ask: Ask) -> None:
    headers = await xsrf(ask)
    token = jp_serverapp.identity_provider.token
    login = await ask("post", f"/login?password={token}", headers=headers)
    assert login.code == 302
    cookies = "; ".join(one.OutputString([]) for one in SimpleCookie(login.headers["Set-Cookie"]).values())
    assert cookies
    logged_in = {"Cookie": f"{headers['Cookie']}; {cookies}"}
    assert (await ask("get", "/containerize/jobs", headers=logged_in)).code == 200
    refused = await ask("post", "/containerize/jobs", headers=logged_in)
    assert refused.code == 403
    assert b"_xsrf" in refused.body
    let_in = await ask("post", "/containerize/jobs", headers={**logged_in, "X-XSRFToken": headers["X-XSRFToken"]})
    assert let_in.code == 400
