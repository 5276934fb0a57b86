"""Where an engine is looked for, and what is said where there is none; real sockets, no engine needed."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer

import pytest

from jupyter_docker.engine.connection.endpoint import DEFAULT_URL, Endpoint, endpoints
from jupyter_docker.engine.connection.engine import connect, find_buildx
from jupyter_docker.values.errors import EnginePermissionError, EngineUnavailableError


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty Docker configuration, and none of the variables that name an engine."""
    folder = tmp_path / "docker"
    folder.mkdir()
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))
    return folder


def add_context(config: Path, name: str, url: str, *, tls: tuple[str, ...] = (), skip: bool = False) -> Path:
    """Write a context as `docker context create` does; returns the folder of its TLS files."""
    identity = hashlib.sha256(name.encode()).hexdigest()
    meta = config / "contexts" / "meta" / identity
    meta.mkdir(parents=True)
    endpoint = {"Host": url, "SkipTLSVerify": skip}
    (meta / "meta.json").write_text(json.dumps({"Name": name, "Metadata": {}, "Endpoints": {"docker": endpoint}}))
    folder = config / "contexts" / "tls" / identity / "docker"
    folder.mkdir(parents=True)
    for part in tls:
        (folder / f"{part}.pem").write_text("")
    return folder


def first(named: str | None = None) -> Endpoint:
    return next(iter(endpoints(named)))


def test_the_default_socket_where_nothing_is_said() -> None:
    assert first() == Endpoint(url=DEFAULT_URL, why="Docker's default socket")


def test_the_order_of_what_names_an_engine(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("current", "variable", "option"):
        add_context(config, name, f"unix:///{name}")
    (config / "config.json").write_text('{"currentContext": "current"}')
    assert first().url == "unix:///current"
    monkeypatch.setenv("DOCKER_CONTEXT", "variable")
    assert first().url == "unix:///variable"
    monkeypatch.setenv("DOCKER_HOST", "unix:///host")
    assert first().url == "unix:///host"
    assert first("option").url == "unix:///option"
    assert first("tcp://there:2375").url == "tcp://there:2375"
    assert [place.url for place in endpoints("default")] == [DEFAULT_URL]


def test_a_context_is_found_without_a_config_file(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_context(config, "remote", "tcp://there:2376")
    monkeypatch.setenv("DOCKER_CONTEXT", "remote")
    assert list(endpoints()) == [Endpoint(url="tcp://there:2376", why="DOCKER_CONTEXT, 'remote'", context="remote")]


def test_a_context_has_its_tls_files(config: Path) -> None:
    folder = add_context(config, "own-ca", "tcp://there:2376", tls=("ca",), skip=False)
    assert (first("own-ca").ca, first("own-ca").cert, first("own-ca").verify) == (folder / "ca.pem", None, True)
    folder = add_context(config, "whole", "tcp://there:2376", tls=("ca", "cert", "key"), skip=True)
    whole = first("whole")
    assert (whole.ca, whole.cert, whole.key, whole.verify) == (
        folder / "ca.pem", folder / "cert.pem", folder / "key.pem", False,
    )  # fmt: skip


@pytest.mark.parametrize("written", ["not JSON", "[]", '"x"', "{}"])
def test_a_config_file_that_is_none_is_as_if_it_were_not_there(config: Path, written: str) -> None:
    (config / "config.json").write_text(written)
    assert first().url == DEFAULT_URL


def test_an_unknown_context_is_an_error(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineUnavailableError) as caught:
        connect("nowhere")
    assert caught.value.message == "There is no Docker context 'nowhere' (named by --engine)."
    (config / "config.json").write_text('{"currentContext": "gone"}')
    with pytest.raises(EngineUnavailableError) as caught:
        connect()
    assert caught.value.message == "There is no Docker context 'gone' (named by the current Docker context)."


def test_podmans_sockets_come_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    socket_path = tmp_path / "podman" / "podman.sock"
    socket_path.parent.mkdir()
    socket_path.touch()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    places = list(endpoints())
    assert places[0].url == DEFAULT_URL
    assert places[1] == Endpoint(url=f"unix://{socket_path}", why="Podman's socket")


def test_no_engine_says_where_it_looked(tmp_path: Path) -> None:
    missing, dead = tmp_path / "missing.sock", tmp_path / "dead.sock"
    with socket.socket(socket.AF_UNIX) as closed:
        closed.bind(str(dead))
    for path, reason in ((missing, "No such file or directory"), (dead, "Connection refused")):
        with pytest.raises(EngineUnavailableError) as caught:
            connect(f"unix://{path}")
        assert caught.value.message == f"No container engine answers. Tried 'unix://{path}' (--engine): {reason}."
        assert caught.value.hint.startswith(
            "Start the engine there, or correct --engine: without it, this machine's own is used."
        )


@pytest.mark.parametrize("value", ["banana", "tcp://127.0.0.1:1", "unix:///nope.sock", "ftp://x"])
def test_a_wrong_docker_host_is_named_as_such(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", value)
    with pytest.raises(EngineUnavailableError) as caught:
        connect()
    assert f"Tried '{value}' (DOCKER_HOST): " in caught.value.message
    assert "or correct DOCKER_HOST: without it" in caught.value.hint


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user")
def test_a_socket_that_this_user_may_not_use(tmp_path: Path) -> None:
    path = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        path.chmod(0o600)
        for folder in (tmp_path, *list(tmp_path.parents)[:2]):
            folder.chmod(0o755)
        os.seteuid(65534)
        try:
            with pytest.raises(EnginePermissionError) as caught:
                connect(f"unix://{path}")
        finally:
            os.seteuid(0)
    assert caught.value.message == f"This user may not use the container engine at 'unix://{path}'."
    assert "`docker` group" in caught.value.hint


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "tcp://127.0.0.1:9", "nonsense://x", "unix://"])
def test_an_address_where_nothing_is(url: str) -> None:
    with pytest.raises(EngineUnavailableError) as caught:
        connect(url)
    assert f"'{url}' (--engine)" in caught.value.message


VERSION = {
    "Platform": {"Name": "Docker Desktop 4.50"}, "Version": "28.5.1", "ApiVersion": "1.51", "Arch": "arm64",
    "Components": [{"Name": "Engine"}],
}  # fmt: skip
PODMAN = {"Version": "5.2.1", "ApiVersion": "1.41", "Arch": "amd64", "Components": [{"Name": "Podman Engine"}]}


@contextmanager
def serving(path: Path, version: Mapping[str, object], asked: list[str]) -> Iterator[str]:
    """A server that says which version it is, as an engine that is not Linux's own Docker does."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = json.dumps(version).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def address_string(self) -> str:
            return "unix"

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingUnixStreamServer(str(path), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"unix://{path}"
        finally:
            server.shutdown()
            thread.join()


def test_one_question_is_enough(tmp_path: Path) -> None:
    asked: list[str] = []
    with serving(tmp_path / "desktop.sock", VERSION, asked) as url, connect(url) as engine:
        assert (engine.version, engine.architecture, engine.endpoint) == ("28.5.1", "arm64", url)
        assert engine.client.api.api_version == "1.51"
    assert asked == ["/version"]


def test_docker_desktop_is_not_local(tmp_path: Path) -> None:
    with serving(tmp_path / "desktop.sock", VERSION, []) as url, connect(url) as engine:
        assert not engine.local


def test_podman_is_known_and_has_no_buildkit(tmp_path: Path, config: Path) -> None:
    plugin = config / "cli-plugins" / "docker-buildx"
    plugin.parent.mkdir()
    plugin.touch(mode=0o755)
    with serving(tmp_path / "podman.sock", PODMAN, []) as url, connect(url) as engine:
        assert engine.podman
        assert engine.local is (sys.platform == "linux")
        assert engine.buildx_program is None
    with serving(tmp_path / "docker.sock", VERSION, []) as url, connect(url) as engine:
        assert engine.buildx_program == plugin


def test_the_cli_is_sent_to_the_same_engine(tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONTEXT", "other")
    with serving(tmp_path / "a.sock", VERSION, []) as url:
        add_context(config, "other", "tcp://127.0.0.1:9")
        add_context(config, "mine", url)
        with connect(url) as engine:
            environment = engine.cli_environment()
            assert (environment["DOCKER_HOST"], environment.get("DOCKER_CONTEXT")) == (url, None)
        monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:9")
        with connect("mine") as engine:
            environment = engine.cli_environment()
            assert (environment.get("DOCKER_HOST"), environment["DOCKER_CONTEXT"]) == (None, "mine")


def test_buildx_is_looked_for_as_the_cli_does(tmp_path: Path, config: Path) -> None:
    extra = tmp_path / "extra"
    extra.mkdir()
    (extra / "docker-buildx").touch(mode=0o755)
    (config / "config.json").write_text(json.dumps({"cliPluginsExtraDirs": [str(extra)]}))
    assert find_buildx() == extra / "docker-buildx"
    (config / "cli-plugins").mkdir()
    (config / "cli-plugins" / "docker-buildx").touch(mode=0o644)
    assert find_buildx() == extra / "docker-buildx"
    (config / "cli-plugins" / "docker-buildx").chmod(0o755)
    assert find_buildx() == config / "cli-plugins" / "docker-buildx"


def test_importing_the_engine_imports_no_docker() -> None:
    code = "import sys, jupyter_docker.engine; print(sorted({'docker', 'requests', 'urllib3'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_an_engine_that_hangs_is_given_up(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        with pytest.raises(EngineUnavailableError, match="takes connections, but does not answer"):
            connect(f"unix://{tmp_path}/s", timeout=1)
