"""Notebooks: reading them, their cells, metadata and parameters, and the script that they become."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
