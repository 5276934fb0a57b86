"""What the tests of the card look at."""

from __future__ import annotations

import re

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.containers.listing import list_containers
from jupyter_docker.values.image import LABEL_PREFIX


def matches(texts: list[str], *patterns: str) -> bool:
    """Whether each text is what its pattern says, a duration behind it."""
    timed = [rf"{pattern} \d+(\.\d)? s" for pattern in patterns]
    return len(texts) == len(timed) and all(map(re.fullmatch, timed, texts))


def containers_of(engine: Engine, name: str) -> list[str]:
    """Return the names of the containers made from notebook ``name``, ended ones and another state folder's too."""
    all_of_them = list_containers(engine, all=True, scope="made")
    return [one.name for one in all_of_them if one.labels.get(f"{LABEL_PREFIX}notebook") == name]
