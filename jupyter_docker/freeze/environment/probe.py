"""Distributions of the Python that runs this: a script of the standard library alone, for Python 3.8 and later.

``environment.py`` runs it in the interpreter to be frozen, without ``-I`` or ``-s``, so that ``PYTHONPATH`` and the
user's site-packages count as they do for a kernel; in a kernel's own process it calls `describe`. Names come from what
each distribution recorded (RECORD and its elders), never from guessing.
"""

# os.path, which is several times faster: there are thousands of files to look at.
# ruff: noqa: PTH113, PTH116, PTH117, PTH118, PTH120, PTH208

from __future__ import annotations

import sys

if __name__ == "__main__":  # a kernel imports neither from this folder nor from the one this was started in
    sys.path[:] = [entry for entry in sys.path if entry and entry != __file__[: -len("/probe.py")]]

import ast
import csv
import email.parser
import json
import os
import platform
import re
import site
import sysconfig
from collections import Counter, defaultdict
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from email.message import Message

_CODE = re.compile(r"([^\W\d]\w*)(?:\.py|(?:\.[\w-]+)*\.(?:so|pyd))")
_SHARES_ITS_NAME = re.compile(r"declare_namespace|extend_path")
_SCRIPT = re.compile(r"(?:\.\./)+(?:bin|Scripts)/[^/]+")
_MAX_SHARED_INIT = 2000  # bytes; a longer __init__.py does more than share its name
_MAX_DEPTH = 5
_SCRIPTS = ("console_scripts", "gui_scripts")
_PLUGINS = ("fsspec.specs", "sqlalchemy.dialects", "xarray.backends")


def describe(path: list[str]) -> dict[str, Any]:
    """Return this Python and the distributions on ``path`` as JSON; the first of a name wins, as on import.

    What lies in the working folder, which a kernel has as a relative entry, was not installed by that.
    """
    found: dict[str, tuple[metadata.Distribution, Message]] = {}
    for distribution in metadata.distributions(path=[entry for entry in path if os.path.isabs(entry)]):
        header = _header(distribution)
        if header["Name"]:
            found.setdefault(re.sub(r"[-_.]+", "-", header["Name"]).lower(), (distribution, header))
    names = {key: Names(distribution) for key, (distribution, _) in found.items()}
    claims = Counter(name for each in names.values() for name in each.modules)
    shared = {name for name, count in claims.items() if count > 1}
    return {
        "python_version": platform.python_version(),
        "implementation": sys.implementation.name,
        "platform": f"{sys.platform}-{platform.machine()}",
        "executable": sys.executable,
        "stdlib": sorted(_stdlib()),
        "path": path,
        "user_site": site.getusersitepackages() if site.ENABLE_USER_SITE else "",
        "distributions": [
            *(_as_json(*found[key], names[key], shared) for key in sorted(found)),
            *_of_conda_alone(sys.prefix, set(found), set(claims)),
        ],
    }


def _as_json(
    distribution: metadata.Distribution, header: Message, names: Names, shared: Collection[str]
) -> dict[str, Any]:
    origin, editable = _origin(distribution)
    points = list(_entry_points(distribution.read_text("entry_points.txt") or ""))
    return {
        "name": header["Name"],
        "version": header["Version"] or "",
        "modules": names.told_apart(shared),
        "scripts": sorted({*names.scripts, *(name for group, name in points if group in _SCRIPTS)}),
        "plugins": sorted(f"{group}:{name}" for group, name in points if group in _PLUGINS),
        "requires": header.get_all("Requires-Dist") or distribution.requires or [],
        "origin": origin,
        "editable": editable,
    }


def _of_conda_alone(prefix: str, found: set[str], claimed: set[str]) -> Iterator[dict[str, Any]]:
    """Yield what conda installed without pip's metadata, by its own: https://docs.conda.io/…/package-metadata.html."""
    for path in sorted(Path(prefix, "conda-meta").glob("*.json")):
        name = re.sub(r"[-_.]+", "-", path.stem.rsplit("-", 2)[0]).lower()
        text = "" if name in found else _text(str(path))
        if "site-packages/" not in text:
            continue
        recorded = json.loads(text)
        files = [each.partition("site-packages/")[2].split("/") for each in recorded.get("files", ())]
        modules = {_CODE.sub(r"\1", each[0]) for each in files if _is_module(each)} - claimed
        if modules:
            yield {
                "name": recorded["name"], "version": recorded["version"], "modules": sorted(modules), "scripts": [],
                "plugins": [], "requires": [], "origin": "conda:" + recorded["name"], "editable": "",
            }  # fmt: skip


def _is_module(parts: list[str]) -> bool:
    """Whether a file of site-packages is a module at the top, or makes its folder a package."""
    if len(parts) == 1:
        return bool(_CODE.fullmatch(parts[0]))
    return len(parts) == 2 and parts[0].isidentifier() and parts[1] == "__init__.py"  # noqa: PLR2004


def _header(distribution: metadata.Distribution) -> Message:
    """Return the fields of METADATA without its long description, which takes most of the time to parse."""
    text = next(filter(None, map(distribution.read_text, ("METADATA", "PKG-INFO", ""))), "")
    return email.parser.HeaderParser().parsestr(text.replace("\r\n", "\n").partition("\n\n")[0])


def _entry_points(text: str) -> Iterator[tuple[str, str]]:
    """Yield the group and name of each entry point."""
    group = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            group = line.strip("[] ")
        elif "=" in line and not line.startswith(("#", ";")):
            yield group, line.partition("=")[0].strip()


class Names:
    """The importable names that a distribution recorded: top-level ones, dotted below a namespace it shares.

    ``scripts`` are the programs that it recorded beside them.
    """

    def __init__(self, distribution: metadata.Distribution) -> None:
        self._base = str(distribution.locate_file(""))
        recorded = list(_recorded(distribution))
        self._files = [path.split("/") for path in recorded if not path.startswith(("/", ".."))]
        self.modules = set(self._below((), self._files))
        self.scripts = {path.split("/")[-1] for path in recorded if _SCRIPT.fullmatch(path)}
        for path in recorded:
            self.modules.update(_linked(os.path.join(self._base, path)))
        if not self.modules:
            top_level = (distribution.read_text("top_level.txt") or "").split()
            self.modules = {name for name in top_level if name.isidentifier()}

    def told_apart(self, shared: Collection[str]) -> list[str]:
        """Return the names, sorted; below one of ``shared`` those of the next level too, to tell its owners apart."""
        modules = set(self.modules)
        for name in self.modules.intersection(shared):
            parts = tuple(name.split("."))
            inside = [file for file in self._files if tuple(file[: len(parts)]) == parts]
            modules.update(self._below(parts, inside))
            if inside and self._init_size(parts) == 0:
                modules.discard(name)
        return sorted(modules)

    def _below(self, parent: tuple[str, ...], files: list[list[str]]) -> Iterator[str]:
        depth = len(parent)
        children: dict[str, list[list[str]]] = defaultdict(list)
        for file in files:
            if len(file) > depth:
                children[file[depth]].append(file)
        for child, inside in children.items():
            if len(inside[0]) == depth + 1:
                code = _CODE.fullmatch(child)
                if code and not code[1].startswith(("__init__", "__main__", "__editable__")):
                    yield ".".join((*parent, code[1]))
            elif child.isidentifier() and child != "__pycache__":
                yield from self._package((*parent, child), inside)

    def _package(self, parts: tuple[str, ...], files: list[list[str]]) -> Iterator[str]:
        depth = len(parts)
        regular = any(len(file) == depth + 1 and file[depth].startswith("__init__.") for file in files)
        if depth < _MAX_DEPTH and (not regular or self._only_shares(parts)):
            yield from self._below(parts, files)
        elif regular:
            yield ".".join(parts)

    def _init_size(self, parts: tuple[str, ...]) -> int | None:
        try:
            return os.stat(os.path.join(self._base, *parts, "__init__.py")).st_size
        except OSError:
            return None

    def _only_shares(self, parts: tuple[str, ...]) -> bool:
        size = self._init_size(parts)
        if not size or size > _MAX_SHARED_INIT:
            return False
        init = Path(self._base, *parts, "__init__.py")
        return bool(_SHARES_ITS_NAME.search(init.read_text(encoding="utf-8", errors="replace")))


def _recorded(distribution: metadata.Distribution) -> Iterator[str]:
    """Yield the installed files, relative to the folder on the path, with slashes."""
    record = distribution.read_text("RECORD")
    if record:
        for row in csv.reader(record.splitlines()):
            if row:
                yield row[0].replace("\\", "/")
    else:  # as setup.py install wrote it, relative to the .egg-info folder
        for line in (distribution.read_text("installed-files.txt") or "").splitlines():
            if line.startswith("../"):
                yield line[3:]


def _linked(path: str) -> Iterator[str]:
    """Yield the names that an editable install puts on the path by a .pth file or a finder."""
    if path.endswith(".pth"):
        for line in _text(path).splitlines():
            if line.strip() and not line.startswith(("#", "import ", "import\t")):
                yield from _in_folder(os.path.join(os.path.dirname(path), line.strip()))
    elif re.search(r"__editable___\w*_finder\.py$", path):
        mapping = re.search(r"^MAPPING\b[^=]*= (\{.*\})$", _text(path), re.MULTILINE)
        yield from ast.literal_eval(mapping[1]) if mapping else ()


def _in_folder(folder: str) -> Iterator[str]:
    try:
        children = sorted(os.listdir(folder))
    except OSError:
        return
    for child in children:
        code = _CODE.fullmatch(child)
        if code and code[1] not in ("setup", "conftest", "__init__"):
            yield code[1]
        elif child.isidentifier() and os.path.isfile(os.path.join(folder, child, "__init__.py")):
            yield child


def _origin(distribution: metadata.Distribution) -> tuple[str, str]:
    """Return the direct URL (PEP 610) of what came from no index, and the folder of an editable install."""
    installer = (distribution.read_text("INSTALLER") or "").strip()
    text = distribution.read_text("direct_url.json")
    folder = str(distribution.locate_file(""))
    if text is None and os.path.isfile(os.path.join(folder, "setup.py")):  # setup.py develop
        return "file://" + folder, folder
    if text is None or installer == "conda":  # conda's builders leave the URL of their own build folder
        return "", ""
    direct = json.loads(text)
    url, vcs = direct.get("url", ""), direct.get("vcs_info", {})
    if vcs:
        return f"{vcs.get('vcs')}+{url}@{vcs.get('commit_id')}", ""
    editable = direct.get("dir_info", {}).get("editable", False)
    return url, unquote(urlsplit(url).path) if editable else ""


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _stdlib() -> set[str]:
    names: frozenset[str] | None = getattr(sys, "stdlib_module_names", None)  # from Python 3.10 on
    if names:
        return set(names)
    folders = (sysconfig.get_path("stdlib"), sysconfig.get_config_var("DESTSHARED") or "")
    return {*sys.builtin_module_names, *(name for folder in folders for name in _in_folder(folder))}


if __name__ == "__main__":
    json.dump(describe(sys.path), sys.stdout)
