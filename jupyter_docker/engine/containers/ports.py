"""Where a container's published ports are reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - read from the engine, not bound to


def urls_of(attrs: Mapping[str, Any]) -> dict[str, str]:
    """Return for each published port ("80/tcp") its URL on this machine, from what ``inspect`` says."""
    published = (attrs.get("NetworkSettings") or {}).get("Ports") or {}
    return {port: _url(port, bindings[0]) for port, bindings in published.items() if bindings}


def _url(port: str, binding: Mapping[str, str]) -> str:
    address = binding.get("HostIp", "")
    host = "localhost" if address in _EVERYWHERE else f"[{address}]" if ":" in address else address
    place = f"{host}:{binding['HostPort']}"
    return f"http://{place}" if port.endswith("/tcp") else f"udp://{place}"
