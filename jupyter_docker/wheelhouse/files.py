"""Which wheel of each pin an image installs, and where it is: uv's answer, and the tags of the image's platform."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from jupyter_docker.errors import LockError
from jupyter_docker.freeze import IndexSettings
from jupyter_docker.freeze.resolver import Question, resolve
from jupyter_docker.models import Pin

# The C library of the base images' releases: wheels say which one they need. https://wiki.debian.org/DebianReleases
_GLIBC = {
    "buster": 28, "bullseye": 31, "bookworm": 36, "trixie": 41, "forky": 42,
    "bionic": 27, "focal": 31, "jammy": 35, "noble": 39, "plucky": 41,
}  # fmt: skip
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
_LEGACY = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}


@dataclass(frozen=True, kw_only=True)
class WheelFile:
    """A wheel on an index; ``digest`` is its SHA-256 (64 hex), ``url`` may hold a password."""

    name: str
    version: str
    filename: str
    digest: str
    size: int = 0
    url: str = field(default="", repr=False)

    @property
    def tags(self) -> frozenset[Tag]:
        """The tags of its file name; none where that is no wheel's."""
        try:
            return parse_wheel_filename(self.filename)[3]
        except InvalidWheelFilename:
            return frozenset()


def find_wheels(
    pins: Sequence[Pin], settings: IndexSettings, *, interpreter: Path, python_version: str, platform: str, release: str
) -> tuple[WheelFile, ...]:
    """Return the wheel of each pin that the image installs; of those without hashes whatever the index has.

    Where the image's ``release`` of Debian or Ubuntu is not known it is all that it may install. Raises LockError.
    """
    wanted = {pin.name: pin for pin in pins if pin.wheel is None}
    if not wanted:
        return ()
    asked = tuple(f"{pin.name}=={pin.version}" for pin in wanted.values())
    question = Question(requirements=asked, python_version=python_version, platform=platform, exact=True)
    answer = resolve(question, settings, interpreter=interpreter)
    tags = image_tags(python_version, platform, release)
    found: list[WheelFile] = []
    for package in answer.get("packages", ()):
        pin = wanted.pop(canonicalize_name(package["name"]), None)
        wheels = [each for each in _wheels(package) if pin is not None and _is_locked(pin, each)]
        if pin is not None and not wheels:
            raise _changed(pin)
        found += _best(wheels, tags)
    return tuple(found)


def image_tags(python_version: str, platform: str, release: str) -> dict[Tag, int]:
    """Return the tags that Python takes in an image, the best first; none where the image's C library is not known."""
    machine, glibc = _MACHINES.get(platform.split("/")[1], ""), _GLIBC.get(release, 0)
    if not machine or not glibc:
        return {}
    platforms: list[str] = []
    for minor in range(glibc, 4, -1):
        platforms += [f"manylinux_2_{minor}_{machine}", *([f"{_LEGACY[minor]}_{machine}"] if minor in _LEGACY else [])]
    platforms.append(f"linux_{machine}")
    major, second = (int(part) for part in python_version.split(".")[:2])
    tags = [
        *cpython_tags((major, second), [f"cp{major}{second}"], platforms),
        *compatible_tags((major, second), f"cp{major}{second}", platforms),
    ]
    return {tag: rank for rank, tag in reversed(list(enumerate(tags)))}


def _wheels(package: dict[str, Any]) -> Iterator[WheelFile]:
    for wheel in package.get("wheels", ()):
        url, digest = str(wheel.get("url", "")), wheel.get("hashes", {}).get("sha256", "")
        filename = wheel.get("name") or unquote(urlsplit(url).path).rpartition("/")[2]
        if url.startswith(("http://", "https://")) and digest:
            yield WheelFile(
                name=canonicalize_name(package["name"]), version=package.get("version", ""), filename=filename, url=url,
                digest=digest, size=int(wheel.get("size") or 0),
            )  # fmt: skip


def _is_locked(pin: Pin, wheel: WheelFile) -> bool:
    return not pin.hashes or f"sha256:{wheel.digest}" in pin.hashes


def _best(wheels: Sequence[WheelFile], ranks: dict[Tag, int]) -> Sequence[WheelFile]:
    taken = [each for each in wheels if each.tags & ranks.keys()]
    return [min(taken, key=lambda each: min(ranks[tag] for tag in each.tags if tag in ranks))] if taken else wheels


def _changed(pin: Pin) -> LockError:
    return LockError(
        f"The package index has no file of '{pin.name}' {pin.version} any more that the lock has the hash of.",
        hint="Freeze again; if that is no change of yours, find out why the index has another file.",
    )
