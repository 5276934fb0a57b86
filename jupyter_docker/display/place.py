"""The position of a failure in the notebook, as the displays add it to the message."""

from __future__ import annotations

from jupyter_docker.values import CellPosition, Failed


def place_of(failed: Failed) -> str:
    """Return "cell 3, line 2"; empty where that is not known, or in the message already."""
    return "" if failed.cell is None or failed.is_located else str(CellPosition(cell=failed.cell, line=failed.line))
