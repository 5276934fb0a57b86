"""Images, containers and what can be freed, in the JSON of openapi.yaml."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from typing import Any

from jupyter_docker.engine import UNTAGGED, VERSION_LABEL, ContainerInfo, PrunePlan
from jupyter_docker.values import LABEL_PREFIX, Image

_NOTEBOOK_LABEL = f"{LABEL_PREFIX}notebook"
# A failed exec would end dash.
_BEST_SHELL = ("sh", "-c", "command -v bash >/dev/null && exec bash; exec sh")


def image_form(image: Image, containers: Sequence[ContainerInfo], *, own: bool) -> dict[str, Any]:
    """Return the schema ``Image``; ``containers`` are all that the engine has, ``own`` is whether this user has it."""
    ours = VERSION_LABEL in image.labels
    return {
        "id": image.id,
        "reference": "" if image.reference == UNTAGGED else str(image.reference),
        "size": image.size,
        "created": image.created,
        "platform": image.platform,
        "notebook": image.labels.get(_NOTEBOOK_LABEL, ""),
        "ours": ours,
        "own": ours and own,
        "used_by": [each.name for each in containers if each.image_id == image.id],
    }


def container_form(container: ContainerInfo, engine: str) -> dict[str, Any]:
    """Return the schema ``Container``; ``engine`` is the one that was chosen, empty for the server's own."""
    has_shell = container.own and container.state == "running"
    return {
        "id": container.id,
        "name": container.name,
        "image": container.image,
        "state": container.state,
        "status": container.status,
        "created": container.created,
        "ports": list(container.ports),
        "notebook": container.labels.get(_NOTEBOOK_LABEL, ""),
        "ours": container.ours,
        "own": container.own,
        "owner": container.owner,
        "shell": _shell(container.name, engine) if has_shell else "",
    }


def prune_form(plan: PrunePlan) -> dict[str, Any]:
    """Return the schema ``PrunePlan``."""
    kinds = {"container": plan.containers, "image": plan.images, "cache": plan.caches}
    items = [
        {"id": one.id, "name": one.name, "kind": kind, "size": one.size} for kind, ones in kinds.items() for one in ones
    ]
    return {"items": items, "size": plan.size, "bound": plan.bound, "summary": plan.describe()}


def _shell(name: str, engine: str) -> str:
    chosen = [f"--engine={engine}"] if engine else []
    return shlex.join([sys.executable, "-P", "-m", "jupyter_docker", "exec", "-it", *chosen, name, *_BEST_SHELL])
