"""The gate: what a notebook says becomes something of the container's here or not at all.

What its metadata asks for are `Wish` values, which `judge` holds against the `TABLE`; what its code names are paths,
which `admit_data` and `admit_file` hold against its `Project`.
"""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
