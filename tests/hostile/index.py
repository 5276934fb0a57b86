"""The corpus's package index: wheels that do nothing, sources that mark their execution, and a log of what is asked."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


def add_wheel(folder: Path, name: str, version: str = "1.0") -> None:
    """Put a wheel with an empty module of its name into the index."""
    module, info = name.replace("-", "_"), f"{name.replace('-', '_')}-{version}.dist-info"
    files = {
        f"{module}/__init__.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in (*files, f"{info}/RECORD"))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    _add(folder, name, f"{info.removesuffix('.dist-info')}-py3-none-any.whl", content.getvalue())


def add_source(folder: Path, name: str, script: str, version: str = "1.0") -> None:
    """Put a source distribution into the index whose setup.py is ``script``; there is no wheel of it."""
    stem = f"{name.replace('-', '_')}-{version}"
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as tar:
        for path, text in {"setup.py": script, "PKG-INFO": f"Name: {name}\nVersion: {version}\n"}.items():
            entry = tarfile.TarInfo(f"{stem}/{path}")
            entry.size = len(text.encode())
            tar.addfile(entry, io.BytesIO(text.encode()))
    _add(folder, name, f"{stem}.tar.gz", content.getvalue())


def _add(folder: Path, name: str, file: str, content: bytes) -> None:
    page = folder / "simple" / name
    page.mkdir(parents=True, exist_ok=True)
    (page / file).write_bytes(content)
    with (page / "index.html").open("a") as page_file:
        page_file.write(f'<a href="{file}#sha256={hashlib.sha256(content).hexdigest()}">{file}</a>\n')


@contextmanager
def logging_index(folder: Path, password: str, *, seconds: float = 0) -> Iterator[tuple[str, list[str]]]:
    """Serve the index to who knows the password; yields its URL with that, and the list that each request goes to.

    The header that has the password is left out of the list: it is what the index must be told. Each answer takes
    ``seconds`` at least.
    """
    asked: list[str] = []
    expected = "Basic " + base64.b64encode(f"corpus:{password}".encode()).decode()
    handler = partial(_Handler, directory=str(folder), asked=asked, expected=expected, seconds=seconds)
    server = _Server(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://corpus:{password}@127.0.0.1:{server.server_port}/simple", asked
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that was killed."""


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: object, directory: str, asked: list[str], expected: str, seconds: float) -> None:
        self._asked, self._expected, self._seconds = asked, expected, seconds
        super().__init__(*arguments, directory=directory)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        known = self.headers.get("Authorization") == self._expected
        kept = [f"{name}: {value}" for name, value in self.headers.items() if name != "Authorization" or not known]
        self._asked.append("\n".join([self.requestline, *kept]))
        time.sleep(self._seconds)
        if known:
            super().do_GET()
        else:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="corpus"')
            self.send_header("Content-Length", "0")
            self.end_headers()

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
