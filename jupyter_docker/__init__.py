"""Turn a notebook into a container: exported, frozen, built and run, from the notebook itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["__version__", "load_ipython_extension"]

__version__ = "0.1.0"


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register ``%containerize`` (IPython calls this on ``%load_ext jupyter_docker``)."""
    from jupyter_docker.magics import register

    register(shell)
