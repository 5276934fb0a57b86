"""A package index of this machine's own: real wheels, served over HTTP, with a password where one is asked for."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


def add_wheel(
    folder: Path,
    name: str,
    version: str,
    *,
    requires: Sequence[str] = (),
    python: str = ">=3.8",
    tag: str = "py3-none-any",
) -> str:
    """Put a wheel into the index in ``folder``; returns its hash."""
    page = folder / "simple" / name
    page.mkdir(parents=True, exist_ok=True)
    wheel = page / f"{name.replace('-', '_')}-{version}-{tag}.whl"
    extras = sorted({line.partition("extra == ")[2].strip("'\"") for line in requires if "extra == " in line})
    fields = [
        "Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", f"Requires-Python: {python}",
        *(f"Requires-Dist: {line}" for line in requires), *(f"Provides-Extra: {extra}" for extra in extras),
    ]  # fmt: skip
    with zipfile.ZipFile(wheel, "w") as archive:
        info = f"{name.replace('-', '_')}-{version}.dist-info"
        archive.writestr(f"{info}/METADATA", "\n".join(fields) + "\n")
        archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        archive.writestr(f"{info}/RECORD", "")
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    with (page / "index.html").open("a") as file:
        attributes = f'data-requires-python="{python.replace(">", "&gt;").replace("<", "&lt;")}"'
        file.write(f'<a href="{wheel.name}#sha256={found}" {attributes}>{wheel.name}</a>\n')
    return f"sha256:{found}"


def add_sdist(folder: Path, name: str, version: str, *, runs: str = "", requires: Sequence[str] = ()) -> str:
    """Put a source distribution into the index, whose setup.py also ``runs`` that; returns its hash."""
    page = folder / "simple" / name
    page.mkdir(parents=True, exist_ok=True)
    stem = f"{name.replace('-', '_')}-{version}"
    setup = (
        f"{runs}\nfrom setuptools import setup\n"
        f"setup(name={name!r}, version={version!r}, py_modules=[{name!r}], install_requires={list(requires)!r})\n"
    )
    files = {
        "setup.py": setup,
        f"{name}.py": f"NAME = {name!r}\n",
        "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{name}.egg-info/requires.txt": "".join(f"{each}\n" for each in requires),
    }
    archive = page / f"{stem}.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        for path, text in files.items():
            entry = tarfile.TarInfo(f"{stem}/{path}")
            entry.size = len(text.encode())
            tar.addfile(entry, io.BytesIO(text.encode()))
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    with (page / "index.html").open("a") as file:
        file.write(f'<a href="{archive.name}#sha256={found}">{archive.name}</a>\n')
    return f"sha256:{found}"


@contextmanager
def serve(folder: Path, *, user: str = "", password: str = "") -> Iterator[str]:
    """Serve the index in ``folder`` on a free port; yields its URL, with the credentials where there are some.

    Each URL is a new one: uv keeps an index's pages for ten minutes, and a port is soon free for another index.
    """
    expected = base64.b64encode(f"{user}:{password}".encode()).decode() if user else ""
    root = f"/{uuid.uuid4()}"
    handler = partial(_Handler, directory=str(folder), root=root, expected=expected)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{f'{user}:{password}@' if user else ''}127.0.0.1:{server.server_port}{root}/simple"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: object, directory: str, root: str, expected: str) -> None:
        self._root, self._expected = root, expected
        super().__init__(*arguments, directory=directory)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        if self._expected and self.headers.get("Authorization") != f"Basic {self._expected}":
            self.send_error(401)
        else:
            super().do_GET()

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix(self._root))

    def log_message(self, *_: object) -> None:
        """Say nothing."""
