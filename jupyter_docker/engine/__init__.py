"""The only place that talks to Docker or Podman: ``connect() -> Engine``, and what an engine can be asked to do.

``docker`` and ``requests`` are imported when an engine is first needed, so that importing this costs nothing.
"""

from jupyter_docker.engine.base_system import base_system
from jupyter_docker.engine.building import build
from jupyter_docker.engine.connection import Engine, connect
from jupyter_docker.engine.endpoint import has_context
from jupyter_docker.engine.images import base_python, ensure_base, find_image, list_images, remove_image, tag_image
from jupyter_docker.engine.registry import pull, push
from jupyter_docker.engine.translate import translated

__all__ = [
    "Engine",
    "base_python",
    "base_system",
    "build",
    "connect",
    "ensure_base",
    "find_image",
    "has_context",
    "list_images",
    "pull",
    "push",
    "remove_image",
    "tag_image",
    "translated",
]
