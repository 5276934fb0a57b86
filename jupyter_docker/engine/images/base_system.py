"""What a base image has beside Python, asked of the image once."""

from __future__ import annotations

import json
from typing import Any

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.images.image_python import printed_by_python
from jupyter_docker.values import BaseSystem, ContainerizeError, Image
from jupyter_docker.values import disk_cache as cache

# Printed by the image's own Python. Of `ldconfig -p` the first word of each line but the first; see ldconfig(8).
_QUESTION = """
import json, os, subprocess
def lines(read):
    try:
        return read().splitlines()
    except (OSError, subprocess.SubprocessError):
        return []
def names(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []
release = dict(line.partition("=")[::2] for line in lines(lambda: open("/etc/os-release").read()))
linked = lines(lambda: subprocess.check_output(["/sbin/ldconfig", "-p"], text=True))
print(json.dumps({
    "release": release.get("VERSION_CODENAME", "").strip('"'),
    "libraries": sorted({line.split()[0] for line in linked[1:] if line.split()}),
    "programs": sorted({name for folder in os.get_exec_path() for name in names(folder)}),
}))
"""


def base_system(engine: Engine, image: Image) -> BaseSystem | None:
    """Return what the image has; None where it can't be run here, as one for another processor."""
    key = cache.digest("base", image.id)
    found = cache.load("bases", key)
    if found is None:
        found = _ask(engine, image)
        if found is None:
            return None
        cache.store("bases", key, found)
    return BaseSystem(
        release=found["release"],
        libraries=frozenset(found["libraries"]),
        programs=frozenset(found["programs"]),
        has_apt="apt-get" in found["programs"],
    )


def _ask(engine: Engine, image: Image) -> dict[str, Any] | None:
    try:
        said = printed_by_python(engine, image, _QUESTION, f"ask '{image.reference}' what it has")
        found: dict[str, Any] = json.loads(said)
    except (ContainerizeError, ValueError):
        return None
    return found
