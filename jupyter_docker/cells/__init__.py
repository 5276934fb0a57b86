"""``%%containerize``: the cells of the notebook that is open, in containers beside its kernel."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
