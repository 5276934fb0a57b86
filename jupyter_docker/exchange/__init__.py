"""Variables into a container's session and back: by value, as data.

The notebook's side plans what to send (`plan_send`, which raises before anything runs), writes it (`write_values`),
lets the kernel run `load_code`, and looks how that went (`check_loaded`). After the cell the kernel runs `dump_code`,
and `read_values` gives what came back. ``wire`` works on both sides; `write_bundle` brings it into the container.
"""

from __future__ import annotations

from jupyter_docker.exchange.bundle import dump_code, load_code, write_bundle
from jupyter_docker.exchange.names import AutoNames, auto_names, parse_names
from jupyter_docker.exchange.receive import Received, read_values
from jupyter_docker.exchange.send import SendPlan, check_loaded, plan_send, write_values

__all__ = [
    "AutoNames",
    "Received",
    "SendPlan",
    "auto_names",
    "check_loaded",
    "dump_code",
    "load_code",
    "parse_names",
    "plan_send",
    "read_values",
    "write_bundle",
    "write_values",
]
