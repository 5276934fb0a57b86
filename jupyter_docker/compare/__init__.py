"""Two notebooks, saved and run again, to a report: what was reproduced, and why the rest was not."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
