"""The stamp of a run: digests of what made a notebook's outputs, small enough to be kept in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from jupyter_docker.engine import Engine
from jupyter_docker.values import PROJECT_ROOT, Image, Mount, Recipe, Requirements, Stamp

MAX_PACKAGES: Final = 32
MAX_DATA: Final = 12
_MAX_HASHED = 2 * 2**30  # bytes of one file or folder; of more, names and sizes count
_REST = "(the rest)"


def make_stamp(
    recipe: Recipe, mounts: Iterable[Mount], *, python: str, image: Image | None = None, engine: Engine | None = None
) -> Stamp:
    """Return the stamp of outputs that are made now.

    Args:
        recipe: What is in the image, or would be.
        mounts: What the run has mounted; what is only read is data.
        python: The version that runs the notebook.
        image: The image; None where no container made the outputs, which leaves out the base image, too.
        engine: That ran it.
    """
    pins = {pin.name: pin.version for pin in recipe.requirements.pins if pin.direct}
    return Stamp(
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        python=python,
        lock=lock_digest(recipe.requirements),
        packages=dict(sorted(pins.items())[:MAX_PACKAGES]),
        data=_limited(dict(data_digests(mounts))),
        image=image.id if image else "",
        base=str(recipe.base) if image else "",
        engine=engine.version if engine else "",
    )


def lock_digest(requirements: Requirements) -> str:
    """Return the digest of all pins and system packages, whatever needs them and wherever they come from."""
    pins = sorted((pin.name, pin.version, *sorted(pin.extras)) for pin in requirements.pins)
    system = sorted({package.name for package in requirements.system})
    return _digest(json.dumps([pins, system]).encode())


def data_digests(mounts: Iterable[Mount]) -> Iterator[tuple[str, str]]:
    """Yield the path in the container, and the digest, of each file or folder that is only read."""
    for mount in mounts:
        source = Path(mount.source)
        if mount.kind == "bind" and mount.read_only and source.exists():
            target = mount.target
            name = target.relative_to(PROJECT_ROOT) if target.is_relative_to(PROJECT_ROOT) else target
            yield str(name), _content_digest(source)


def _limited(data: dict[str, str]) -> dict[str, str]:
    """Return at most `MAX_DATA` entries, the last of which stands for all others."""
    if len(data) <= MAX_DATA:
        return data
    items = sorted(data.items())
    return {**dict(items[: MAX_DATA - 1]), _REST: _digest(json.dumps(items[MAX_DATA - 1 :]).encode())}


def _content_digest(source: Path) -> str:
    """Return the digest of a file's bytes, or of a folder's names and bytes; links are not followed."""
    files = [source] if source.is_file() else sorted(path for path in source.rglob("*") if _is_plain(path))
    sizes = [path.stat().st_size for path in files]
    total = hashlib.sha256()
    for path, size in zip(files, sizes, strict=True):
        name = path.relative_to(source).as_posix()
        total.update(f"{name}\0{size}\0".encode(errors="surrogateescape"))
        if sum(sizes) <= _MAX_HASHED:
            total.update(_bytes_digest(path))
    return f"sha256:{total.hexdigest()}"


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _bytes_digest(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError:  # that this user can't read
        return b""


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
