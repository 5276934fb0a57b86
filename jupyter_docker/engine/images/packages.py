"""The packages of an image: Python's as its own Python lists them, Debian's as they stand in dpkg's record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from email.parser import HeaderParser
from typing import Any

from packaging.utils import canonicalize_name

from jupyter_docker.engine.connection.engine import Engine
from jupyter_docker.engine.files.contents import read_image_file
from jupyter_docker.engine.files.unpacking import printable
from jupyter_docker.engine.images.base_system import printed_by_python
from jupyter_docker.values import EngineError, Image, ImagePackages, InstalledPackage, MissingError

_MAX_RECORD = 2**26  # bytes of dpkg's; that of a system with all of TeX has 2**23
_MAX_PACKAGES = 100_000
_MAX_TEXT = 256  # characters of a name or a version
_RELEASE_FILES = ("/usr/lib/os-release", "/etc/os-release")  # the second is a link to the first, if that is there
_NO_PROGRAM = re.compile(r"executable file.*not found|no such file or directory", re.IGNORECASE | re.DOTALL)
_NOT_THERE = frozenset({"not-installed", "config-files"})  # states of packages that were removed; see dpkg(1)

# Printed by the image's own Python, which looks where an import would, but not in the working directory.
_QUESTION = """
import sys
sys.path[:] = [entry for entry in sys.path if entry]
import json
from importlib.metadata import distributions
found = []
for each in distributions():
    try:
        found.append([each.metadata["Name"], each.version])
    except Exception:
        pass
json.dump(found, sys.stdout)
"""


def image_packages(engine: Engine, image: Image) -> ImagePackages:
    """Return the packages of the image, without a network; what can't be listed is named in ``unread``.

    What an image says of itself is anyone's word: it is bounded, and all of it can be printed. Raises EngineError.
    """
    python, record, release = _python_list(engine, image), _dpkg_record(engine, image), _release(engine, image)
    unread = [what for what, found in (("Python packages", python), ("Debian packages", record)) if found is None]
    packages = [*_python_packages(python or []), *_debian_packages(record or "")]
    if len(packages) > _MAX_PACKAGES:
        raise EngineError(f"'{image.reference}' claims to have {len(packages):,} packages, which is too many.")
    return ImagePackages(
        packages=tuple(packages),
        system=_text(release.get("ID")) or "debian",
        system_version=_text(release.get("VERSION_ID")),
        unread=tuple(unread),
    )


def _python_list(engine: Engine, image: Image) -> list[Any] | None:
    """Return pairs of a name and a version, in the order of sys.path; None where there is no Python."""
    what = f"list the Python packages of '{image.reference}'"
    for program in ("python", "python3"):
        try:
            found = json.loads(printed_by_python(engine, image, _QUESTION, what, program=program))
        except EngineError as error:
            if not _NO_PROGRAM.search(str(error.__cause__ or "")):  # the engine's own words
                raise
        except (ValueError, RecursionError) as error:
            raise EngineError(f"Could not {what}: its Python printed something else.") from error
        else:
            return found if isinstance(found, list) else []
    return None


def _dpkg_record(engine: Engine, image: Image) -> str | None:
    try:
        found = read_image_file(engine, image.id, "/var/lib/dpkg/status", max_size=_MAX_RECORD)
    except MissingError:
        return None
    return found.decode("utf-8", "replace")


def _release(engine: Engine, image: Image) -> dict[str, str]:
    """Return what the image's os-release says; nothing where it has none."""
    for path in _RELEASE_FILES:
        try:
            text = read_image_file(engine, image.id, path, max_size=2**16).decode("utf-8", "replace")
        except MissingError:
            continue
        pairs = (line.partition("=") for line in text.splitlines())
        return {name: value.strip("\"'") for name, _, value in pairs}
    return {}


def _python_packages(found: Iterable[Any]) -> Iterator[InstalledPackage]:
    """Yield of each name the first, which is the one that is imported."""
    seen = set()
    for pair in found:
        name, version = map(_text, pair) if isinstance(pair, list) and len(pair) == 2 else ("", "")  # noqa: PLR2004
        if name and version and (key := canonicalize_name(name)) not in seen:
            seen.add(key)
            yield InstalledPackage(kind="pypi", name=name, version=version)


def _debian_packages(record: str) -> Iterator[InstalledPackage]:
    """Yield what dpkg's record says to be there, each name once an architecture."""
    seen = set()
    for paragraph in record.split("\n\n"):
        fields = HeaderParser().parsestr(paragraph.lstrip("\n"))
        name, version, architecture = (_text(fields[key]) for key in ("Package", "Version", "Architecture"))
        state = str(fields["Status"] or "").split()[-1:]
        is_there = bool(name and version) and not _NOT_THERE.intersection(state)
        if is_there and (name, architecture) not in seen:
            seen.add((name, architecture))
            yield InstalledPackage(kind="deb", name=name, version=version, architecture=architecture)


def _text(value: object) -> str:
    """Return a text of the image's as it can be shown: short, and nothing in it steers a terminal."""
    whole = value.strip()[:_MAX_TEXT].encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else ""
    return printable(whole)[:_MAX_TEXT]
