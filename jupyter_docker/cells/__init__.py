"""``%%containerize``: the cells of the notebook that is open, in containers beside its kernel."""

from __future__ import annotations

from jupyter_docker.cells.run import CellCall, run_cell
from jupyter_docker.cells.sessions import Sessions

__all__ = ["CellCall", "Sessions", "run_cell"]
