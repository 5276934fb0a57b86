"""The order of the steps: export, freeze, stage, build, run; and the way from an image to a container."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
