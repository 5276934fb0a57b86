"""pip's settings: its configuration files and variables, in pip's order of precedence.

Sources: https://pip.pypa.io/en/stable/topics/configuration/ and pip's own files, read as pip does (no interpolation).
"""

from __future__ import annotations

import configparser
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import platformdirs

_SECTIONS = ("global", "install")  # the second overrides the first, in whichever file


def read_pip_settings(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the options of ``pip install``, named as on its command line ("index-url"). Unreadable files are none."""
    settings: dict[str, dict[str, str]] = {section: {} for section in _SECTIONS}
    for path in _files(environ):
        for section, options in _read(path).items():
            if section in settings:
                settings[section].update(options)
    variables = {
        name[4:].lower().replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith("PIP_") and value and name not in ("PIP_CONFIG_FILE", "PIP_VERSION")
    }
    return {**settings["global"], **settings["install"], **variables}


def _files(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield the files, the later the stronger: all users', the user's, the environment's, then PIP_CONFIG_FILE."""
    chosen = environ.get("PIP_CONFIG_FILE", "")
    if chosen == os.devnull:
        return
    name = "pip.ini" if sys.platform == "win32" else "pip.conf"
    yield from (folder / name for folder in _site_folders(environ))
    home = Path(environ.get("HOME") or Path.home())
    yield home / ("pip" if sys.platform == "win32" else ".pip") / name
    yield _user_folder(environ, home) / name
    yield Path(sys.prefix, name)
    if chosen:
        yield Path(chosen)


def _site_folders(environ: Mapping[str, str]) -> Iterator[Path]:
    if sys.platform in ("win32", "darwin"):
        yield platformdirs.site_config_path("pip", appauthor=False)
        return
    folders = environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    yield from (Path(folder, "pip") for folder in folders.split(os.pathsep) if folder)
    yield Path("/etc")


def _user_folder(environ: Mapping[str, str], home: Path) -> Path:
    if sys.platform == "win32":
        return platformdirs.user_config_path("pip", appauthor=False, roaming=True)
    own = home / "Library/Application Support/pip"
    if sys.platform == "darwin" and own.is_dir():
        return own
    return Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip"


def _read(path: Path) -> dict[str, dict[str, str]]:
    parser = configparser.RawConfigParser()
    try:
        parser.read(path, encoding="utf-8-sig")
        return {
            section: {name.lower().replace("_", "-").removeprefix("--"): value for name, value in parser.items(section)}
            for section in parser.sections()
        }
    except (configparser.Error, OSError, UnicodeDecodeError):
        return {}
