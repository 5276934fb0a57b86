"""The only place that talks to Docker or Podman: ``connect() -> Engine``, and what an engine can be asked to do.

``docker`` and ``requests`` are imported when an engine is first needed, so that importing this costs nothing.
"""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
