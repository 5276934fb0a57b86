"""What the host knows about package indexes, as files that only the build sees (BuildKit secrets)."""

from __future__ import annotations

from collections.abc import Mapping

from jupyter_docker.freeze import IndexSettings
from jupyter_docker.models import Secret


def build_secrets(settings: IndexSettings) -> Mapping[str, Secret]:
    """Return the secrets by their ids, which are those of ``recipe.SECRET_TARGETS``; no file is written for them."""
    found: dict[str, Secret | None] = {
        "uv": settings.uv_toml(),
        "pip": settings.pip_conf(),
        "ca": settings.ca_bundle,
        "netrc": settings.netrc,
    }
    return {identifier: secret for identifier, secret in found.items() if secret}
