"""Endpoints of engines: those that the docker CLI tries, in its order, and then Podman's.

The format of the contexts on disk is docker/cli's ``cli/context/store``. docker-py's own reader is not used: where
there is no config.json it looks for contexts in the working directory, and it drops a CA that comes without a client's
certificate.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jupyter_docker.values import EngineUnavailableError

DEFAULT_CONTEXT = "default"
DEFAULT_URL = "npipe:////./pipe/docker_engine" if sys.platform == "win32" else "unix:///var/run/docker.sock"


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One place to try; ``why`` says who named it. The TLS files are those of a context, ``tls`` False without any."""

    url: str
    why: str
    context: str = DEFAULT_CONTEXT
    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None
    verify: bool = True

    @property
    def tls(self) -> bool:
        """Whether the context has TLS material."""
        return bool(self.ca or self.cert) or not self.verify

    @property
    def from_context(self) -> bool:
        """Whether a named context gave it, so that the CLI has to be told the name and not the URL."""
        return self.context != DEFAULT_CONTEXT


def docker_config_folder() -> Path:
    """Return the folder of Docker's config.json, contexts and plugins."""
    return Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")


def docker_config() -> dict[str, object]:
    """Return Docker's config.json; empty where there is none or it can't be read, as the CLI treats it."""
    try:
        config = json.loads((docker_config_folder() / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return config if isinstance(config, dict) else {}


def has_context(name: str) -> bool:
    """Whether ``name`` is Docker's default context, or one of this user's docker configuration."""
    try:
        return name == DEFAULT_CONTEXT or bool(_read_context(name, ""))
    except EngineUnavailableError:
        return False


def endpoints(named: str | None = None) -> Iterator[Endpoint]:
    """Yield the places to try, the first that answers wins; raises EngineUnavailableError for an unknown context.

    ``named`` is a URL or a context's name.
    """
    if named:
        yield _named(named, "--engine")
    elif host := os.environ.get("DOCKER_HOST"):
        yield Endpoint(url=host, why="DOCKER_HOST")
    else:
        environment = os.environ.get("DOCKER_CONTEXT")
        context = environment or str(docker_config().get("currentContext") or DEFAULT_CONTEXT)
        yield _named(context, "DOCKER_CONTEXT" if environment else "the current Docker context")
        if context == DEFAULT_CONTEXT:
            yield from _podman()


def _named(name: str, why: str) -> Endpoint:
    if "://" in name:
        return Endpoint(url=name, why=why)
    if name == DEFAULT_CONTEXT:
        return Endpoint(url=DEFAULT_URL, why="Docker's default socket")
    return _read_context(name, why)


def _read_context(name: str, why: str) -> Endpoint:
    folder = docker_config_folder() / "contexts"
    try:
        identity = hashlib.sha256(name.encode()).hexdigest()
        meta = json.loads((folder / "meta" / identity / "meta.json").read_text("utf-8"))["Endpoints"]["docker"]
        url, verify = str(meta["Host"]), not meta.get("SkipTLSVerify", False)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EngineUnavailableError(
            f"There is no Docker context '{name}' (named by {why}).",
            hint="`docker context ls` lists them; an engine's address has '://', as in unix:///var/run/docker.sock",
        ) from error
    tls = {part: folder / "tls" / identity / "docker" / f"{part}.pem" for part in ("ca", "cert", "key")}
    present = {part: path for part, path in tls.items() if path.is_file()}
    return Endpoint(url=url, why=f"{why}, '{name}'", context=name, verify=verify, **present)


def _podman() -> Iterator[Endpoint]:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    for folder in (*([Path(runtime)] if runtime else []), Path("/run")):
        socket = folder / "podman" / "podman.sock"
        if socket.exists():
            yield Endpoint(url=f"unix://{socket}", why="Podman's socket")
