"""Every route and socket of a real server, authentication and XSRF on, against what strangers and defects send."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from jupyter_docker.server.schema import document
from tests.server.contract import METHODS
from tests.server.real_server import TOKEN, RealServer, real_server

SOCKET = {
    "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
}  # fmt: skip
LOGGED_IN = {"Authorization": f"token {TOKEN}"}
ROUTES = [(method.upper(), path) for path, item in document()["paths"].items() for method in METHODS if method in item]


def job(**fields: object) -> bytes:
    return json.dumps({"verb": "run", "notebook": "a.ipynb", **fields}).encode()


# Malformed, or of a place that no request may name; what is well-formed is a job, and the job refuses it.
BODIES: list[bytes] = [
    b"", b"{", b"null", b"[]", b"3", b'"x"', b"NaN", b'{"verb": NaN}', b'{"options": {"cpus": 1e999}}', b"[" * 200_000,
    b'{"a":' * 50_000, b"\xff\xfe{}", b'{"verb": "run", "verb": []}', b'{"items": {}}', b'{"items": [{"id": 3}]}',
    b'{"items": [null]}', b"1" * 10_000, b"verb=run&notebook=a.ipynb", '{"verb": "run"}'.encode("utf-16"),
    job(verb=["run"]), job(verb="exec"), job(notebook="../../etc/passwd"), job(notebook="/etc/passwd"),
    job(notebook="a/../../x.ipynb"), job(notebook="\ud800.ipynb"), job(notebook="a\0.ipynb"), job(notebook="."),
    job(notebook=".hidden.ipynb"), job(notebook="link.ipynb"), job(notebook="x" * 3_000_000), job(notebook={"a": 1}),
    job(image="--all"), job(options=[]), job(options={"env": "A"}),
    job(options={"mounts": ["/:/host"]}), job(options={"mounts": ["../..:/host"]}), job(options={"tag": "a b"}),
    job(options={"memory": "9" * 5000}), job(options={"engine": "tcp://127.0.0.1:1"}), job(options={"cpus": True}),
    job(options={"base": "\ud800"}), job(options={"parameters": ["=", "\0"]}), job(options={"gpus": "a b"}),
    job(options={"network": "a b"}), job(options={"ports": ["99999999"]}), job(options={"apt": ["a;b"]}),
    job(verb="export", options={"folder": "../.."}),
    job(secrets={"A\n": "x"}), job(secrets={"A": None}), job(secrets=[]), job(kernel_id=7), job(__proto__={"a": 1}),
    json.dumps({"notebook": "a.ipynb", "kind": "base", "value": 3}).encode(),
    json.dumps({"notebook": "../a.ipynb", "kind": "base", "value": "x"}).encode(),
]  # fmt: skip
NAMES = [
    "..", "%2e%2e", "..%2f..%2fetc%2fpasswd", "%00", "a" * 5000, "%ff", "%ed%a0%80", "-rf", "%27%3B%20rm",
    "a%0d%0aX-A:b", "20200101-000000-000000-abcdef", ".20200101-000000-000000-abcdef", "%2fetc%2fpasswd", "sha256:zz",
    "%F0%9F%90%8B", "a%20b", "--all", "~", "*", "%25", "x%3Fforce=1", "%5c..%5c", "null", "a%2fb%2fc", "con",
    "....%2f%2f",
    "%c0%ae", "{job}", "[0]", "%E2%80%AE",
]  # fmt: skip
QUERIES = [
    "engine=tcp://127.0.0.1:1", "engine=%ff", "engine=../x", "engine=a&engine=b", "engine=%00", "engine[]=x", "all=%ff",
    "all=maybe", "tail=-1", "tail=x", "tail=99999999999999999999", "tail=%D9%A3", "since=-1", "since=nan", "since=1e9",
    "since=%00", "step=..", "step=%ff", "token=", "=", "&&&", "%", "a" * 6000, "engine=" + "x" * 6000,
    "step=run&step=x",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Place:
    """A real server, its folder, and its log."""

    server: RealServer
    root: Path
    log: Path

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> HTTPResponse:
        """Send a request as it is; the answer has been read."""
        address = urlsplit(self.server.url)
        connection = HTTPConnection(str(address.hostname), address.port, timeout=60)
        connection.request(method, f"/containerize{path}" if not path.startswith("/login") else path, body, headers)
        answer = connection.getresponse()
        if answer.status != 101:
            answer.text = answer.read().decode()  # type: ignore[attr-defined]
        connection.close()
        return answer

    def nothing_was_done(self) -> None:
        """Fail where a job was made, a file written, or something failed in a way that nobody thought of."""
        jobs = json.loads(self.ask("GET", "/jobs", LOGGED_IN).text)  # type: ignore[attr-defined]
        assert [(job["verb"], job["options"]) for job in jobs] == []
        assert sorted(path.name for path in self.root.iterdir()) == [".hidden.ipynb", "a.ipynb", "link.ipynb"]
        assert not re.search(r'File ".*/jupyter_docker/', self.log.read_text()), self.log.read_text()[-3000:]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A server whose engine is nowhere, with a notebook, a hidden one, and a link to one outside."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    root = tmp_path / "served"
    root.mkdir()
    notebook = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    for path in (root / "a.ipynb", root / ".hidden.ipynb", tmp_path / "outside.ipynb"):
        path.write_text(notebook)
    (root / "link.ipynb").symlink_to(tmp_path / "outside.ipynb")
    with real_server(root, tmp_path / "log") as server:
        yield Place(server=server, root=root, log=tmp_path / "log")


def filled(path: str, name: str = "20200101-000000-000000-abcdef") -> str:
    for parameter in ("{job}", "{container}", "{image}"):
        path = path.replace(parameter, name)
    return path


def logged_in_cookies(place: Place) -> dict[str, str]:
    """Log in as a browser does; returns its cookies and its XSRF token."""
    xsrf = SimpleCookie(place.ask("GET", "/login", {}).headers["Set-Cookie"])["_xsrf"].value
    headers = {"Cookie": f"_xsrf={xsrf}", "X-XSRFToken": xsrf}
    answer = place.ask("POST", f"/login?password={TOKEN}", headers)
    assert answer.status == 302
    cookies = "; ".join(one.OutputString([]) for one in SimpleCookie(answer.headers["Set-Cookie"]).values())
    return {"Cookie": f"_xsrf={xsrf}; {cookies}", "X-XSRFToken": xsrf}


def test_who_is_not_let_in_gets_nothing_done(place: Place) -> None:
    browser = logged_in_cookies(place)
    assert place.ask("GET", "/jobs", browser).status == 200
    foreign = {"Origin": "http://elsewhere.example", "Referer": "http://elsewhere.example/page"}
    without = {"Cookie": browser["Cookie"]}
    strangers = {
        "nobody": {}, "a wrong token": {"Authorization": "token x"}, "a foreign page": {**foreign},
        "a foreign page, not logged in": {**foreign, "X-XSRFToken": browser["X-XSRFToken"]},
    }  # fmt: skip
    for method, path in ROUTES:
        body = None if method in {"GET", "DELETE"} else job()
        for who, headers in strangers.items():
            for more in ({}, SOCKET):
                answer = place.ask(method, filled(path), {**headers, **more}, body)
                assert answer.status in {403, 404}, (who, method, path, answer.status)
        if method != "GET":
            for headers in (without, {**without, **foreign}, {**without, "X-XSRFToken": "x"}):
                assert place.ask(method, filled(path), headers, body).status in {403, 404}, (method, path, headers)
        if method == "GET":
            answer = place.ask(method, filled(path), {**browser, **foreign, **SOCKET})
            assert answer.status != 101, (path, "a foreign page opened a socket")
    place.nothing_was_done()


def test_no_input_is_answered_with_500_and_none_does_anything(place: Place) -> None:
    tried = [
        *((method, filled(path), body) for method, path in ROUTES if method == "POST" for body in BODIES),
        *((method, filled(path, name), None) for method, path in ROUTES if "{" in path for name in NAMES),
        *((method, f"{filled(path)}?{query}", None) for method, path in ROUTES for query in QUERIES),
    ]
    for method, path, body in tried:
        sent = body if body is not None else (b"" if method == "POST" else None)
        answer = place.ask(method, path, LOGGED_IN, sent)
        assert answer.status != 500, (method, path[:200], (body or b"")[:200], answer.text)  # type: ignore[attr-defined]
        if answer.status >= 400 and "json" in answer.headers.get("Content-Type", ""):
            assert json.loads(answer.text)["message"]  # type: ignore[attr-defined]
    for path in [path for method, path in ROUTES if method == "GET"]:
        for name in NAMES:
            assert place.ask("GET", filled(path, name), {**LOGGED_IN, **SOCKET}).status != 500, (path, name)
    place.nothing_was_done()
