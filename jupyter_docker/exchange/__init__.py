"""Variables into a container's session and back: by value, as data.

The notebook's side plans what to send (`plan_send`, which raises before anything runs), writes it (`write_values`),
lets the kernel run `load_code`, and looks how that went (`check_loaded`). After the cell the kernel runs `dump_code`,
and `read_values` gives what came back. ``wire`` works on both sides; `write_bundle` brings it into the container.
"""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
