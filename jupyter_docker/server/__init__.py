"""The server extension: jobs, plans and the engine's inventory, as the JupyterLab panel uses them."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
