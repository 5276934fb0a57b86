"""The host's settings of package indexes as BuildKit secrets: files that only the build sees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from jupyter_docker.freeze import IndexSettings
from jupyter_docker.values import Secret


def build_secrets(settings: IndexSettings) -> Mapping[str, Secret]:
    """Return the secrets by their ids, which are those of ``recipe.SECRET_TARGETS``; no file is written for them."""
    found: dict[str, Secret | None] = {
        "uv": settings.uv_toml(),
        "pip": settings.pip_conf(),
        "ca": settings.ca_bundle,
        "netrc": _logins(settings),
    }
    return {identifier: secret for identifier, secret in found.items() if secret}


def _logins(settings: IndexSettings) -> str:
    """Return the entries of the user's netrc file for the hosts of the indexes: the build is no one else's."""
    hosts = {host for url in (settings.default, *settings.extra) if (host := urlsplit(url).hostname)}
    return "".join(
        f"machine {host} login {_word(user)} password {_word(password)}\n"
        for host, (user, password) in sorted(settings.netrc_logins().items())
        if host in hosts
    )


def _word(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"' if re.search(r'[\s"\\#]', text) or not text else text
