"""An image and how it runs → files for other places to run it in: pure text, by dumping data."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
