"""Where in the notebook a failure is, said once."""

from __future__ import annotations

import re

from jupyter_docker.errors import CellPosition
from jupyter_docker.events import Failed


def place_of(failed: Failed) -> str:
    """Return "cell 3, line 2"; empty where that is not known, or in the message already."""
    where = str(CellPosition(cell=failed.cell, line=failed.line)) if failed.cell else ""
    said = re.search(rf"{where}(?!\d)", failed.message, re.IGNORECASE)
    return "" if said else where
