"""What the engine says of the layers that it pulls or pushes, as events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from jupyter_docker.values.events import Emit, Progress

_DONE = frozenset({"Pull complete", "Pushed", "Already exists", "Layer already exists", "Download complete"})
_CACHED = frozenset({"Already exists", "Layer already exists"})


class TransferError(Exception):
    """The transfer failed, in the engine's words."""


def follow(lines: Iterable[Mapping[str, Any]], step: Literal["pull", "push"], emit: Emit) -> dict[str, Any]:
    """Emit a Progress for each line about a layer; returns the ``aux`` object (``Tag``, ``Digest``, ``Size``).

    ``lines`` is the stream of the API's ``/images/create`` or ``/images/{name}/push``. Raises TransferError.
    """
    aux: dict[str, Any] = {}
    for line in lines:
        if "error" in line:
            raise TransferError((line.get("errorDetail") or {}).get("message") or line["error"])
        aux.update(line.get("aux") or {})
        # A line without progress and with an id names the tag ("Pulling from library/python").
        if "id" in line and "progressDetail" in line:
            emit(_progress(line, step))
    return aux


def _progress(line: Mapping[str, Any], step: Literal["pull", "push"]) -> Progress:
    status, detail = line["status"], line["progressDetail"] or {}
    # "Extracting" counts in seconds where the layers are unpacked by containerd.
    in_bytes = detail.get("units", "bytes") == "bytes" and "current" in detail
    return Progress(
        step=step,
        item=line["id"],
        label=f"{status} {line['id']}",
        current=detail.get("current"),
        total=detail.get("total"),
        unit="bytes" if in_bytes else "items",
        done=status in _DONE,
        cached=status in _CACHED,
    )
