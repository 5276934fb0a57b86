"""What Podman's service is asked when it builds, and how its stream is read; recorded from Podman 4.3."""

from __future__ import annotations

import io
import json
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path, PurePosixPath
from socketserver import ThreadingUnixStreamServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from jupyter_docker.engine.building.podman import build_with_podman
from jupyter_docker.engine.building.steps import PODMAN, StepReader
from jupyter_docker.engine.connection.engine import Engine, connect
from jupyter_docker.values.errors import BuildError, EngineError
from jupyter_docker.values.events import Event, Log, Progress
from jupyter_docker.values.image import BuildContext
from jupyter_docker.values.image_reference import ImageReference

VERSION = {
    "Version": "4.3.1", "ApiVersion": "1.41", "MinAPIVersion": "1.24", "Os": "linux", "Arch": "amd64",
    "Components": [{"Name": "Podman Engine", "Version": "4.3.1"}],
}  # fmt: skip
STREAM = (
    "[1/2] STEP 1/2: FROM python:3.11-slim AS uv\n",
    "[1/2] STEP 2/2: RUN pip install uv\n",
    "--> Using cache e0e431c122c\n",
    "--> e0e431c122c\n",
    "[2/2] STEP 1/2: FROM python:3.11-slim\n",
    "[2/2] STEP 2/2: RUN /uv/bin/uv pip install\n",
    "Installed 19 packages\n",
    "[2/2] COMMIT docker.io/library/penguins:1\n",
    "--> 8831e9eeefe\n",
    "Successfully tagged docker.io/library/penguins:1\n",
    "8831e9eeefe8e0a30a7bc7fb6eebfb0c3d595140aba505cb5f16bdcc727c6613\n",
    "Successfully built 8831e9eeefe8\n",
)


class Service:
    """A socket that answers as Podman's does; ``asked`` is the query of the last build, ``sent`` its files."""

    def __init__(self, folder: Path) -> None:
        self.status, self.lines = 200, [{"stream": text} for text in STREAM]
        self.asked: dict[str, list[str]] = {}
        self.sent: dict[str, str] = {}
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(200, json.dumps(VERSION))

            def do_POST(self) -> None:
                service.asked = parse_qs(urlsplit(self.path).query)
                service.sent = unpacked(self._body())
                self._answer(service.status, "".join(json.dumps(line) + "\n" for line in service.lines))

            def _body(self) -> bytes:
                if length := self.headers.get("Content-Length"):
                    return self.rfile.read(int(length))
                chunks = list[bytes]()
                while size := int(self.rfile.readline(), 16):
                    chunks.append(self.rfile.read(size))
                    self.rfile.readline()
                return b"".join(chunks)

            def _answer(self, status: int, text: str) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def address_string(self) -> str:
                return "unix"

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingUnixStreamServer(str(folder / "podman.sock"), Handler)
        self.url = f"unix://{folder}/podman.sock"


def unpacked(archive: bytes) -> dict[str, str]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        files = [(member.name, tar.extractfile(member)) for member in tar if member.isfile()]
        return {name: file.read().decode() for name, file in files if file is not None}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path)
    with service.server as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield service
        server.shutdown()
        thread.join()


@pytest.fixture
def engine(service: Service) -> Iterator[Engine]:
    with connect(service.url) as engine:
        yield engine


@pytest.fixture
def context(tmp_path: Path) -> BuildContext:
    root = tmp_path / "context"
    root.mkdir()
    (root / "Dockerfile").write_text("FROM python:3.11-slim\n")
    (root / "secret").write_text("not in the context\n")
    return BuildContext(root=root, dockerfile=root / "Dockerfile", files=(PurePosixPath("Dockerfile"),), digest="0")


def build(engine: Engine, context: BuildContext, **others: Any) -> list[Event]:
    events: list[Event] = []
    names = (ImageReference.parse("penguins:1"), ImageReference.parse("penguins:v1"))
    chosen: dict[str, Any] = {"secrets": {}, "proxies": {}, "cache": True, "platform": None, "target": None, **others}
    build_with_podman(engine, context, tags=names, emit=events.append, **chosen)
    return events


def test_podman_builds_with_mounts(engine: Engine) -> None:
    assert engine.podman
    assert engine.has_build_mounts


def test_the_request_has_the_context_and_beside_it_the_secrets(
    service: Service, engine: Engine, context: BuildContext, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("password")
    proxies = {"HTTPS_PROXY": "http://proxy:3128"}
    build(engine, context, secrets={"netrc": tmp_path / "netrc"}, proxies=proxies, platform="linux/arm64", cache=False)
    assert service.sent == {"Dockerfile": "FROM python:3.11-slim\n", "podman-build-secret-netrc": "password"}
    assert service.asked["t"] == ["penguins:1", "penguins:v1"]
    assert json.loads(service.asked["secrets"][0]) == ["id=netrc,src=podman-build-secret-netrc"]
    assert json.loads(service.asked["buildargs"][0]) == proxies
    assert (service.asked["platform"], service.asked["nocache"]) == (["linux/arm64"], ["true"])


def test_the_stream_becomes_steps_and_log(engine: Engine, context: BuildContext) -> None:
    events = build(engine, context)
    done = [(event.label, event.cached) for event in events if isinstance(event, Progress) and event.done]
    assert done == [
        ("[1/2 1/2] FROM python:3.11-slim AS uv", False),
        ("[1/2 2/2] RUN pip install uv", True),
        ("[2/2 1/2] FROM python:3.11-slim", False),
        ("[2/2 2/2] RUN /uv/bin/uv pip install", False),
    ]
    assert [event.text for event in events if isinstance(event, Log)] == ["Installed 19 packages\n"]


def test_a_failed_step_is_named_with_its_log(service: Service, engine: Engine, context: BuildContext) -> None:
    service.lines = [{"stream": text} for text in STREAM[:7]] + [{"error": "while running runtime: exit status 1"}]
    with pytest.raises(BuildError, match=r"failed at '\[2/2 2/2\] RUN /uv/bin/uv pip install'") as caught:
        build(engine, context)
    assert caught.value.log_tail == "Installed 19 packages"


def test_a_refused_request_says_why(service: Service, engine: Engine, context: BuildContext) -> None:
    service.status, service.lines = 400, [{"message": "failed to parse query parameter"}]
    with pytest.raises(EngineError, match="failed to parse query parameter"):
        build(engine, context)


def test_a_single_stage_has_no_number() -> None:
    events: list[Event] = []
    StepReader(events.append, PODMAN).feed({"stream": "STEP 1/10: FROM python:3.11-slim"})
    assert [event.label for event in events if isinstance(event, Progress)] == ["[1/10] FROM python:3.11-slim"]
