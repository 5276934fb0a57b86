"""Runs of the tasks of a sweep: one image with many rows of values, and the records that they leave."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
