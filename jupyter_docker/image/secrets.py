"""The host's settings of package indexes as BuildKit secrets: files that only the build sees."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
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


def plain_build(settings: IndexSettings, name: str, folder: Path) -> str:
    """Return the line for a POSIX shell of this machine that builds ``folder`` as ``name`` with Docker alone.

    It has the options that hand over the certificates, the indexes and the proxies that this machine needs; no
    password of an address is in it.

    Args:
        settings: The index settings of this machine.
        name: The name for the image.
        folder: The build context.
    """
    bare = replace(settings.without_logins(), ca_bundle=None)
    texts = {"uv": bare.uv_toml(), "pip": bare.pip_conf()}
    given = {f"CONTAINERIZE_{identifier.upper()}": text for identifier, text in texts.items() if text}
    secrets = [f"id={identifier},env=CONTAINERIZE_{identifier.upper()}" for identifier, text in texts.items() if text]
    secrets += [f"id=ca,src={settings.ca_bundle}"] if settings.ca_bundle else []
    secrets += [f"id=netrc,src={settings.netrc}"] if settings.netrc and _logins(settings) else []
    proxies = [each for name in settings.proxies for each in (name, name.lower()) if each in os.environ]
    words = ["docker", "build", "-t", name]
    words += [word for secret in secrets for word in ("--secret", secret)]
    words += [word for proxy in proxies for word in ("--build-arg", proxy)]
    variables = "".join(f"{variable}={shlex.quote(text)} " for variable, text in given.items())
    return variables + shlex.join([*words, str(folder)])


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
