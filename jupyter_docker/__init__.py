"""Turn a notebook into a container: exported, frozen, built and run, from the notebook itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["__version__", "load_ipython_extension"]

__version__ = "0.1.0"


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register ``%containerize`` (IPython calls this on ``%load_ext jupyter_docker``)."""
    from jupyter_docker.magics import register

    register(shell)


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Name the server extension (Jupyter Server calls this)."""
    from jupyter_docker.server import ContainerizeServer

    return [{"module": "jupyter_docker.server", "app": ContainerizeServer}]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Say where the built JupyterLab extension is (`jupyter labextension` calls this)."""
    return [{"src": "labextension", "dest": "jupyter-containerize"}]
