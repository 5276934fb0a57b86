"""Where the docker CLI keeps its plugins."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from jupyter_docker.engine.connection.endpoint import docker_config, docker_config_folder

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
