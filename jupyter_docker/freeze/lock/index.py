"""Settings of the host's package indexes: URLs, credentials, certificates and proxies, for uv here and in the build."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from netrc import NetrcParseError, netrc
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from jupyter_docker.freeze.lock.pip_config import read_pip_settings
from jupyter_docker.freeze.lock.redaction import redacted, redacted_urls
from jupyter_docker.freeze.lock.uv_config import read_uv_settings
from jupyter_docker.values import program_path

_CA_IN_IMAGE = "/etc/ssl/certs/ca-certificates.crt"
_CA_VARIABLES = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
# All that uv is given: where it keeps things, how it works, and whom it trusts. What it resolves is in the settings.
_KEPT = re.compile(
    r"UV_(?:CACHE_DIR|CONCURRENT_\w+|HTTP_\w+|KEYRING_PROVIDER|OFFLINE|REQUEST_\w+)|SSL_CERT_(?:FILE|DIR)|NETRC|"
    r"HOME|USERPROFILE|XDG_(?:CACHE|CONFIG|DATA)_HOME|APPDATA|LOCALAPPDATA|SYSTEMROOT|TMPDIR|TEMP|TMP|LANG|LC_\w+"
)
# The `keyring` command of those who have uv ask it.
_KEPT_FOR_KEYRING = re.compile(r"DBUS_SESSION_BUS_ADDRESS|XDG_RUNTIME_DIR|PYTHON_KEYRING_\w+|XDG_CURRENT_DESKTOP")


@dataclass(frozen=True, kw_only=True)
class IndexSettings:
    """The package indexes, credentials included, so that none of it shows in ``repr``.

    ``default`` is empty where the public index holds; ``extra`` are in order of priority. ``insecure_hosts`` need no
    valid certificate. ``ca_bundle`` and ``netrc`` are files, None where there is none. ``proxies`` are variables.
    """

    default: str = field(default="", repr=False)
    extra: tuple[str, ...] = field(default=(), repr=False)
    strategy: str = ""
    insecure_hosts: tuple[str, ...] = ()
    ca_bundle: Path | None = None
    netrc: Path | None = None
    proxies: Mapping[str, str] = field(default_factory=dict, repr=False)

    def uv_toml(self) -> str:
        """Return the settings as a uv.toml; empty where all is uv's default."""
        indexes = [*((url, False) for url in self.extra), *([(self.default, True)] if self.default else [])]
        lines = ["system-certs = true"] if self.ca_bundle else []
        lines += [f"index-strategy = {json.dumps(self.strategy)}"] if self.strategy else []
        lines += [f"allow-insecure-host = {json.dumps(list(self.insecure_hosts))}"] if self.insecure_hosts else []
        for url, default in indexes:
            lines += ["", "[[index]]", f"url = {json.dumps(url)}", *(["default = true"] if default else [])]
        return "".join(f"{line}\n" for line in lines)

    def pip_conf(self) -> str:
        """Return the settings as a pip.conf; empty where all is pip's default."""
        options = {
            "index-url": self.default,
            "extra-index-url": "\n    ".join(self.extra),
            "trusted-host": "\n    ".join(self.insecure_hosts),
            "cert": _CA_IN_IMAGE if self.ca_bundle else "",
        }
        lines = [f"{name} = {value}\n" for name, value in options.items() if value]
        return "".join(["[global]\n", *lines]) if lines else ""

    def environment(self) -> dict[str, str]:
        """Return the variables for uv on the host: of this process's those that it needs, and no others."""
        keyring = bool(os.environ.get("UV_KEYRING_PROVIDER"))
        kept = {
            name: value
            for name, value in os.environ.items()
            if _KEPT.fullmatch(name) or (keyring and _KEPT_FOR_KEYRING.fullmatch(name))
        }
        certificates = {"SSL_CERT_FILE": str(self.ca_bundle)} if self.ca_bundle else {}
        netrc = {"NETRC": str(self.netrc)} if self.netrc else {}
        return {**kept, "PATH": program_path(), **self.proxies, **certificates, **netrc}

    def netrc_logins(self) -> dict[str, tuple[str, str]]:
        """Return the user and password of each host that the netrc file names; its ``default`` is for no index."""
        try:
            hosts = netrc(str(self.netrc)).hosts if self.netrc else {}
        except (OSError, NetrcParseError):
            return {}
        return {host: (login[0], login[2] or "") for host, login in hosts.items() if host != "default"}

    def without_logins(self) -> IndexSettings:
        """Return the settings without the user and password in any address of an index."""
        return replace(self, default=_bare(self.default), extra=tuple(map(_bare, self.extra)))

    def public(self) -> list[object]:
        """Return what decides a lock, without credentials."""
        return [redacted_urls(self.default), [redacted_urls(url) for url in self.extra], self.strategy]

    def redact(self, text: str) -> str:
        """Return ``text`` without credentials: those of these settings, and those of any URL."""
        return redacted(text, (self.default, *self.extra, *self.proxies.values()))


def read_index_settings(environ: Mapping[str, str] = os.environ) -> IndexSettings:
    """Return uv's settings where it has an index of its own, else pip's.

    What only this machine has is left out: indexes in folders (``file:``), find-links, constraint files.
    """
    uv, pip = read_uv_settings(environ), read_pip_settings(environ)
    default, extra = next(_remote([uv.default]), ""), tuple(_remote(uv.extra))
    strategy = uv.strategy
    if not default and not extra:
        default, extra = (
            next(_remote([pip.get("index-url", "")]), ""),
            tuple(_remote(pip.get("extra-index-url", "").split())),
        )
        strategy = "unsafe-best-match" if extra else ""  # pip takes the best version that any of them has
    hosts = (*uv.insecure_hosts, *pip.get("trusted-host", "").split())
    return IndexSettings(
        default=default,
        extra=extra,
        strategy=strategy,
        insecure_hosts=tuple(dict.fromkeys(hosts)),
        ca_bundle=_first_file([*(environ.get(name, "") for name in _CA_VARIABLES[:2]), pip.get("cert", ""),
                               *(environ.get(name, "") for name in _CA_VARIABLES[2:])]),
        netrc=_first_file([environ.get("NETRC", ""), *_netrc_files(environ)]),
        proxies=dict(_proxies(environ, pip.get("proxy", ""))),
    )  # fmt: skip


def _bare(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _remote(urls: Iterable[str]) -> Iterator[str]:
    """Yield the URLs that another machine can ask too."""
    yield from (url for url in urls if re.fullmatch(r"https?://[^\s\x00-\x1f\x7f]+", url, re.IGNORECASE))


def _first_file(paths: Iterable[str]) -> Path | None:
    return next((Path(path).absolute() for path in paths if path and Path(path).is_file()), None)


def _netrc_files(environ: Mapping[str, str]) -> Iterator[str]:
    home = Path(environ.get("HOME") or Path.home())
    yield from (str(home / name) for name in (".netrc", "_netrc"))


def _proxies(environ: Mapping[str, str], of_pip: str) -> Iterator[tuple[str, str]]:
    if of_pip:
        yield from ((name, of_pip) for name in ("HTTP_PROXY", "HTTPS_PROXY"))
    for name in _PROXIES:
        value = environ.get(name.lower()) or environ.get(name)
        if value:
            yield name, value
