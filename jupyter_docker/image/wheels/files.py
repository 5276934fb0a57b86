"""The wheel of each pin that an image installs, and its URL: by uv's answer and the tags of the image's platform."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias
from urllib.parse import unquote, urlsplit

from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from jupyter_docker.freeze import IndexSettings, LockInputs, resolve
from jupyter_docker.values import LockError, Pin

# The C library of the base images' releases: wheels say which one they need. https://wiki.debian.org/DebianReleases
_GLIBC = {
    "buster": 28, "bullseye": 31, "bookworm": 36, "trixie": 41, "forky": 42,
    "bionic": 27, "focal": 31, "jammy": 35, "noble": 39, "plucky": 41,
}  # fmt: skip
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
FileKind: TypeAlias = Literal["wheels", "sdist"]
_LEGACY = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}


@dataclass(frozen=True, kw_only=True)
class WheelFile:
    """A wheel or a source distribution; ``digest`` is its SHA-256 (64 hex), ``url`` may hold a password."""

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


@dataclass(frozen=True, kw_only=True)
class Index:
    """The indexes, and the image that files are wanted for.

    Where its ``release`` of Debian or Ubuntu is not known all wheels that it may install are found.
    """

    settings: IndexSettings
    interpreter: Path
    python_version: str
    platform: str
    release: str = ""

    def wheels(self, pins: Sequence[Pin]) -> tuple[WheelFile, ...]:
        """Return the wheel of each pin that the image installs; raises LockError.

        Of a pin without hashes it is whatever the index has.
        """
        wanted = [pin for pin in pins if pin.wheel is None and not pin.from_source]
        return tuple(self._files(wanted, "wheels")) if wanted else ()

    def sources(self, pins: Sequence[Pin]) -> tuple[WheelFile, ...]:
        """Return the source distributions of those pins that the image builds; raises LockError."""
        wanted = [pin for pin in pins if pin.from_source]
        return tuple(self._files(wanted, "sdist")) if wanted else ()

    def resolved(self, requirements: Sequence[str]) -> tuple[WheelFile, ...]:
        """Return wheels of the requirements and of what those need; raises LockError."""
        packages = self._asked(tuple(requirements), exact=False) if requirements else []
        tags = image_tags(self.python_version, self.platform, self.release)
        return tuple(each for package in packages for each in _best(list(_found(package, "wheels")), tags))

    def _files(self, pins: Sequence[Pin], kind: FileKind) -> Iterator[WheelFile]:
        wanted = {pin.name: pin for pin in pins}
        lines = tuple(f"{pin.name}=={pin.version}" for pin in pins)
        tags = image_tags(self.python_version, self.platform, self.release)
        for package in self._asked(lines, exact=True, from_source=kind == "sdist"):
            pin = wanted.pop(canonicalize_name(package["name"]), None)
            files = [each for each in _found(package, kind) if pin is not None and _is_locked(pin, each)]
            if pin is not None and not files:
                raise _changed(pin)
            yield from _best(files, tags)

    def _asked(self, requirements: tuple[str, ...], *, exact: bool, from_source: bool = False) -> list[dict[str, Any]]:
        inputs = LockInputs(
            requirements=requirements, python_version=self.python_version, platform=self.platform, exact=exact,
            from_source=from_source,
        )  # fmt: skip
        answer = resolve(inputs, self.settings, interpreter=self.interpreter)
        return list(answer.get("packages", ()))


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


def _found(package: dict[str, Any], kind: FileKind) -> Iterator[WheelFile]:
    for wheel in package.get("wheels", ()) if kind == "wheels" else [package.get("sdist", {})]:
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
