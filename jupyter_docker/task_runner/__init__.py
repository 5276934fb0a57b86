"""The programs that run a script in its image, copied there as files; and what the host reads with them."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
