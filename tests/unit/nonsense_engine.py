"""A server at a socket that talks as an engine does, until it talks nonsense."""

from __future__ import annotations

import json
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Thread
from typing import Any

VERSION = {"ApiVersion": "1.44", "Version": "28.0.0", "Arch": "amd64"}
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
NONSENSE: dict[str, bytes] = {
    "half JSON": b'{"Id": ',
    "nothing": b"",
    "an object": b"{}",
    "a list": b"[]",
    "null": b"null",
    "a number": b"1",
    "a list of null": b"[null]",
    "a list of numbers": b"[1]",
    "a list of empty objects": b"[{}]",
    "wrong types": json.dumps(
        [{"Id": 1, "State": [], "Created": "x", "Names": {}, "Labels": [], "Image": {}}]
    ).encode(),
    "a wrong container": json.dumps({"Id": "a" * 64, "Config": None, "State": "up", "Name": 3, "Size": "big"}).encode(),
    "far times": json.dumps(
        [{"Id": "a", "Image": "a", "ImageID": "a", "State": "x", "Status": "", "Created": 10**15, "Size": 1}]
    ).encode(),
    "endless numbers": b'[{"Id": "a", "Created": ' + b"9" * 5000 + b', "Size": 1e999}]',
    "not a number": b'[{"Id": NaN, "Size": NaN}]',
    "a deep list": b"[" * 100_000,
    "no text": b"\xff\xfe\x00\xd8",
    "half a character": b'{"Id": "\\ud800", "Version": "\\ud800", "ApiVersion": "\\ud800"}',
    "the same key twice": b'{"Id": "a", "Id": 7, "ApiVersion": "1.44", "ApiVersion": []}',
}
BROKEN: dict[str, bytes] = {
    "no answer": b"",
    "no HTTP": b"hello\r\n\r\n",
    "half a body": _OK + b"Content-Length: 1000\r\n\r\n[",
    "half a chunk": _OK + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n[",
    "no length": _OK + b"Content-Length: many\r\n\r\n[]",
    "a wrong chunk": _OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n[]",
    "no status": b"HTTP/1.1 abc OK\r\n\r\n",
    "an error without words": b"HTTP/1.1 500 X\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]",
    "a far redirect": b"HTTP/1.1 302 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    "a wrong zip": _OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
}
CASES = [*NONSENSE, *BROKEN]


class _Nonsense(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server: Any = self.server
        self.close_connection = True
        with suppress(OSError):
            self.wfile.write(server.answer(self.path))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that http.server gives it
        pass


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    case = ""
    knows_version = True

    def answer(self, path: str) -> bytes:
        if self.knows_version and path.endswith("/version"):
            return _framed(json.dumps(VERSION).encode())
        return BROKEN[self.case] if self.case in BROKEN else _framed(NONSENSE[self.case])


def _framed(body: bytes) -> bytes:
    return _OK + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body


@contextmanager
def nonsense_engine(path: Path) -> Iterator[_Server]:
    """Serve at a socket; ``case`` is what is answered, ``knows_version`` whether it does so only after a good start."""
    with _Server(str(path), _Nonsense) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()
