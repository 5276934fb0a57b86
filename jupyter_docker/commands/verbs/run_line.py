"""The line that runs an exported image, on any machine with Docker and the notebook's data."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from dataclasses import replace

from jupyter_docker.values.container_spec import Mount

_AS_CALLER = '-u "$(id -u):$(id -g)"'  # who has the folders that are written to


def run_line(image: str, mounts: Sequence[Mount]) -> str:
    """Return the line for a POSIX shell in the current folder; it makes the folders that Docker would make as root."""
    here = [_from_here(mount) for mount in mounts]
    options = [f"-v {shlex.quote(str(mount))}" for mount in here]
    if not all(mount.read_only for mount in here):
        options.insert(0, _AS_CALLER)
    line = " ".join(["docker run --rm", *options, shlex.quote(image)])
    made = [mount.source for mount in here if mount.make]
    return f"mkdir -p {shlex.join(made)} && {line}" if made else line


def _from_here(mount: Mount) -> Mount:
    """Return the mount with its source as a path from the current folder, as it can be typed on another machine too."""
    relative = os.path.relpath(mount.source)
    return replace(mount, source=relative if relative.startswith("..") else f"./{relative}")
