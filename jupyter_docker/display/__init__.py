"""Displays of one event stream, each an ``Emit`` and a context manager; tables of rows beside them."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
