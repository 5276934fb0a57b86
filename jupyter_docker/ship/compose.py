"""Docker Compose: one service that runs once.

Its file: https://github.com/compose-spec/compose-spec/blob/main/spec.md
"""

from __future__ import annotations

import shlex
from typing import Any

import yaml

from jupyter_docker.ship.shipment import Shipment, Shipped, ShippedMount
from jupyter_docker.values import Port


def compose(shipment: Shipment) -> Shipped:
    """Return compose.yaml; whoever runs it is the container's user by RUN_AS, since a shell does not export UID."""
    service: dict[str, Any] = {
        "image": str(shipment.image),
        "command": list(map(_literal, shipment.arguments)) or None,
        "user": "${RUN_AS:-" + shipment.user + "}",
        "init": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "environment": _environment(shipment) or None,
        "volumes": [_volume(mount) for mount in shipment.mounts] or None,
        "ports": [_port(port) for port in shipment.ports] or None,
        "mem_limit": shipment.limits.memory,
        "cpus": shipment.limits.cpus,
        "pids_limit": shipment.limits.pids,
        "shm_size": shipment.limits.shared_memory,
        "deploy": _gpus(shipment.gpus),
    }
    document = {"name": shipment.name, "services": {shipment.name: _without_none(service)}}
    steps = ["docker compose pull"] if shipment.image.digest else []
    if shipment.writes:
        made = shlex.join(mount.source for mount in shipment.mounts if not mount.read_only and not mount.is_file)
        steps.append(f"mkdir -p {made}" if made else "")
    steps.append('RUN_AS="$(id -u):$(id -g)" docker compose up')
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    return Shipped(files={"compose.yaml": text}, steps=tuple(filter(None, steps)))


def _environment(shipment: Shipment) -> dict[str, str]:
    """Return the variables; $ is Compose's own sign, and a secret must be set where Compose is run."""
    values = {name: _literal(value) for name, value in shipment.variables.items()}
    return values | {name: "${" + f"{name}:?Set {name} first: it is a secret" + "}" for name in shipment.secrets}


def _literal(text: str) -> str:
    """Return what Compose reads as ``text``: it would put variables of who runs it in place of their names."""
    return text.replace("$", "$$")


def _volume(mount: ShippedMount) -> dict[str, Any]:
    bind = {"create_host_path": False}
    return {
        "type": "bind",
        "source": _literal(mount.source),
        "target": _literal(str(mount.target)),
        "read_only": mount.read_only,
        "bind": bind,
    }


def _port(port: Port) -> str:
    host = f"{port.address}:{port.host or ''}"
    return f"{host}:{port.container}/{port.protocol}"


def _gpus(gpus: str) -> dict[str, Any] | None:
    if not gpus:
        return None
    device: dict[str, Any] = {"driver": "nvidia", "capabilities": ["gpu"]}
    if gpus.startswith("device="):
        device["device_ids"] = gpus.removeprefix("device=").split(",")
    else:
        device["count"] = "all" if gpus == "all" else int(gpus)
    return {"resources": {"reservations": {"devices": [device]}}}


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
