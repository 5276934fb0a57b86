"""Builds that fail for one known cause each, and what makes them go through."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SeededFailure:
    """A build whose last lines are ``lines``; ``named`` is in the hint where the cause is named rightly.

    ``compiler`` says that the image has one already. ``mended`` are the lines after doing what the hint says; where the
    hint offers an option (--apt), that one is used and the lines stay. Without either the fix is not in the build: it
    is another machine's, or the index's. The classic builder installs with pip; ``uv_alone`` says that pip does not
    tell the cause.
    """

    name: str
    lines: str
    named: str
    mended: str = ""
    compiler: bool = False
    uv_alone: bool = False

    @property
    def by_pip(self) -> str:
        """The lines as the classic builder has them: no mounts, and pip in uv's place."""
        return self.lines.replace(_UV, "RUN ").replace(_INSTALL, "pip install --no-cache-dir --retries 1")


def wheel(name: str, version: str, *metadata: str) -> bytes:
    """Return a wheel with an empty module, and more lines of metadata."""
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *metadata, ""]
    info = f"{name}-{version}.dist-info"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path, text in (
            (f"{name}.py", ""),
            (f"{info}/METADATA", "\n".join(lines)),
            (f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
            (f"{info}/RECORD", ""),
        ):
            archive.writestr(zipfile.ZipInfo(path), text)
    return content.getvalue()


_SERVER = """
import http.server, os, ssl, sys
class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if sys.argv[1] == "ok" or self.headers.get("Authorization") == "Basic bWU6cmlnaHQ=":
            super().do_GET()
        else:
            self.send_error(int(sys.argv[1]))
server = http.server.HTTPServer(("127.0.0.1", 8000), Handler)
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2])
    server.socket = context.wrap_socket(server.socket, server_side=True)
if os.fork() == 0:  # the parent ends once the address is taken
    server.serve_forever()
"""
_CERTIFICATE = (
    "openssl req -x509 -newkey rsa:2048 -nodes -keyout /own.pem -out /ca.pem -subj /CN=localhost -days 2"
    " -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE && cat /ca.pem >> /own.pem"
)
_WHEEL = wheel("six", "1.0")
_FOREIGN = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\xf3\x00\x01" + bytes(100)  # a program for RISC-V
FILES = {
    "foreign": _FOREIGN,
    "other.txt": f"six==1.0 --hash=sha256:{'0' * 64}\n".encode(),
    "same.txt": f"six==1.0 --hash=sha256:{hashlib.sha256(_WHEEL).hexdigest()}\n".encode(),
    "serve.py": _SERVER.encode(),
    "six-1.0-py3-none-any.whl": _WHEEL,
    "needy-1.0-py3-none-any.whl": wheel("needy", "1.0", "Requires-Dist: six<1"),
    "needy-2.0-py3-none-any.whl": wheel("needy", "2.0", "Requires-Dist: six<2"),
    "later-1.0-py3-none-any.whl": wheel("later", "1.0", "Requires-Python: >=4"),
    "later-0.9-py3-none-any.whl": wheel("later", "0.9", "Requires-Python: >=3"),
}

_UV = "RUN --mount=from=uv,source=uv,target=/bin/uv export UV_HTTP_RETRIES=0 && "
_PIP = "RUN pip install --no-index -f /"
_INSTALL = "uv pip install --system --no-cache"


def _served(answer: str, install: str) -> str:
    """A step that starts an index and installs from it."""
    index = "mkdir -p /i/simple/six && cp /six-*.whl /i/simple/six/ && cd /i"
    return f"{_UV}{index} && python /serve.py {answer} && {_INSTALL} {install} six"


def _secured(install: str) -> str:
    return _served("ok /own.pem", install).replace("mkdir", f"{_CERTIFICATE} && mkdir", 1)


def _compiled(source: str, options: str = "-c", *, compiler: str = "gcc", language: str = "c") -> str:
    return f"RUN echo '{source}' > /a.{language} && {compiler} /a.{language} -o /a {options}"


def _loaded(library: str) -> str:
    return f"RUN python -c \"import ctypes; ctypes.CDLL('{library}')\""


_HEADERS = _compiled("#include <Python.h>", "-c -I/usr/local/include/python3.11")
_HTTP = "-i http://127.0.0.1:8000/simple"

SEEDED = (
    SeededFailure(name="no C compiler", lines=_compiled("int x;"), named="has no 'gcc'"),
    SeededFailure(
        name="no C++ compiler", lines=_compiled("int x;", compiler="g++", language="cc"), named="has no 'g++'"
    ),
    SeededFailure(name="no make", lines="RUN make --version", named="has no 'make'"),
    SeededFailure(name="no git", lines="RUN git --version", named="has no 'git'"),
    SeededFailure(name="no pkg-config", lines="RUN pkg-config --version", named="has no 'pkg-config'"),
    SeededFailure(name="no OpenMP", lines=_loaded("libgomp.so.1"), named="library 'libgomp.so.1' is missing"),
    SeededFailure(name="no libmagic", lines=_loaded("libmagic.so.1"), named="library 'libmagic.so.1' is missing"),
    SeededFailure(name="no X11", lines=_loaded("libX11.so.6"), named="library 'libX11.so.6' is missing"),
    SeededFailure(
        name="no header of zlib", lines=_compiled("#include <zlib.h>"), named="the header 'zlib.h'", compiler=True
    ),
    SeededFailure(
        name="no header of libffi", lines=_compiled("#include <ffi.h>"), named="the header 'ffi.h'", compiler=True
    ),
    SeededFailure(
        name="no bz2 to link", lines=_compiled("int main(){return 0;}", "-lbz2"), named="needs 'bz2'", compiler=True
    ),
    SeededFailure(
        name="no headers of Python",
        lines=f"RUN rm -r /usr/local/include/python3*\n{_HEADERS}",
        named="lacks Python's headers",
        mended=_HEADERS,
        compiler=True,
    ),
    SeededFailure(
        name="a version that is nowhere",
        lines=f"{_PIP} six==9.9",
        named="The package index has no 'six==9.9'",
        mended=f"{_PIP} six==1.0",
    ),
    SeededFailure(
        name="a package that is nowhere, by uv",
        lines=f"{_UV}{_INSTALL} --no-index -f / sixx",
        named="The package index has no 'sixx'",
        mended=f"{_UV}{_INSTALL} --no-index -f / six",
    ),
    SeededFailure(
        name="packages that do not fit together",
        lines=f"{_UV}{_INSTALL} --no-index -f / needy==1.0 six==1.0",
        named="do not fit together",
        mended=f"{_UV}{_INSTALL} --no-index -f / needy==2.0 six==1.0",
    ),
    SeededFailure(
        name="a package for another Python",
        lines="RUN pip install --no-index /later-1.0-py3-none-any.whl",
        named="does not support the base image's Python",
        mended="RUN pip install --no-index /later-0.9-py3-none-any.whl",
    ),
    SeededFailure(
        name="another file than was locked",
        lines=f"{_UV}{_INSTALL} --no-index -f / --require-hashes -r /other.txt",
        named="serves another file than the one that was locked",
        mended=f"{_UV}{_INSTALL} --no-index -f / --require-hashes -r /same.txt",
    ),
    SeededFailure(
        name="no password",
        lines=_served("401", _HTTP),
        named="refuses the credentials",
        mended=_served("401", _HTTP.replace("127", "me:right@127")),
    ),
    SeededFailure(
        name="a wrong password",
        lines=_served("403", _HTTP.replace("127", "me:wrong@127")),
        named="refuses the credentials",
        mended=_served("403", _HTTP.replace("127", "me:right@127")),
        uv_alone=True,
    ),
    SeededFailure(
        name="a certificate of one's own",
        lines=_secured("-i https://localhost:8000/simple"),
        named="does not trust the server's certificate: set SSL_CERT_FILE",
        mended=_secured("-i https://localhost:8000/simple").replace("uv pip", "SSL_CERT_FILE=/ca.pem uv pip"),
    ),
    SeededFailure(
        name="an index out of order",
        lines=_served("500", _HTTP),
        named="The package index is out of order",
        uv_alone=True,
    ),
    SeededFailure(
        name="an index of no name",
        lines=f"{_UV}{_INSTALL} -i https://a.invalid/simple six",
        named="can't find the server by its name",
    ),
    SeededFailure(
        name="an index on this machine",
        lines=f"{_UV}{_INSTALL} {_HTTP} six",
        named="on this machine's localhost is out of a build's reach",
    ),
    SeededFailure(
        name="a Debian package that is none",
        lines="RUN apt-get install -y libmagic",
        named="Debian has no package 'libmagic'",
        mended="RUN apt-get install -y libmagic1",
    ),
    SeededFailure(
        name="another processor",
        lines='RUN chmod 755 /foreign\nRUN ["/foreign"]',
        named="is for another processor than the engine's",
    ),
    SeededFailure(
        name="a user who may not",
        lines="USER 1000\nRUN touch /x",
        named="A step may not read or write a file",
    ),
)
