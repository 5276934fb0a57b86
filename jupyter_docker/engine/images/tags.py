"""Names for images that the engine has."""

from __future__ import annotations

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.values import ImageReference


def add_tag(engine: Engine, identity: str, tag: ImageReference) -> None:
    """Give the image of that ID (with or without "sha256:") another tag, "latest" where ``tag`` names none.

    Raises docker-py's errors.
    """
    # Podman 4 takes an ID that has its algorithm for a name, and refuses it.
    engine.client.api.tag(identity.removeprefix("sha256:"), tag.name, tag.tag or "latest")
