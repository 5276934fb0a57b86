"""Values ↔ files, for both sides.

It is copied into the container: it imports relatively, only the standard library, and runs on Python 3.10.
"""

from __future__ import annotations

from .session import dump, load

__all__ = ["dump", "load"]
