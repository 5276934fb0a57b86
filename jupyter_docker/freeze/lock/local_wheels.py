"""Wheels for what no package index has: packed from what is installed, or from what that is a link to."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from packaging.utils import canonicalize_name

from jupyter_docker.freeze.lock.installed_wheel import Installed, find_installed, pack, wheel_name
from jupyter_docker.freeze.lock.redaction import redacted_urls
from jupyter_docker.freeze.lock.source_wheel import linked_distribution
from jupyter_docker.values import Distribution, Emit, LockError, PythonEnvironment, Warned
from jupyter_docker.values import disk_cache as cache

_LARGE = 100_000_000  # bytes
_MACHINES = {"linux/amd64": "linux-x86_64", "linux/arm64": "linux-aarch64"}


@dataclass(frozen=True, kw_only=True)
class LocalWheel:
    """A wheel in the cache; ``origin`` says where its content came from, without folders of this machine."""

    name: str
    path: Path
    origin: str

    @property
    def digest(self) -> str:
        """Its hash as in a lock."""
        return f"sha256:{hashlib.sha256(self.path.read_bytes()).hexdigest()}"


def local_wheel(distribution: Distribution, environment: PythonEnvironment, *, platform: str, emit: Emit) -> LocalWheel:
    """Return the wheel of what is installed, for ``platform`` ("linux/amd64").

    Raises LockError where it can't be made, is too large to be made, or would not run there.
    """
    name = canonicalize_name(distribution.name)
    if distribution.editable is not None:
        path = _linked(distribution, distribution.editable, environment, emit)
        any_platform = path.name.endswith("-any.whl")
    else:
        installed = find_installed(name, environment.path)
        if installed is None or not installed.tags or (installed.by_conda and not installed.any_platform):
            raise _unknown(distribution, by_conda=installed is not None and installed.by_conda)
        any_platform = installed.any_platform
        path = _packed(distribution, installed, emit)
    if not any_platform and environment.platform != _MACHINES.get(platform, environment.platform):
        raise LockError(
            f"'{name}' {distribution.version} is on no package index, and what is installed here is for "
            f"{environment.platform}, not for {platform}.",
            hint=f"Freeze on such a machine, or install a release of it: %pip install {name}",
        )
    return LocalWheel(name=name, path=path, origin=_origin(distribution))


def _packed(distribution: Distribution, installed: Installed, emit: Emit) -> Path:
    if installed.size > _LARGE:
        what = f"'{distribution.name}' {distribution.version} is packed from what is installed here"
        hint = "If an index has it, add that to pip's configuration: pip config set global.extra-index-url URL"
        emit(Warned(step="freeze", message=f"{what}: {installed.size / 10**6:,.0f} MB.", hint=hint))
    key = cache.digest(installed.state())
    return cache.kept_file("wheels", key, wheel_name(installed), lambda target: pack(installed, target))


def _linked(distribution: Distribution, project: Path, environment: PythonEnvironment, emit: Emit) -> Path:
    if not project.is_dir():
        raise LockError(
            f"'{distribution.name}' is installed editable from a folder that is not there: '{project}'.",
            hint="Install it again from where it is now.",
        )
    linked = linked_distribution(distribution, project, environment, emit)
    return cache.kept_file("wheels", cache.digest("linked", linked.state()), linked.wheel_name, linked.pack)


def _origin(distribution: Distribution) -> str:
    """Return the repository and commit, or the file's name: neither folders of this machine nor credentials."""
    origin = redacted_urls(distribution.origin)
    if re.match(r"(\w+\+)?file:", origin):
        return unquote(origin.rstrip("/").rpartition("/")[2])
    return origin or "what is installed"


def _unknown(distribution: Distribution, *, by_conda: bool) -> LockError:
    if distribution.origin.startswith("conda:"):
        return LockError(
            f"'{distribution.name}' {distribution.version} is only known to conda: it came without the metadata that "
            "says which package of an index it is.",
            hint=f"Install it with pip in the kernel, where an index has it: %pip install {distribution.name}",
        )
    source = redacted_urls(distribution.origin)
    origin = "is conda's own build" if by_conda else f"came from '{source}'" if source else "has no record of its files"
    return LockError(
        f"'{distribution.name}' {distribution.version} {origin}, and no package index has that version.",
        hint=f"Install a release of it in the kernel: %pip install --force-reinstall {distribution.name}; or, where it "
        "is on another index, add that to pip's configuration (pip config set global.extra-index-url URL).",
    )
