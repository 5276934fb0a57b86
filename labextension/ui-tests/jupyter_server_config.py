"""The server that the browser tests drive: JupyterLab with galata's helpers, without a token."""

import os
from pathlib import Path

import jupyterlab

c = get_config()  # type: ignore[name-defined]  # noqa: F821

c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.allow_root = True
c.ServerApp.root_dir = os.environ["UI_TESTS_ROOT"]
c.ServerApp.disable_check_xsrf = True
c.ServerApp.terminado_settings = {"shell_command": ["/bin/bash", "--norc"]}
c.IdentityProvider.token = ""
c.LabServerApp.extra_labextensions_path = str(Path(jupyterlab.__file__).parent / "galata")
c.LabApp.expose_app_in_browser = True
