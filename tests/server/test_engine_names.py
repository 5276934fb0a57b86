"""Which engines a request may name: never an address that the server's configuration does not have."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from jupyter_docker.server.schema import document
from tests.server.api import Answer, Api
from tests.server.conftest import WriteNotebook
from tests.server.contract import METHODS

UNKNOWN = [
    "tcp://169.254.169.254:80",
    "ssh://-oProxyCommand=x@host",
    "unix:///etc/passwd",
    "nowhere",
    "../default",
    "-D",
]
_ENGINE = {"$ref": "#/components/parameters/engine"}
ROUTES = [
    (method, path)
    for path, item in document()["paths"].items()
    for method in METHODS
    if path != "/watch" and method in item
    if _ENGINE in [*item.get("parameters", []), *item[method].get("parameters", [])]
]


async def ask(api: Api, method: str, path: str, engine: str) -> Answer:
    """Ask a route of the description for something of that engine."""
    parts = [part.replace("{image}", "a").replace("{container}", "a") for part in path.strip("/").split("/")]
    if method == "post":
        return await api.post(*parts, body={"items": []}, engine=engine)
    return await (api.get if method == "get" else api.delete)(*parts, engine=engine)


@asynccontextmanager
async def listener(path: Path) -> AsyncIterator[list[int]]:
    """Listen at a socket that is no engine's; gives who has called."""
    calls: list[int] = []

    def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(1)
        writer.close()

    async with await asyncio.start_unix_server(take, path):
        yield calls


def refused(answer: Answer) -> None:
    assert (answer.status, answer.value["error"]) == (400, "UsageError"), answer
    assert "c.ContainerizeServer.engines" in answer.value["hint"]


def test_the_routes_that_take_an_engine_are_found() -> None:
    assert len(ROUTES) >= 10


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_an_address_of_a_request_is_not_connected_to(api: Api, tmp_path: Path, method: str, path: str) -> None:
    async with listener(tmp_path / "secret.sock") as calls:
        refused(await ask(api, method, path, f"unix://{tmp_path / 'secret.sock'}"))
        for name in UNKNOWN:
            refused(await ask(api, method, path, name))
        assert calls == []


async def test_a_socket_is_refused_too_and_the_panels_says_why(api: Api, tmp_path: Path) -> None:
    async with listener(tmp_path / "secret.sock") as calls:
        url = f"unix://{tmp_path / 'secret.sock'}"
        with pytest.raises(HTTPClientError) as caught:
            async with api.socket("containers", "x", "logs", engine=url):
                pass
        assert caught.value.code == 400
        async with api.socket("watch", engine=url) as socket:
            said = [await socket.next(), await socket.next()]
        state = next(message["engine"] for message in said if message["type"] == "engine")
        assert (state["available"], "c.ContainerizeServer.engines" in state["hint"]) == (False, True)
        assert calls == []


async def test_jobs_and_plans_name_no_other_engine_either(
    api: Api, write_notebook: WriteNotebook, tmp_path: Path
) -> None:
    notebook = write_notebook("print(1)")
    async with listener(tmp_path / "secret.sock") as calls:
        options = {"engine": f"unix://{tmp_path / 'secret.sock'}"}
        refused(await api.post("plan", body={"notebook": notebook, "options": options}))
        for verb in ("run", "build", "push"):
            refused(await api.post("jobs", body={"verb": verb, "notebook": notebook, "options": options}))
        assert (await api.get("jobs")).value == []
        assert calls == []


async def test_what_the_configuration_has_and_a_context_of_docker_is_taken(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allow_engine: Callable[[str], None]
) -> None:
    async def available(name: str) -> Any:
        answer = await api.get("engine", engine=name)
        return answer.value["message"] if answer.status == 200 else answer.status

    far = "unix:///nowhere/far.sock"
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    assert await available("far") == 400
    meta = tmp_path / "docker" / "contexts" / "meta" / sha256(b"far").hexdigest()
    meta.mkdir(parents=True)
    meta.joinpath("meta.json").write_text(json.dumps({"Name": "far", "Endpoints": {"docker": {"Host": far}}}))
    assert far in await available("far")
    assert await available(far) == 400  # its address is not its name
    monkeypatch.setenv("DOCKER_HOST", far)
    assert far in await available(far)
    allow_engine("unix:///nowhere/near.sock")
    assert "near" in await available("unix:///nowhere/near.sock")
