"""The engine that the docker CLI would use, found and connected to, and the platforms of both sides."""

from __future__ import annotations

import os
import platform
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from jupyter_docker.engine.connection.answers import check_answers
from jupyter_docker.engine.connection.endpoint import Endpoint, docker_config, docker_config_folder, endpoints
from jupyter_docker.engine.connection.translate import translated
from jupyter_docker.values import EngineError, EnginePermissionError, EngineUnavailableError

if TYPE_CHECKING:
    from docker import DockerClient

_SYSTEM_FOLDERS = (
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
    "/Applications/Docker.app/Contents/Resources/cli-plugins",
)
_SUFFIX = ".exe" if sys.platform == "win32" else ""


def find_buildx() -> Path | None:
    """Return buildx's program, looked for as the CLI does; None where there is none.

    It is run as it is: through ``docker buildx`` the CLI starts it twice, once to ask what it is (0.1 s of a build).
    """
    for folder in _folders():
        program = folder / f"docker-buildx{_SUFFIX}"
        if program.is_file() and os.access(program, os.X_OK):
            return program
    return None


def _folders() -> list[Path]:
    extra = docker_config().get("cliPluginsExtraDirs")
    named = [str(folder) for folder in extra] if isinstance(extra, list) else []
    windows = [
        Path(os.environ[name]) / "Docker/cli-plugins" for name in ("ProgramData", "ProgramFiles") if name in os.environ
    ]
    return [docker_config_folder() / "cli-plugins", *map(Path, named), *map(Path, _SYSTEM_FOLDERS), *windows]


_SETTINGS = ("--engine", "DOCKER_HOST")  # which the person may have set wrong
_SECONDS_TO_ANSWER = 60
_UNIX = "unix://"
_ROOTLESS: dict[tuple[str, str], bool] = {}  # what `docker info` takes is a tenth of an unchanged notebook's start


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A container engine that answered.

    ``endpoint`` is its URL, ``context`` the Docker context ("default" where none is in use), ``version`` the engine's,
    ``architecture`` as in a platform ("amd64"), ``podman`` whether it is Podman's service. ``local`` says that it
    shares this machine's file system and kernel: Docker Desktop and remote hosts do not.
    """

    client: DockerClient
    endpoint: str
    context: str
    version: str
    architecture: str
    local: bool
    podman: bool = False

    @cached_property
    def info(self) -> dict[str, Any]:
        """What ``docker info`` says; asked once. Raises EngineLostError."""
        with translated("ask the engine about itself"):
            return self.client.info()

    @property
    def containerd(self) -> bool:
        """Whether containerd keeps the images, in its store: their IDs are digests of manifests there."""
        return ["driver-type", "io.containerd.snapshotter.v1"] in (self.info.get("DriverStatus") or ())

    @property
    def shares_files(self) -> bool:
        """Whether the engine sees this machine's files, as Docker Desktop does too."""
        return self.endpoint.startswith(("unix://", "npipe://"))

    @property
    def rootless(self) -> bool:
        """Whether the engine runs without root, so that root in a container is this user outside; asked once."""
        key = (self.endpoint, self.version)
        if key not in _ROOTLESS:
            _ROOTLESS[key] = any("name=rootless" in option for option in self.info.get("SecurityOptions") or ())
        return _ROOTLESS[key]

    @cached_property
    def memory(self) -> int:
        """The bytes of memory of the engine's machine; 0 where it does not say."""
        if self.local:
            return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        total = self.info.get("MemTotal")
        return total if isinstance(total, int) else 0

    @cached_property
    def buildx_program(self) -> Path | None:
        """The buildx to build with; None where there is none, or where the engine has no BuildKit."""
        return None if self.podman else find_buildx()

    @property
    def has_build_mounts(self) -> bool:
        """Whether a build can have secrets and mounts: with BuildKit, and with Podman since 4.0."""
        return int(self.version.split(".")[0]) >= 4 if self.podman else self.buildx_program is not None  # noqa: PLR2004

    def cli_environment(self) -> dict[str, str]:
        """Return the environment that makes the docker CLI and its plugins talk to this engine."""
        kept = {name: value for name, value in os.environ.items() if name not in {"DOCKER_HOST", "DOCKER_CONTEXT"}}
        selected = {"DOCKER_HOST": self.endpoint} if self.context == "default" else {"DOCKER_CONTEXT": self.context}
        return kept | selected

    def close(self) -> None:
        """Close the connections; one that is used again opens anew."""
        self.client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def connect(endpoint: str | None = None, *, timeout: int = _SECONDS_TO_ANSWER) -> Engine:
    """Return the engine at ``endpoint`` (a URL or a context's name), or where the docker CLI would find it.

    The order: ``endpoint``, DOCKER_HOST, DOCKER_CONTEXT, the current context, the default socket, Podman's sockets.
    Each request may take ``timeout`` seconds. Raises EngineUnavailableError, which says where it looked, or
    EnginePermissionError.
    """
    failures: list[tuple[Endpoint, Exception]] = []
    for candidate in endpoints(endpoint):
        try:
            return _open(candidate, timeout)
        except Exception as error:  # noqa: BLE001 - a bad URL, TLS file or answer has an exception of its own kind
            failures.append((candidate, error))
    raise _unavailable(failures)


def _unavailable(failures: list[tuple[Endpoint, Exception]]) -> EngineError:
    for candidate, failure in failures:
        if any(isinstance(cause, PermissionError) for cause in _causes(failure)):
            refused = EnginePermissionError(f"This user may not use the container engine at '{candidate.url}'.")
            refused.__cause__ = failure
            return refused
    looked = "; ".join(f"'{candidate.url}' ({candidate.why}): {_reason(failure)}" for candidate, failure in failures)
    named = failures[0][0].why if len(failures) == 1 and failures[0][0].why in _SETTINGS else ""
    hint = f"Start the engine there, or correct {named}: without it, this machine's own is used." if named else ""
    unavailable = EngineUnavailableError(f"No container engine answers. Tried {looked}.", hint=hint)
    unavailable.__cause__ = failures[0][1]
    return unavailable


def _open(endpoint: Endpoint, timeout: int) -> Engine:
    if endpoint.url.startswith(_UNIX):
        _knock(endpoint.url.removeprefix(_UNIX), timeout)
    client = _client(endpoint, timeout)
    try:
        about = client.api.version(api_version=False)
    except BaseException:
        client.close()
        raise
    # Set here, so that one request is enough: docker-py would ask for the same answer once more.
    vars(client.api)["_version"] = about["ApiVersion"]
    return Engine(
        client=client,
        endpoint=endpoint.url,
        context=endpoint.context,
        version=about["Version"],
        architecture=about.get("Arch", ""),
        local=_is_local(endpoint.url, about),
        podman=any(part.get("Name") == "Podman Engine" for part in about.get("Components") or ()),
    )


def _knock(path: str, timeout: int) -> None:
    """Raise OSError where nobody listens: docker-py leaves its socket open then, and takes long to import."""
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(timeout)
        caller.connect(path)


def _client(endpoint: Endpoint, timeout: int) -> DockerClient:
    from docker.constants import MINIMUM_DOCKER_API_VERSION
    from docker.tls import TLSConfig
    from docker.utils import kwargs_from_env

    from jupyter_docker.engine.connection.credentials import Client

    if endpoint.from_context:
        pair = (str(endpoint.cert), str(endpoint.key)) if endpoint.cert and endpoint.key else None
        ca = str(endpoint.ca) if endpoint.ca else None
        tls = TLSConfig(client_cert=pair, ca_cert=ca, verify=endpoint.verify) if endpoint.tls else False
    else:
        tls = kwargs_from_env({**os.environ, "DOCKER_HOST": endpoint.url}).get("tls", False)
    client = Client(
        base_url=endpoint.url,
        tls=tls,
        version=MINIMUM_DOCKER_API_VERSION,
        timeout=timeout,
        use_ssh_client=endpoint.url.startswith("ssh://"),
    )
    if endpoint.url.startswith(_UNIX):  # no proxy leads there; requests looks for one at each request otherwise
        client.api.trust_env = False
    check_answers(client.api)
    return client


def _is_local(url: str, about: dict[str, Any]) -> bool:
    desktop = "Docker Desktop" in str((about.get("Platform") or {}).get("Name", ""))
    return url.startswith(_UNIX) and sys.platform == "linux" and not desktop


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the exception and all it was raised from; requests and urllib3 keep the first one in ``args``."""
    waiting = [error]
    while waiting:
        cause = waiting.pop()
        yield cause
        linked = (cause.__cause__, cause.__context__, *cause.args)
        waiting.extend(one for one in linked if isinstance(one, BaseException))


def _reason(error: BaseException) -> str:
    """Return the system's own words for why, such as "No such file or directory"."""
    if any(isinstance(cause, TimeoutError) for cause in _causes(error)):
        return "it takes connections, but does not answer"
    system = [cause for cause in _causes(error) if isinstance(cause, OSError) and cause.strerror]
    return str(system[-1].strerror) if system else str(error)


_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def host_platform() -> str:
    """Return this machine's platform in Docker's words, such as "linux/amd64" or "darwin/arm64"."""
    machine = platform.machine().lower()
    return f"{sys.platform}/{_ARCHITECTURES.get(machine, machine)}"


def runs_host_programs(engine: Engine, wanted: str) -> bool:
    """Return whether a program of this machine runs in an image of platform ``wanted``, "" being the engine's own."""
    return host_platform() == "/".join((wanted or f"linux/{engine.architecture}").split("/")[:2])
