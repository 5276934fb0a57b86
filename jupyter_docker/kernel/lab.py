"""JupyterLab in a container: reached at a port of the loopback with a token, gone with its client."""

from __future__ import annotations

import json
import re
import secrets
import time
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from jupyter_docker.engine import Engine
from jupyter_docker.kernel.container.container import CONNECTION_FILE, KernelContainer
from jupyter_docker.kernel.container.loopback import SERVER_PORT, ServerPort
from jupyter_docker.kernel.container.transport import INSIDE
from jupyter_docker.values import Emit, KernelDiedError, RunSpec

_START = 60.0  # seconds until it must listen
_LOOK = 0.2
_KERNEL_NAME = re.compile(r"[A-Za-z0-9._-]+")
_KERNELSPEC = {
    "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "The image's Python",
    "language": "python",
}


@dataclass(kw_only=True)
class Lab:
    """JupyterLab in the container of ``spec``, which opens ``notebook``, a file of its working folder.

    ``kernel`` is the name of the kernelspec that the notebook asks for: there it is the image's own Python.
    """

    engine: Engine
    spec: RunSpec
    notebook: str
    kernel: str
    emit: Emit

    def __post_init__(self) -> None:
        self._token = secrets.token_hex(24)
        spec = replace(self.spec, env={"JUPYTER_PATH": str(INSIDE), **self.spec.env})
        self._container = KernelContainer(self.engine, spec, emit=self.emit, server=ServerPort())

    def start(self) -> str:
        """Start it and return the page's address once it answers.

        Raises KernelDiedError where it does not, and what the engine refuses. `close` must be called in the end.
        """
        self._container.open()
        command = ("python", "-m", "jupyterlab", f"--config={INSIDE / CONNECTION_FILE}")
        configuration = json.dumps(self._configuration()).encode()
        ports = self._container.launch(command, configuration, timeout=_START, files=self._kernelspec())
        return f"http://127.0.0.1:{ports['server']}/lab/tree/{quote(self.notebook)}?token={self._token}"

    def wait(self) -> None:
        """Return when it was shut down from within; raises KernelDiedError where it died."""
        while not self._container.ended:
            time.sleep(_LOOK)
        death = self._container.death()
        if death.status:
            raise KernelDiedError(f"JupyterLab ended: {death.reason}", hint=death.hint)

    def close(self) -> None:
        """Remove the container and all that belongs to it."""
        self._container.close()

    def _kernelspec(self) -> dict[str, bytes]:
        """Return a kernelspec by the name that the notebook asks for, so that nobody has to choose."""
        if self.kernel == "python3" or not _KERNEL_NAME.fullmatch(self.kernel):
            return {}
        return {f"kernels/{self.kernel}/kernel.json": json.dumps(_KERNELSPEC).encode()}

    def _configuration(self) -> dict[str, Any]:
        """Return Jupyter's configuration, in a file that the container's user alone reads: no list shows the token."""
        return {
            "ServerApp": {
                "ip": self._container.transport.inside,
                "port": SERVER_PORT,
                "port_retries": 0,
                "root_dir": self.spec.workdir,
                "open_browser": False,
                "allow_root": True,
                "terminals_enabled": True,
                "log_level": "WARN",
            },
            "IdentityProvider": {"token": self._token},
            "LabApp": {
                "extension_manager": "readonly",
                "news_url": None,
                "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            },
        }
