"""uv's settings of package indexes: its variables and its configuration files of the user and the system.

Sources: https://docs.astral.sh/uv/concepts/configuration-files/ and https://docs.astral.sh/uv/reference/environment/
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import platformdirs


@dataclass(frozen=True, kw_only=True)
class UvSettings:
    """Index URLs, credentials included: ``default`` is empty where uv's own holds; ``extra`` in order of priority."""

    default: str = ""
    extra: tuple[str, ...] = ()
    insecure_hosts: tuple[str, ...] = ()
    strategy: str = ""


def read_uv_settings(environ: Mapping[str, str] = os.environ) -> UvSettings:
    """Return what uv would use, variables before files. Unreadable files count for nothing."""
    files: dict[str, Any] = {}
    for path in _files(environ):
        files.update(_read(path))
    pip = files.get("pip")
    files = {**(pip if isinstance(pip, dict) else {}), **files}
    indexes = [*_indexes(files.get("index"), environ)]
    default = [environ.get("UV_DEFAULT_INDEX", ""), environ.get("UV_INDEX_URL", "")]
    default += [url for url, is_default in indexes if is_default] + _texts(files.get("index-url"))
    extra = [*environ.get("UV_INDEX", "").split(), *environ.get("UV_EXTRA_INDEX_URL", "").split()]
    extra += [url for url, is_default in indexes if not is_default] + _texts(files.get("extra-index-url"))
    hosts = environ.get("UV_INSECURE_HOST", "").split() + _texts(files.get("allow-insecure-host"))
    strategy = [environ.get("UV_INDEX_STRATEGY", ""), *_texts(files.get("index-strategy"))]
    return UvSettings(
        default=next((_named(each, environ) for each in default if each), ""),
        extra=tuple(dict.fromkeys(_named(each, environ) for each in extra)),
        insecure_hosts=tuple(dict.fromkeys(hosts)),
        strategy=next(filter(None, strategy), ""),
    )


def _files(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield the files, the later the stronger."""
    if environ.get("UV_NO_CONFIG"):
        return
    if environ.get("UV_CONFIG_FILE"):
        yield Path(environ["UV_CONFIG_FILE"])
        return
    if sys.platform == "win32":
        yield platformdirs.site_config_path("uv", appauthor=False) / "uv.toml"
        yield platformdirs.user_config_path("uv", appauthor=False, roaming=True) / "uv.toml"
        return
    system = [Path(folder, "uv/uv.toml") for folder in environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":") if folder]
    yield next((path for path in system if path.is_file()), Path("/etc/uv/uv.toml"))
    home = Path(environ.get("HOME") or Path.home())
    yield Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "uv/uv.toml"


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _indexes(tables: object, environ: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield the URL of each ``[[index]]`` and whether it is the default. Explicit ones serve only their packages."""
    for table in tables if isinstance(tables, list) else []:
        if isinstance(table, dict) and isinstance(table.get("url"), str) and not table.get("explicit"):
            yield _with_credentials(table["url"], str(table.get("name", "")), environ), bool(table.get("default"))


def _named(index: str, environ: Mapping[str, str]) -> str:
    """Return the URL of ``NAME=URL`` or ``URL``."""
    named = re.fullmatch(r"([\w.-]+)=(.+)", index)
    return _with_credentials(named[2], named[1], environ) if named else index


def _with_credentials(url: str, name: str, environ: Mapping[str, str]) -> str:
    prefix = f"UV_INDEX_{re.sub(r'[^A-Z0-9]', '_', name.upper())}"
    user, password = environ.get(f"{prefix}_USERNAME", ""), environ.get(f"{prefix}_PASSWORD", "")
    if not name or not (user or password):
        return url
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(user, safe='')}:{quote(password, safe='')}@{host}"))


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]
