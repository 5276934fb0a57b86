"""Provenance: what the stamps of two notebooks say of the environments and the data that made their outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from jupyter_docker.notebook import METADATA_KEY
from jupyter_docker.values import STAMP_KEY, Stamp


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What is other than it was: ``environment`` in words, ``data`` by path.

    ``known`` is whether both notebooks say what made them: only then does nothing named mean that nothing changed.
    """

    environment: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    known: bool = False


def stamp_of(notebook: Mapping[str, Any]) -> Stamp | None:
    """Return the stamp in the notebook's metadata, None where it has none."""
    metadata = notebook.get("metadata")
    own = metadata.get(METADATA_KEY) if isinstance(metadata, Mapping) else None
    return Stamp.from_json(own.get(STAMP_KEY)) if isinstance(own, Mapping) else None


def provenance_of(saved: Mapping[str, Any], new: Mapping[str, Any]) -> Provenance:
    """Return what changed between what made the one notebook's outputs and the other's."""
    one, other = stamp_of(saved), stamp_of(new)
    if one is None or other is None:
        return Provenance(environment=tuple(_python_change(saved, new)))
    return Provenance(
        environment=tuple(environment_changes(one, other)), data=tuple(_data_changes(one, other)), known=True
    )


def environment_changes(one: Stamp, other: Stamp) -> Iterator[str]:
    """Yield what differs between two environments: "pandas 2.1.4 → 2.3.0"."""
    if one.python != other.python:
        yield f"Python {one.python or '?'} → {other.python or '?'}"
    named = False
    for name in {**one.packages, **other.packages}:
        before, after = one.packages.get(name, "none"), other.packages.get(name, "none")
        if before != after:
            named = True
            yield f"{name} {before} → {after}"
    if one.lock != other.lock and not named and one.python == other.python:
        yield "packages that others need"
    if one.base and other.base and one.base != other.base:
        yield "the base image"


def _data_changes(one: Stamp, other: Stamp) -> Iterator[str]:
    for path in {**one.data, **other.data}:
        if one.data.get(path) != other.data.get(path):
            yield path


def _python_change(saved: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Yield that of Python alone, which Jupyter keeps in every notebook that ran."""
    before, after = _language_version(saved), _language_version(new)
    if before and after and before != after:
        yield f"Python {before} → {after}"


def _language_version(notebook: Mapping[str, Any]) -> str:
    info = notebook.get("metadata", {}).get("language_info")
    version = info.get("version") if isinstance(info, Mapping) else None
    return version if isinstance(version, str) else ""


def day_of(notebook: Mapping[str, Any]) -> date | None:
    """Return the day when the notebook ran, as far as its stamp says."""
    stamp = stamp_of(notebook)
    try:
        return datetime.fromisoformat(stamp.time).date() if stamp else None
    except ValueError:
        return None
